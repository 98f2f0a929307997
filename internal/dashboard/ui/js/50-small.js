// Small conveniences: copying, toasts, lists that are filtered as one types, forms that
// send themselves, and what htmx needs to know.
(() => {
  // A toast goes by itself, but not while somebody points at it or has the focus in it.
  const goes = (box) => {
    if (box.classList.contains("bad")) return;
    let timer;
    const stay = () => clearTimeout(timer);
    const go = () => { stay(); timer = setTimeout(() => box.remove(), 7000); };
    for (const event of ["pointerenter", "focusin"]) box.addEventListener(event, stay);
    for (const event of ["pointerleave", "focusout"]) box.addEventListener(event, go);
    go();
  };
  const toast = (text, bad) => {
    const region = document.getElementById("toasts");
    if (!region || !text) return;
    const box = document.createElement("div");
    box.className = bad ? "toast bad" : "toast";
    const words = document.createElement("span");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", "Close this message");
    box.append(words, close);
    region.append(box);
    goes(box);
  };
  window.parley.toast = toast;
  document.addEventListener("toast", (e) => toast(e.detail.text, e.detail.bad));
  document.addEventListener("click", async (e) => {
    const box = e.target.closest(".toast");
    if (box && e.target.closest("button")) box.remove();
    const copy = e.target.closest("[data-copy]");
    if (!copy) return;
    const text = copy.dataset.copy || document.getElementById(copy.dataset.copyFrom)?.textContent || "";
    try {
      await navigator.clipboard.writeText(text);
      toast("Copied.");
    } catch {
      toast("The browser does not let this page copy: select the text and copy it yourself.", true);
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    const region = document.getElementById("toasts");
    for (const box of region.children) goes(box);
    // What came with the page is put in once more: screen readers tell what is added.
    setTimeout(() => region.append(...region.children), 300);
  });

  // data-narrow="ID": what is typed narrows the list with that id to the items that hold it.
  document.addEventListener("input", (e) => {
    const list = e.target.dataset?.narrow && document.getElementById(e.target.dataset.narrow);
    if (!list) return;
    const words = e.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of list.querySelectorAll("[data-item]")) {
      const text = (item.dataset.item || item.textContent).toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of list.querySelectorAll("[data-items]")) group.hidden = !group.querySelector("[data-item]:not([hidden])");
  });

  // Filters are applied as soon as they are chosen.
  document.addEventListener("change", (e) => {
    if (e.target.matches?.("form[data-auto] select, form[data-auto] input[type=checkbox], form[data-auto] input[type=date]")) e.target.form.requestSubmit();
  });
  // A GET form leaves its empty fields out of the address.
  document.addEventListener("submit", (e) => {
    if (e.target.method !== "get") return;
    for (const field of e.target.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => { for (const field of e.target.elements) field.disabled = false; });
  });

  // Errors come as a toast, wherever the part that asked stands.
  document.addEventListener("htmx:sendError", (e) => "live" in e.target.dataset || toast("The server cannot be reached. Your change was not kept: try again.", true));
  document.addEventListener("htmx:responseError", (e) => {
    if (e.detail.xhr.getResponseHeader("HX-Trigger")) return;
    toast("Something went wrong. Try again, or load the page anew.", true);
  });
  // Form elements that are sent with the keyboard: Ctrl-Enter sends a text.
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches?.("textarea")) {
      e.preventDefault();
      e.target.form?.requestSubmit();
    }
  });
})();
