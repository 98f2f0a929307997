// Runs before the page is painted: a theme that was chosen holds from the start.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("parley-docs-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's theme it is.
}
