// The board of deals: cards are moved by mouse, by keys, and by the menu that each has.
// A card moves at once, and goes back if the server says no.
(() => {
  const board = () => document.getElementById("board");
  const menu = () => document.getElementById("deal-menu");
  let dragged, chosen, underway = 0, missed = false;

  const say = (text) => { const place = document.getElementById("board-said"); if (place) place.textContent = text; };
  const titleOf = (card) => card.querySelector(".deal-title").textContent;
  const refresh = () => board()?.dispatchEvent(new CustomEvent("live"));

  // What stands in a column: the newest first, as the server has it.
  const put = (card, stage) => {
    const list = stage.querySelector(".stage-deals");
    const after = [...list.children].find((other) => other !== card && other.dataset.deal < card.dataset.deal);
    list.insertBefore(card, after ?? null);
  };
  const recount = (stage, by) => {
    const count = stage.querySelector(".stage-count"), number = Number(count.dataset.count) + by;
    count.dataset.count = String(number);
    count.lastElementChild.textContent = String(number);
    count.firstElementChild.textContent = number === 1 ? "1 deal" : `${number} deals`;
  };
  const toastOf = (answer) => {
    try { return JSON.parse(answer.headers.get("HX-Trigger")).toast; } catch { return null; }
  };

  const send = async (card, verb, fields) => {
    underway++;
    card.classList.add("moving");
    let done = false;
    try {
      const answer = await fetch(`/deals/${card.dataset.deal}/${verb}`, { method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(fields) });
      done = answer.ok;
      const toast = toastOf(answer);
      if (toast) window.parley.toast(toast.text, toast.bad);
      else if (!done) window.parley.toast("That was not done. Load the page anew and try again.", true);
    } catch {
      window.parley.toast("The server cannot be reached. The deal is where it was: try again.", true);
    }
    underway--;
    card.classList.remove("moving");
    return done;
  };

  const move = async (card, stage) => {
    const from = card.closest(".stage");
    if (!from || !stage || stage === from) return;
    const focused = card.contains(document.activeElement) ? document.activeElement : null;
    put(card, stage);
    recount(from, -1);
    recount(stage, 1);
    focused?.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(`${titleOf(card)}: ${stage.dataset.name}`);
    if (!await send(card, "move", { stage_id: stage.dataset.stage })) {
      const back = document.getElementById(from.id) ?? from;
      const again = card.contains(document.activeElement) ? document.activeElement : null;
      put(card, back);
      recount(stage, -1);
      recount(back, 1);
      again?.focus();
      say(`${titleOf(card)}: ${back.dataset.name}`);
    }
    refresh();
  };
  const close = async (card, verb, fields) => {
    const stage = card.closest(".stage");
    card.hidden = true;
    if (!await send(card, verb, fields)) card.hidden = false;
    else if (stage) recount(stage, -1);
    refresh();
  };

  // While something is under way the board is not drawn anew: it would jump back.
  document.addEventListener("htmx:beforeRequest", (e) => {
    if (e.target.id !== "board" || (!dragged && !underway)) return;
    e.preventDefault();
    missed = true;
  });
  document.addEventListener("htmx:beforeSwap", (e) => {
    if (e.target.id !== "board" || (!dragged && !underway)) return;
    e.detail.shouldSwap = false;
    missed = true;
  });
  const caughtUp = () => { if (missed && !dragged && !underway) { missed = false; refresh(); } };

  document.addEventListener("dragstart", (e) => {
    const card = e.target.closest?.(".deal[draggable]");
    if (!card) return;
    dragged = card;
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", titleOf(card));
    requestAnimationFrame(() => card.classList.add("dragged"));
  });
  const over = (stage) => {
    for (const other of document.querySelectorAll(".stage.over")) if (other !== stage) other.classList.remove("over");
    stage?.classList.add("over");
  };
  document.addEventListener("dragover", (e) => {
    const stage = dragged && e.target.closest?.(".stage");
    if (!dragged) return;
    over(stage);
    if (stage) { e.preventDefault(); e.dataTransfer.dropEffect = "move"; }
  });
  document.addEventListener("drop", (e) => {
    const stage = dragged && e.target.closest?.(".stage");
    if (!stage) return;
    e.preventDefault();
    const card = dragged;
    dragged = undefined;
    move(card, stage);
  });
  document.addEventListener("dragend", (e) => {
    e.target.classList?.remove("dragged");
    dragged = undefined;
    over(null);
    caughtUp();
  });

  // The menu of a card.
  document.addEventListener("click", (e) => {
    const opener = e.target.closest("[data-deal-menu]"), list = menu();
    if (opener && list) {
      chosen = opener.closest(".deal");
      for (const button of list.querySelectorAll("[data-move-to]")) {
        if (button.dataset.moveTo === chosen.closest(".stage").dataset.stage) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
      list.showPopover();
      const at = opener.getBoundingClientRect(), height = list.offsetHeight;
      list.style.top = `${at.bottom + 4 + height <= innerHeight || at.top < height ? at.bottom + 4 : at.top - height - 4}px`;
      list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - list.offsetWidth - 8))}px`;
      list.querySelector("button:not([aria-current])")?.focus({ preventScroll: true });
      return;
    }
    const to = e.target.closest("[data-move-to]"), end = e.target.closest("[data-close-deal]");
    if (!chosen || (!to && !end)) return;
    const card = document.getElementById(chosen.id);
    list.hidePopover();
    if (!card) return;
    if (to) {
      card.querySelector(".deal-title").focus();
      move(card, document.getElementById(`stage-${to.dataset.moveTo}`));
    } else if (end.dataset.closeDeal === "win") {
      close(card, "win", {});
    } else {
      const dialog = document.getElementById("deal-lost");
      dialog.querySelector("[data-deal-title]").textContent = titleOf(card);
      dialog.querySelector("input").value = "";
      dialog.returnValue = "";
      dialog.addEventListener("close", () => {
        if (dialog.returnValue === "lose") close(card, "lose", { reason: dialog.querySelector("input").value });
      }, { once: true });
      dialog.showModal();
    }
  });

  // Arrow keys go from card to card; with Shift they move the card.
  document.addEventListener("keydown", (e) => {
    const card = e.target.closest?.(".deal");
    if (!card || e.altKey || e.ctrlKey || e.metaKey || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(e.key)) return;
    const stages = [...document.querySelectorAll(".stage")], at = stages.indexOf(card.closest(".stage"));
    const list = [...card.parentElement.children], place = list.indexOf(card);
    const step = e.key === "ArrowRight" || e.key === "ArrowDown" ? 1 : -1;
    const sideways = e.key === "ArrowLeft" || e.key === "ArrowRight";
    if (e.shiftKey && !(sideways && card.draggable)) return;
    e.preventDefault();
    if (e.shiftKey) { move(card, stages[at + step]); return; }
    let next;
    if (sideways) {
      for (let i = at + step; i >= 0 && i < stages.length && !next; i += step) {
        const cards = stages[i].querySelectorAll(".deal");
        next = cards[Math.min(place, cards.length - 1)];
      }
    } else {
      next = list[place + step];
    }
    next?.querySelector(".deal-title").focus();
  });
})();
