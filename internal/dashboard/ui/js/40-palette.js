// The command palette, and the keys: "?" lists them, "/" and Ctrl-K open the palette.
// Whatever in the page has data-command="Resolve" can be done from there; with
// data-key="e" also by a key, or with data-key="g i" by two, one after the other.
(() => {
  const typing = (e) => e.target.closest?.("input, textarea, select, [contenteditable]");
  const shown = (element) => element.offsetParent !== null || element.closest("[popover]") || element.matches("[data-always]");
  const withKeys = () => [...document.querySelectorAll("[data-key]")];
  const byKey = (key) => withKeys().find((element) => element.dataset.key === key);
  const keysAreOff = () => document.cookie.includes("keys=off");
  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    element.textContent = text;
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    return element;
  };

  const press = (element) => {
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  };

  let first = "", forget;
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.isComposing) return;
    if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "k") {
      e.preventDefault();
      openPalette();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || document.querySelector("dialog[open]") || keysAreOff()) return;
    if (e.key === "/") { e.preventDefault(); openPalette(); return; }
    if (e.key === "?") { e.preventDefault(); openKeys(); return; }
    if (e.key.length > 1) return; // Shift, say
    const keys = first ? `${first} ${e.key}` : e.key, element = byKey(keys);
    clearTimeout(forget);
    first = !element && withKeys().some((other) => other.dataset.key.startsWith(`${e.key} `)) ? e.key : "";
    if (first) forget = setTimeout(() => { first = ""; }, 1200);
    if (element) { e.preventDefault(); press(element); }
  });

  // The list of keys is what the page has.
  const openKeys = () => {
    const dialog = document.getElementById("keys");
    if (!dialog || dialog.open) return;
    const [here, everywhere] = dialog.querySelectorAll("[data-keys]");
    const add = (list, what, keys) => {
      const dd = make("dd", "");
      keys.split(" ").forEach((key, i) => dd.append(i ? " then " : "", make("kbd", key)));
      list.append(make("dt", what), dd);
    };
    here.replaceChildren();
    everywhere.replaceChildren();
    add(everywhere, "Go anywhere, do anything", "/");
    add(everywhere, "The same, also while you type", "Ctrl-K");
    add(everywhere, "Show these keys", "?");
    for (const element of withKeys()) {
      if (shown(element)) add(element.closest(".side") ? everywhere : here, element.dataset.command ?? element.textContent.trim(), element.dataset.key);
    }
    here.parentElement.hidden = !here.childElementCount;
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

  // The palette: what can be done here comes from the page, everything else from the server.
  let timer, asking, waiting = false, goOn = false, places = "";
  const parts = () => {
    const dialog = document.getElementById("palette");
    return { dialog, input: dialog?.querySelector("input"), list: dialog?.querySelector("[role=listbox]") };
  };
  const openPalette = () => {
    const { dialog, input } = parts();
    if (!dialog || dialog.open) return;
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    input.value = "";
    waiting = true;
    goOn = false;
    draw("", places);
    dialog.showModal();
    input.focus();
    fill();
  };
  const group = (title, elements, query) => {
    const words = query.toLowerCase().split(/\s+/), box = make("div", "", { role: "group", "aria-label": title });
    box.append(make("span", title, { "aria-hidden": "true" }));
    for (const element of elements) {
      const text = element.dataset.command;
      if (element.closest("dialog") || !shown(element) || !words.every((word) => text.toLowerCase().includes(word))) continue;
      const option = make("div", "", { role: "option" });
      option.append(element.querySelector("svg.icon")?.cloneNode(true) ?? make("span", "", { class: "palette-blank" }), make("span", text, { class: "clip" }));
      if (element.dataset.key) {
        const keys = make("small", "");
        for (const key of element.dataset.key.split(" ")) keys.append(make("kbd", key), " ");
        option.append(keys);
      }
      option.addEventListener("click", () => { parts().dialog.close(); press(element); });
      box.append(option);
    }
    return box.childElementCount > 1 ? box : "";
  };
  const draw = (query, found, more) => {
    const { input, list } = parts(), before = selected()?.href;
    list.innerHTML = found;
    list.prepend(group("On this page", document.querySelectorAll("main [data-command]"), query));
    list.append(group("Parley", document.querySelectorAll(".side-foot [data-command], body > [data-command]"), query));
    const options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, i) => { option.id = `option-${i}`; });
    list.scrollTop = 0;
    const still = more && before && options.find((option) => option.href === before);
    if (still) still.scrollIntoView({ block: "nearest" });
    if (options.length) select(still || options[0]);
    else input.removeAttribute("aria-activedescendant");
  };
  // The server gives at once what it has found; if it has not looked through everything,
  // it is asked for the rest.
  const fill = async (more) => {
    const query = parts().input.value.trim();
    asking?.abort();
    const mine = asking = new AbortController();
    let found = "", unfinished = false;
    try {
      const answer = await fetch(`/palette?${new URLSearchParams(more ? { q: query, patient: "yes" } : { q: query })}`, { headers: { "HX-Request": "true" }, signal: mine.signal });
      const away = answer.headers.get("HX-Redirect"); // to sign in again
      if (away) { location.assign(away); return; }
      if (answer.ok) found = await answer.text();
      unfinished = !more && answer.headers.has("Palette-Unfinished");
    } catch { /* offline: what is on this page can still be done */ }
    if (mine !== asking || !parts().dialog.open) return;
    if (!query) places = found;
    if (found || !more) draw(query, found, more);
    const any = selected() !== null;
    waiting = unfinished && !any;
    parts().list.nextElementSibling.hidden = any || unfinished;
    if (goOn && !waiting) choose();
    else if (unfinished) fill(true);
  };
  const select = (option) => {
    const { input, list } = parts();
    for (const other of list.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
    input.setAttribute("aria-activedescendant", option.id);
  };
  const selected = () => parts().list.querySelector("[role=option][aria-selected=true]");
  const choose = () => {
    goOn = false;
    selected()?.click();
  };
  document.addEventListener("input", (e) => {
    if (e.target !== parts().input) return;
    waiting = true;
    goOn = false;
    asking?.abort();
    asking = undefined;
    clearTimeout(timer);
    timer = setTimeout(() => fill(), 90);
  });
  document.addEventListener("keydown", (e) => {
    const { input, list } = parts();
    if (e.target !== input || e.isComposing) return;
    const options = [...list.querySelectorAll("[role=option]")];
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const next = options[(options.indexOf(selected()) + (e.key === "ArrowDown" ? 1 : -1) + options.length) % options.length];
      if (!next) return;
      select(next);
      next.scrollIntoView({ block: "nearest" });
    } else if (e.key === "Enter") {
      e.preventDefault();
      if (waiting) goOn = true; // what is shown is not yet what was typed
      else choose();
    }
  });
  document.addEventListener("pointermove", (e) => {
    const option = e.target.closest?.("#palette [role=option]");
    if (option && option !== selected()) select(option);
  });
})();
