// data-pause="ID": what follows the log can stand still, to be read, and go on again.
(() => {
  document.addEventListener("click", (e) => {
    const button = e.target.closest("[data-pause]");
    const list = button && document.getElementById(button.dataset.pause);
    if (!list) return;
    const paused = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(paused));
    list.dataset.live = paused ? "" : list.dataset.follows;
    if (!paused) list.dispatchEvent(new CustomEvent("live"));
  });
})();
