// The live stream: it names what has changed, and the elements that show it fetch
// themselves again. An element says data-live="NAME NAME…" and hx-trigger="live".
// The stream is open while the page can be seen; who comes back, from another tab or
// from sleep, goes on where they left off.
(() => {
  let source, last, hidden, listening = new Set();

  // An element is told at once, and of what follows within a moment once more at its end:
  // htmx, which throttles too, would forget that.
  const moment = 600, toldAt = new WeakMap(), waiting = new WeakSet();
  const tell = (element) => {
    if (waiting.has(element)) return;
    if (!navigator.onLine) { stale.add(element); return; }
    const left = (toldAt.get(element) ?? -moment) + moment - performance.now();
    if (left > 0) {
      waiting.add(element);
      setTimeout(() => { waiting.delete(element); if (element.isConnected) tell(element); }, left + 1);
      return;
    }
    toldAt.set(element, performance.now());
    element.dispatchEvent(new CustomEvent("live"));
  };
  // What could not be fetched is fetched when there is a line again.
  const stale = new Set();
  const again = () => {
    const all = [...stale];
    stale.clear();
    for (const element of all) if (element.isConnected) tell(element);
  };
  document.addEventListener("htmx:sendError", (e) => {
    if (!("live" in e.target.dataset)) return;
    stale.add(e.target);
    setTimeout(again, 3000);
  });
  const refresh = (name) => {
    for (const element of document.querySelectorAll(`[data-live~="${CSS.escape(name)}"]`)) tell(element);
  };
  const heard = (e) => {
    if (e.lastEventId) last = e.lastEventId;
    document.dispatchEvent(new CustomEvent("heard", { detail: { name: e.type, data: e.data } }));
    refresh(e.type);
  };
  const listen = () => {
    if (!source) return;
    for (const element of document.querySelectorAll("[data-live]")) {
      for (const name of element.dataset.live.split(/\s+/)) {
        if (!name || listening.has(name)) continue;
        listening.add(name);
        source.addEventListener(name, heard);
      }
    }
  };
  const state = (text) => {
    document.documentElement.dataset.stream = text;
  };
  const open = () => {
    const body = document.body.dataset;
    if (source || !("liveAfter" in body)) return;
    last ??= body.liveAfter;
    const query = new URLSearchParams({ after: last });
    if (body.liveConversation) query.set("conversation", body.liveConversation);
    listening = new Set();
    source = new EventSource(`/live?${query}`);
    source.addEventListener("open", () => { state("open"); again(); });
    source.addEventListener("reload", (e) => {
      if (e.lastEventId) last = e.lastEventId;
      for (const element of document.querySelectorAll("[data-live]")) tell(element);
    });
    source.addEventListener("close", () => { close(); state("closed"); }); // too many pages are open: this one asks again once it is looked at
    source.addEventListener("error", () => {
      state("waiting");
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      close();
      setTimeout(open, 5000);
    });
    listen();
  };
  const close = () => {
    source?.close();
    source = undefined;
  };

  document.addEventListener("DOMContentLoaded", () => { if (!document.hidden) open(); });
  document.addEventListener("htmx:load", listen);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(close, 20000);
    else open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (e) => { if (e.persisted) open(); });
  window.addEventListener("online", () => { close(); open(); again(); });
})();
