// The settings: a label is shown as it will look, and a custom field's key follows its
// name until somebody writes one.
(() => {
  const show = (form) => {
    const label = form.querySelector("[data-label-preview] .label");
    if (!label) return;
    label.querySelector(".clip").textContent = form.elements.name.value || "label";
    label.querySelector("circle").setAttribute("fill", form.elements.color.value);
  };
  const key = (name) => name.toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 60);
  document.addEventListener("input", (e) => {
    const form = e.target.form;
    if (!form) return;
    if (form.matches(".labels-form")) show(form);
    if (form.matches(".custom_fields-form") && form.elements.key) {
      if (e.target.name === "key") form.dataset.keyed = "true";
      if (e.target.name === "name" && !form.dataset.keyed) form.elements.key.value = key(e.target.value);
    }
  });
  document.addEventListener("click", (e) => {
    const swatch = e.target.closest("[data-colour]"), form = swatch?.closest("form");
    if (!form) return;
    form.elements.color.value = swatch.dataset.colour;
    show(form);
  });
})();
