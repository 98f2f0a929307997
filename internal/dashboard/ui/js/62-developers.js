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

// Code of the API reference is copied by the button in its caption.
(() => {
  document.addEventListener("click", (e) => {
    const button = e.target.closest(".ref-copy");
    const text = button?.closest(".ref-code").querySelector("pre").textContent;
    if (!text) return;
    navigator.clipboard.writeText(text).then(() => window.parley.toast("Copied."), () => window.parley.toast("The browser does not let this page copy: select the text and copy it yourself.", true));
  });
  // On a small screen the contents are closed at first.
  document.addEventListener("DOMContentLoaded", () => {
    if (matchMedia("(max-width: 64rem)").matches) document.querySelector(".reference-index")?.removeAttribute("open");
  });
})();
