// Writing messages that are more than a text: the dialog, rows that come and go, and how
// far an upload is.
(() => {
  // The form comes into the dialog, which opens; when it was sent, it closes.
  document.addEventListener("htmx:afterSwap", (e) => {
    const dialog = document.getElementById("compose");
    if (!dialog || e.detail.target !== dialog) return;
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    if (!dialog.open) dialog.showModal();
  });
  document.addEventListener("sent", (e) => {
    const dialog = e.target.closest?.("#compose");
    if (!dialog) return;
    dialog.close();
    dialog.replaceChildren();
    window.parley.toast("Sent.");
  });

  // Rows: without this script there are always two empty ones. Names and ids of a row
  // hold its number, which need not be the next: the server sorts them.
  const button = (text, className, what) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    if (what) made.setAttribute("aria-label", what);
    return made;
  };
  const changed = (form) => form?.dispatchEvent(new Event("input", { bubbles: true }));
  const removable = (row) => {
    const remove = button("×", "button plain small icon-only row-remove", `Remove ${row.querySelector("legend")?.textContent ?? "this"}`);
    remove.addEventListener("click", () => {
      const form = row.closest("form");
      (row.nextElementSibling?.querySelector("input, select, textarea, button") ?? row.nextElementSibling)?.focus();
      row.remove();
      changed(form);
    });
    row.append(remove);
  };
  const renumber = (row, from, to) => {
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "aria-describedby", "list"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(name === "name" ? `[${from}]` : `-${from}-`, name === "name" ? `[${to}]` : `-${to}-`));
      }
    }
  };
  const repeat = (list) => {
    const rows = [...list.querySelectorAll(":scope > .field-row")];
    const spare = rows.at(-1);
    if (!spare || list.dataset.repeats) return;
    list.dataset.repeats = "true";
    let number = rows.length - 1;
    const label = (n) => spare.querySelector("legend").textContent.replace(/\d+$/, n);
    const pattern = spare.cloneNode(true), first = number;
    if (rows.length > 2) spare.remove(); // the one before it is empty, too
    for (const row of list.querySelectorAll(":scope > .field-row")) removable(row);
    const add = button(`Add a ${label("").trim().toLowerCase()}`, "button small row-add");
    add.addEventListener("click", () => {
      const row = pattern.cloneNode(true);
      renumber(row, first, ++number);
      row.querySelector("legend").textContent = label(number + 1);
      removable(row);
      add.before(row);
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    (list.querySelector(":scope > .field-row:last-of-type") ?? list.lastElementChild).after(add);
  };
  document.addEventListener("htmx:load", (e) => {
    const root = e.detail.elt;
    for (const form of root.matches?.("form[data-compose]") ? [root] : root.querySelectorAll?.("form[data-compose]") ?? []) {
      for (const list of form.querySelectorAll("fieldset.field:has(> .field-row)")) repeat(list);
    }
  });

  // Uploads tell how far they are.
  document.addEventListener("htmx:xhr:progress", (e) => {
    const progress = e.target.closest?.("[data-upload]")?.querySelector("progress");
    if (!progress || !e.detail.lengthComputable) return;
    progress.hidden = false;
    progress.value = 100 * e.detail.loaded / e.detail.total;
  });
})();
