// Lists whose rows are dragged into another order: data-sortable on a list in a form,
// which is sent as soon as a row is dropped.
(() => {
  let row;
  document.addEventListener("dragstart", (e) => {
    row = e.target.closest?.("[data-sortable] > [draggable=true]") ?? undefined;
    if (!row) return;
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", "");
    row.classList.add("dragged");
  });
  document.addEventListener("dragover", (e) => {
    const other = row && e.target.closest?.("[data-sortable] > [draggable=true]");
    if (!row || !e.target.closest?.("[data-sortable]")) return;
    e.preventDefault();
    if (!other || other === row || other.parentElement !== row.parentElement) return;
    const box = other.getBoundingClientRect();
    if (e.clientY > box.top + box.height / 2) other.after(row);
    else other.before(row);
  });
  document.addEventListener("drop", (e) => {
    if (!row || !e.target.closest?.("[data-sortable]")) return;
    e.preventDefault();
    row.closest("form").requestSubmit();
  });
  document.addEventListener("dragend", () => { row?.classList.remove("dragged"); row = undefined; });
})();
