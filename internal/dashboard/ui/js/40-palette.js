// The command palette, and the keys: "?" lists them, "/" and Ctrl-K open the palette.
// Whatever in the page has data-command="Resolve" can be done from there; with
// data-key="e" also by a key, or with data-key="g i" by two, one after the other.
(() => {
  const typing = (e) => e.target.closest?.("input, textarea, select, [contenteditable]");
  const shown = (element) => element.offsetParent !== null || element.closest("[popover]") || element.matches("[data-always]");
  const byKey = (key) => [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
  const keysAreOff = () => document.cookie.includes("keys=off");

  const press = (element) => {
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  };

  let first = "", forget;
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
      e.preventDefault();
      openPalette();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || document.querySelector("dialog[open]") || keysAreOff()) return;
    if (e.key === "/" ) { e.preventDefault(); openPalette(); return; }
    if (e.key === "?") { e.preventDefault(); openKeys(); return; }
    const both = first && byKey(`${first} ${e.key}`);
    const one = both || byKey(e.key);
    if (one) { e.preventDefault(); press(one); first = ""; return; }
    first = e.key.length === 1 ? e.key : "";
    clearTimeout(forget);
    forget = setTimeout(() => { first = ""; }, 1200);
  });

  // The list of keys is what the page has.
  const openKeys = () => {
    const dialog = document.getElementById("keys");
    if (!dialog) return;
    const list = dialog.querySelector("[data-keys]");
    list.replaceChildren();
    const add = (what, keys) => {
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.textContent = what;
      keys.split(" ").forEach((key, i) => {
        if (i) dd.append(" then ");
        const kbd = document.createElement("kbd");
        kbd.textContent = key;
        dd.append(kbd);
      });
      list.append(dt, dd);
    };
    add("Go anywhere, do anything", "/");
    add("Show these keys", "?");
    for (const element of document.querySelectorAll("[data-key]")) add(element.dataset.command ?? element.textContent.trim(), element.dataset.key);
    dialog.querySelector("[data-keys-off]").checked = !keysAreOff();
    dialog.showModal();
  };
  document.addEventListener("change", (e) => {
    if (e.target.matches?.("[data-keys-off]")) window.parley.keep("keys", e.target.checked ? "on" : "off");
  });
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-open-keys]")) openKeys();
    if (e.target.closest("[data-open-palette]")) openPalette();
  });

  // The palette: what is on this page comes from here, everything else from the server.
  let asked = 0, timer;
  const parts = () => {
    const dialog = document.getElementById("palette");
    return { dialog, input: dialog?.querySelector("input"), list: dialog?.querySelector("[role=listbox]") };
  };
  const openPalette = () => {
    const { dialog, input } = parts();
    if (!dialog || dialog.open) return;
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    input.value = "";
    dialog.showModal();
    input.focus();
    fill();
  };
  const here = (query) => {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "On this page");
    const title = document.createElement("span");
    title.textContent = "On this page";
    group.append(title);
    for (const element of document.querySelectorAll("[data-command]")) {
      const text = element.dataset.command;
      if (element.closest(".side, dialog") || !shown(element) || !text.toLowerCase().includes(query.toLowerCase())) continue;
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.textContent = text;
      if (element.dataset.key) {
        const key = document.createElement("small");
        key.textContent = element.dataset.key;
        option.append(key);
      }
      option.addEventListener("click", () => { parts().dialog.close(); press(element); });
      group.append(option);
    }
    return group.childElementCount > 1 ? group : null;
  };
  const fill = async () => {
    const { input, list } = parts(), number = ++asked, query = input.value.trim();
    let found = "";
    try {
      const answer = await fetch(`/palette?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true" } });
      if (answer.ok) found = await answer.text();
    } catch { /* offline: what is on this page can still be done */ }
    if (number !== asked) return;
    list.innerHTML = found;
    const local = here(query);
    if (local) list.prepend(local);
    const options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, i) => { option.id = `option-${i}`; });
    if (options.length) select(options[0]);
    else input.removeAttribute("aria-activedescendant");
    list.nextElementSibling.hidden = options.length > 0;
  };
  const select = (option) => {
    const { input, list } = parts();
    for (const other of list.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("input", (e) => {
    if (e.target !== parts().input) return;
    clearTimeout(timer);
    timer = setTimeout(fill, 90);
  });
  document.addEventListener("keydown", (e) => {
    const { input, list } = parts();
    if (e.target !== input) return;
    const options = [...list.querySelectorAll("[role=option]")];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const next = options[(now + (e.key === "ArrowDown" ? 1 : -1) + options.length) % options.length];
      if (next) select(next);
    } else if (e.key === "Enter") {
      e.preventDefault();
      options[now]?.click();
    }
  });
})();
