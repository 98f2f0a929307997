// What the server wants to know of the viewer, and the viewer of the server: the theme
// and the time zone, kept as cookies so that pages come right from the start.
(() => {
  const keep = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = document.documentElement.dataset.zone;
  // While a page is open the server goes on with the zone that it wrote it in: its forms
  // have times of that zone.
  if (zone && !known) keep("zone", zone);
  else if (zone && known !== zone) addEventListener("pagehide", () => keep("zone", zone));

  // Times that the server wrote in another zone, because it did not know this one yet, are
  // written as it would have.
  const tell = (root) => {
    if (known === zone) return;
    for (const time of root.querySelectorAll("time[datetime]:not([data-day])")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const text = at.toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
      time.title = text;
      if (!("ago" in time.dataset)) time.textContent = text;
    }
  };

  // "5 min ago" goes on being true while the page is open.
  const ago = (root) => {
    for (const time of root.querySelectorAll("time[data-ago]")) {
      const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
      if (seconds < 0) continue;
      if (seconds < 60) time.textContent = "just now";
      else if (seconds < 3600) time.textContent = `${Math.floor(seconds / 60)} min ago`;
      else if (seconds < 86400) time.textContent = `${Math.floor(seconds / 3600)} h ago`;
    }
  };
  document.addEventListener("DOMContentLoaded", () => { tell(document); setInterval(() => ago(document), 30000); });
  document.addEventListener("htmx:load", (e) => tell(e.target));

  document.addEventListener("click", (e) => {
    const choice = e.target.closest("[data-set-theme]");
    if (!choice) return;
    keep("theme", choice.dataset.setTheme);
    document.documentElement.dataset.theme = choice.dataset.setTheme;
    for (const other of document.querySelectorAll("[data-set-theme]")) other.setAttribute("aria-pressed", String(other.dataset.setTheme === choice.dataset.setTheme));
    if (document.activeElement !== choice || choice.offsetParent) return;
    for (const other of choice.parentElement.querySelectorAll("[data-set-theme]")) if (other.offsetParent) other.focus(); // it has taken the place
  });
  window.parley = { keep };
})();
