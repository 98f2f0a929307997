// The pages can be read without this script. It adds the search, the copy buttons,
// the choice of theme, and marks in the navigation what is being read.
"use strict";

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const say = (words) => { document.getElementById("said").textContent = words; };

// ---- Theme: the button turns to the other one. A choice that is what the system
// prefers is no choice, and is forgotten.

const dark = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.querySelector(".theme");
const theme = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
const other = () => (theme() === "dark" ? "light" : "dark");

function nameTheme() {
  themeButton.setAttribute("aria-label", `Use the ${other()} theme`);
}

themeButton.addEventListener("click", () => {
  const chosen = other();
  const preferred = chosen === (dark.matches ? "dark" : "light");
  if (preferred) delete root.dataset.theme;
  else root.dataset.theme = chosen;
  try {
    if (preferred) localStorage.removeItem("parley-docs-theme");
    else localStorage.setItem("parley-docs-theme", chosen);
  } catch {
    // It holds for this page.
  }
  nameTheme();
});
dark.addEventListener("change", nameTheme);
nameTheme();

// ---- Examples name the server that these pages come from.

for (const block of all("pre code")) {
  if (block.textContent.includes("PARLEY_URL=")) {
    block.textContent = block.textContent.replace("http://localhost:8080", location.origin);
  }
}

// ---- Copy.

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https there is no clipboard, but there is the old way.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

for (const button of all(".copy")) {
  button.addEventListener("click", async () => {
    await copy(button.closest("figure").querySelector("code").textContent);
    button.textContent = "Copied";
    say("Copied");
    setTimeout(() => { button.textContent = "Copy"; say(""); }, 1600);
  });
}

// ---- Search: every word must be found; where it is found decides the order.

const input = document.getElementById("search");
const results = document.getElementById("results");
let index;
let chosen = -1;

async function load() {
  index ??= fetch(document.body.dataset.index).then((answer) => answer.json()).then((entries) =>
    entries.map((e) => ({ ...e, title: e.t.toLowerCase(), hint: e.h.toLowerCase(), words: (e.w ?? "").toLowerCase() })));
  return index;
}

function worth(entry, word) {
  if (entry.title === word) return 12;
  if (entry.title.startsWith(word)) return 8;
  const titled = entry.title.split(/[\s._-]+/);
  if (titled.includes(word)) return 7;
  if (titled.some((w) => w.startsWith(word))) return 5;
  if (entry.title.includes(word)) return 4;
  if (entry.hint.includes(word)) return 3;
  if (entry.words.split(" ").some((w) => w.startsWith(word))) return 2;
  return entry.words.includes(word) ? 1 : 0;
}

function find(entries, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = [];
  for (const entry of entries) {
    const worths = words.map((word) => worth(entry, word));
    if (worths.every(Boolean)) hits.push({ entry, sum: worths.reduce((a, b) => a + b) - entry.title.length / 1000 });
  }
  return hits.sort((a, b) => b.sum - a.sum).slice(0, 12).map((hit) => hit.entry);
}

function show(entries) {
  results.replaceChildren(...entries.map((entry, i) => {
    const link = document.createElement("a");
    link.href = entry.u;
    link.id = `result-${i}`;
    link.role = "option";
    link.tabIndex = -1;
    const title = document.createElement("span");
    title.textContent = entry.t;
    const hint = document.createElement("small");
    hint.textContent = entry.h;
    link.append(title, hint);
    return link;
  }));
  if (entries.length === 0) {
    const none = document.createElement("p");
    none.textContent = "Nothing found";
    results.append(none);
  }
  choose(entries.length > 0 ? 0 : -1);
  open(true);
}

function open(shown) {
  results.hidden = !shown;
  input.setAttribute("aria-expanded", String(shown));
  if (!shown) choose(-1);
}

function choose(i) {
  chosen = i;
  all("a", results).forEach((link, at) => {
    link.setAttribute("aria-selected", String(at === i));
    if (at === i) link.scrollIntoView({ block: "nearest" });
  });
  if (i < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `result-${i}`);
}

input.addEventListener("focus", load);
input.addEventListener("input", async () => {
  const text = input.value;
  if (text.trim() === "") return open(false);
  const entries = await load();
  if (text === input.value) show(find(entries, text));
});
input.addEventListener("keydown", (event) => {
  const links = all("a", results);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (links.length > 0) choose((chosen + (event.key === "ArrowDown" ? 1 : -1) + links.length) % links.length);
  } else if (event.key === "Enter" && chosen >= 0) {
    links[chosen].click();
  } else if (event.key === "Escape") {
    open(false);
    input.blur();
  }
});
results.addEventListener("click", () => {
  open(false);
  input.value = "";
  input.blur();
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".search")) open(false);
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (slash || k) {
    event.preventDefault();
    input.focus();
    input.select();
  }
});

// ---- Where we are: a fragment of another page leads there, one inside something
// folded opens it, and the navigation marks the section that is being read.

async function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const target = document.getElementById(id);
  if (!target) {
    const entry = (await load()).find((e) => e.u.endsWith(`#${id}`) || e.u.endsWith(`/${id}`));
    if (entry) location.replace(entry.u);
    return;
  }
  for (let at = target; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
}
addEventListener("hashchange", follow);
follow();

const nav = document.getElementById("nav");
nav.addEventListener("click", (event) => {
  if (event.target.closest("a") && nav.matches(":popover-open")) nav.hidePopover();
});

const here = new Map(all("a[href*='#']", nav)
  .filter((link) => link.pathname === location.pathname)
  .map((link) => [decodeURIComponent(link.hash.slice(1)), link]));

function mark() {
  let current;
  for (const id of here.keys()) {
    const section = document.getElementById(id);
    if (section && section.getBoundingClientRect().top < 140) current = id;
  }
  for (const [id, link] of here) {
    if (id === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
let due = false;
addEventListener("scroll", () => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; mark(); });
}, { passive: true });
mark();

const page = nav.querySelector("[aria-current=page]");
if (page && page.offsetTop > nav.clientHeight / 2) nav.scrollTop = page.offsetTop - nav.clientHeight / 3;
