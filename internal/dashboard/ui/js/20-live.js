// The live stream: it names what has changed, and the elements that show it fetch
// themselves again. An element says data-live="NAME NAME…" and hx-trigger="live".
// The stream is open while the page can be seen; who comes back, from another tab or
// from sleep, goes on where they left off.
(() => {
  let source, last, hidden, listening = new Set();

  const refresh = (name) => {
    for (const element of document.querySelectorAll(`[data-live~="${CSS.escape(name)}"]`)) {
      element.dispatchEvent(new CustomEvent("live", { detail: { name } }));
    }
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
    source.addEventListener("open", () => state("open"));
    source.addEventListener("reload", (e) => {
      if (e.lastEventId) last = e.lastEventId;
      for (const element of document.querySelectorAll("[data-live]")) element.dispatchEvent(new CustomEvent("live"));
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
  window.addEventListener("online", () => { close(); open(); });
})();
