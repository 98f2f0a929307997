// Asking before what cannot be undone: a form says data-confirm="Delete the contact?",
// data-confirm-text and data-confirm-button.
(() => {
  document.addEventListener("submit", (e) => {
    const form = e.target, button = e.submitter;
    const asking = button?.dataset.confirm ? button : form;
    if (!asking.dataset.confirm || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    e.preventDefault();
    e.stopImmediatePropagation();
    const dialog = document.getElementById("confirm");
    dialog.querySelector("h2").textContent = asking.dataset.confirm;
    dialog.querySelector("p").textContent = asking.dataset.confirmText ?? "This cannot be undone.";
    dialog.querySelector("[value=yes]").textContent = asking.dataset.confirmButton ?? "Delete";
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "true";
      form.requestSubmit(button);
    }, { once: true });
    dialog.showModal();
  }, true);

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method === "get" || form.hasAttribute("hx-post") || e.defaultPrevented) return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "true";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });

  // Buttons that open a dialog: data-dialog="ID"; and those that close the one they are in.
  document.addEventListener("click", (e) => {
    const opener = e.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (e.target.closest("[data-close]")) e.target.closest("dialog")?.close();
    if (e.target instanceof HTMLDialogElement && e.target.open) { // on the ground beside it
      const box = e.target.getBoundingClientRect();
      if (e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom) e.target.close();
    }
  });

  // A menu opens below its button, or above it where there is no room.
  document.addEventListener("toggle", (e) => {
    const list = e.target;
    if (!(list instanceof HTMLElement) || !list.matches(".menu-list") || e.newState !== "open") return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(list.id)}"]`);
    if (!button) return;
    const at = button.getBoundingClientRect(), width = list.offsetWidth, height = list.offsetHeight;
    const below = at.bottom + 4 + height <= innerHeight || at.top < height;
    list.style.top = below ? `${at.bottom + 4}px` : "auto";
    list.style.bottom = below ? "auto" : `${innerHeight - at.top + 4}px`; // what loads its content grows away from the button
    list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    list.querySelector("input, a, button")?.focus({ preventScroll: true });
  }, true);
  document.addEventListener("keydown", (e) => {
    const list = e.target.closest?.(".menu-list");
    if (!list || !["ArrowDown", "ArrowUp"].includes(e.key)) return;
    e.preventDefault();
    const items = [...list.querySelectorAll("a, button, input")].filter((item) => item.offsetParent);
    const next = items.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
    items[(next + items.length) % items.length]?.focus();
  });
})();
