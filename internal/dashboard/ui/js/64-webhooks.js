// Webhooks: a page that answered a form takes the address of what was made, what nobody
// sees is not asked for, and the picker of event types says how many are chosen.
(() => {
  const settle = () => {
    const told = document.querySelector("[data-address]");
    if (told) history.replaceState(null, "", told.dataset.address);
  };
  document.addEventListener("htmx:beforeRequest", (e) => {
    if (document.hidden && e.detail.elt.hasAttribute("data-poll")) e.preventDefault();
  });

  const tell = (picker) => {
    const said = picker.querySelector("[data-picked]");
    const chosen = [...picker.querySelectorAll("input[name=event_types]:checked")].map((box) => box.value);
    const types = [...picker.querySelectorAll(".picker-type input")].filter((box) => box.checked || box.closest(".picker-noun").querySelector("[data-noun]").checked);
    if (chosen.includes("*")) said.textContent = "Everything is chosen.";
    else if (types.length) said.textContent = types.length === 1 ? "1 type is chosen." : `${types.length} types are chosen.`;
    else said.textContent = chosen.length ? "Your own types are chosen." : "Nothing is chosen yet.";
  };
  document.addEventListener("change", (e) => {
    const picker = e.target.closest?.(".picker");
    if (picker) tell(picker);
  });
  // Types that are searched for are seen: the nouns that hold them open.
  document.addEventListener("input", (e) => {
    if (e.target.dataset?.narrow !== "types") return;
    const tree = document.getElementById("types");
    for (const details of tree.querySelectorAll("details")) {
      const chosen = details.querySelector("input:checked");
      details.open = Boolean(chosen) || Boolean(e.target.value.trim() && details.querySelector("[data-item]:not([hidden])"));
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    settle();
    for (const picker of document.querySelectorAll(".picker")) tell(picker);
  });
})();
