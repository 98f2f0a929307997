// The inbox: a thread that stays at its end, a composer whose words show at once and are
// kept until they have arrived, and a list that stays where it was.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const composer = () => $("#composer");
  const box = () => $(".inbox-composer");
  const write = () => $("#composer [name=text]");
  const thread = () => $("#thread");
  const keep = (name, value) => { try { value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name); } catch { /* full, or not allowed */ } };
  const kept = (name) => { try { return sessionStorage.getItem(name) ?? ""; } catch { return ""; } };

  // The end of the thread is where one reads; who has scrolled up stays there.
  let atEnd = true;
  const toEnd = () => { const t = thread(); if (t) t.scrollTop = t.scrollHeight; };
  document.addEventListener("scroll", (e) => {
    const t = thread();
    if (t && e.target === t) atEnd = t.scrollHeight - t.scrollTop - t.clientHeight < 80;
  }, true);
  const settle = () => { if (atEnd) toEnd(); };

  // Drafts: one of each conversation for each mode.
  const mode = () => box()?.classList.contains("note") ? "note" : "reply";
  const draftName = () => `draft:${composer().dataset.id}:${mode()}`;
  const setMode = (to) => {
    const form = composer(), text = write();
    if (!form) return;
    if (text.value) keep(draftName(), text.value);
    box().classList.toggle("note", to === "note");
    form.action = to === "note" ? form.dataset.note : form.dataset.reply;
    for (const button of form.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === to));
    text.setAttribute("aria-label", to === "note" ? "Your private note" : "Your reply");
    text.dataset.hint ??= text.placeholder;
    text.placeholder = to === "note" ? "Only your colleagues see this" : text.dataset.hint;
    $("[data-send] span").textContent = to === "note" ? "Keep" : "Send";
    text.value = kept(draftName());
    keep(`mode:${form.dataset.id}`, to === "note" ? to : "");
  };

  // Typing is told every few seconds, and that it ended.
  let told = 0;
  const tell = (typing) => {
    const form = composer();
    if (!form || (typing && Date.now() - told < 2500) || (!typing && !told)) return;
    told = typing ? Date.now() : 0;
    const body = new URLSearchParams({ conversation_id: form.dataset.id });
    if (!typing) body.set("typing", "false");
    fetch("/live/typing", { method: "POST", body, keepalive: true }).catch(() => {});
  };

  document.addEventListener("input", (e) => {
    if (e.target !== write()) return;
    keep(draftName(), e.target.value);
    if (mode() === "reply") tell(e.target.value !== "");
  });
  document.addEventListener("keydown", (e) => {
    if (e.target !== write()) return;
    if (e.key === "/" && e.target.value === "" && mode() === "reply") {
      e.preventDefault();
      $("#canned")?.showPopover();
    } else if (e.key === "Escape") {
      e.target.blur();
    }
  });

  // Sending: the words show at once. While any are on their way the thread waits, so
  // that they are never seen twice.
  let sending = 0, missed = false;
  const bubble = (text, note, author) => {
    const article = document.createElement("article"), box = document.createElement("div"), by = document.createElement("p"), words = document.createElement("p");
    article.className = `inbox-said ours unsent${note ? " note" : ""}`;
    box.className = "inbox-bubble";
    by.className = "inbox-by";
    words.className = "inbox-text";
    by.textContent = `${author} · sending …`;
    words.textContent = text;
    box.append(by, words);
    article.append(box);
    $("#sending").append(article);
    return article;
  };
  const refresh = async () => {
    const latest = $("#latest");
    if (!latest) return;
    missed = false;
    await window.htmx.ajax("GET", latest.getAttribute("hx-get"), { target: "#latest", swap: "morph:outerHTML" }).catch(() => {});
  };
  const problemOf = (answer) => {
    try { return JSON.parse(answer.getResponseHeader("HX-Trigger")).toast.text; } catch { /* a form that says it */ }
    return new DOMParser().parseFromString(answer.responseText, "text/html").querySelector(".notice, .field-error")?.textContent.trim() || "It was not sent. Try again.";
  };
  // post sends a form and gives what went wrong, "" if nothing did.
  const post = (address, body, progress) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) progress?.(Math.round(100 * e.loaded / e.total)); });
    request.addEventListener("error", () => done("The server cannot be reached."));
    request.addEventListener("load", () => {
      if (request.getResponseHeader("HX-Redirect")) done("You are signed out. Sign in again in another tab, and try again here.");
      else done(request.status < 300 ? "" : problemOf(request));
    });
    request.send(body);
  });
  const send = async (address, body, show) => {
    sending++;
    const problem = await post(address, body, body instanceof FormData ? (percent) => { $(".inbox-by", show).textContent = `Uploading … ${percent} %`; } : undefined);
    sending--;
    if (problem) failed(show, problem, () => send(address, body, show));
    else {
      show.dataset.arrived = "";
      if (!sending) await refresh();
      for (const done of document.querySelectorAll("#sending [data-arrived]")) if (!sending) done.remove();
    }
    if (missed && !sending) await refresh();
    settle();
  };
  const failed = (show, problem, again) => {
    show.classList.remove("unsent");
    show.classList.add("failed");
    $(".inbox-by", show).textContent = "Not sent";
    const line = document.createElement("p"), words = document.createElement("span");
    line.className = "inbox-failed";
    line.setAttribute("role", "alert");
    words.textContent = problem;
    line.append(words);
    const button = (text, act) => {
      const b = document.createElement("button");
      b.type = "button";
      b.className = "button small";
      b.textContent = text;
      b.addEventListener("click", () => { line.remove(); act(); });
      line.append(b);
    };
    button("Try again", () => {
      show.classList.replace("failed", "unsent");
      $(".inbox-by", show).textContent = "Sending …";
      again();
    });
    if ("file" in show.dataset) button("Remove", () => show.remove());
    else button("Edit", () => {
      const text = write();
      text.value = [$(".inbox-text", show).textContent, text.value].filter(Boolean).join("\n");
      keep(draftName(), text.value);
      show.remove();
      text.focus();
    });
    $(".inbox-bubble", show).append(line);
  };
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form !== composer()) return;
    e.preventDefault();
    const text = write(), words = text.value.trim();
    if (!words) return;
    const show = bubble(words, mode() === "note", form.dataset.author);
    const body = new URLSearchParams({ text: words });
    text.value = "";
    keep(draftName(), "");
    tell(false);
    atEnd = true;
    toEnd();
    send(form.action, body, show);
    text.focus();
  });

  // Files are dropped or pasted: each becomes a message.
  const upload = (files) => {
    for (const file of files) {
      const show = bubble(file.name, false, composer().dataset.author), body = new FormData();
      show.dataset.file = "";
      body.append("file", file);
      atEnd = true;
      toEnd();
      send(composer().dataset.uploadTo, body, show);
    }
  };
  const dropped = (e) => box() && e.target.closest?.(".inbox-thread") && e.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (e) => { if (dropped(e)) { e.preventDefault(); box().classList.add("over"); } });
  document.addEventListener("dragleave", (e) => { if (box() && !e.relatedTarget?.closest?.(".inbox-thread")) box().classList.remove("over"); });
  document.addEventListener("drop", (e) => {
    if (!dropped(e)) return;
    e.preventDefault();
    box().classList.remove("over");
    upload(e.dataTransfer.files);
  });
  document.addEventListener("paste", (e) => {
    if (e.target !== write() || !e.clipboardData?.files.length) return;
    e.preventDefault();
    upload(e.clipboardData.files);
  });

  document.addEventListener("htmx:beforeRequest", (e) => {
    if (e.target.id !== "latest" || !sending) return;
    missed = true;
    e.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", (e) => {
    const older = e.target.closest?.(".inbox-scroll") && e.detail.requestConfig?.elt?.matches?.("[data-older]");
    if (!older) settle();
  });
  // Older messages push down what one reads: it stays where it was.
  let height = 0;
  document.addEventListener("htmx:beforeSwap", (e) => { if (thread()?.contains(e.target)) height = thread().scrollHeight; });
  document.addEventListener("htmx:afterSwap", (e) => {
    const t = thread();
    if (!t || !e.detail.requestConfig?.path?.includes("/older")) return;
    atEnd = false;
    t.scrollTop += t.scrollHeight - height;
  });

  document.addEventListener("click", (e) => {
    const to = e.target.closest("[data-mode]");
    if (to && composer()?.contains(to)) {
      setMode(to.dataset.mode);
      write().focus();
    }
    if (e.target.closest("[data-details]")) $(".inbox")?.classList.toggle("about");
    const insert = e.target.closest("[data-insert]");
    if (insert && write()) {
      const text = write();
      $("#canned").hidePopover();
      text.focus();
      text.setRangeText(insert.dataset.insert, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const back = e.target.closest("[data-back]");
    if (back) back.href = kept("inbox-list") || back.href;
  });

  // A menu whose choice was made closes, unless there may be more to choose.
  document.addEventListener("submit", (e) => {
    const list = e.target.closest(".inbox-head .menu-list");
    if (!list) return;
    if ("stays" in list.dataset) setTimeout(() => { const field = $("input[type=search]", list); if (field) { field.value = ""; field.dispatchEvent(new Event("input", { bubbles: true })); } });
    else list.hidePopover();
  });
  document.addEventListener("htmx:afterRequest", (e) => {
    if (e.detail.xhr?.status === 204) e.target.closest?.("dialog")?.close();
  });

  // The list stays where it was from page to page.
  const rows = () => $("#rows");
  window.addEventListener("pagehide", () => {
    if (rows()) keep("inbox-scroll", String(rows().scrollTop));
    tell(false);
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (!$(".inbox")) return;
    if (!$(".inbox.open")) keep("inbox-list", location.pathname + location.search);
    if (rows() && (kept("inbox-scroll") || 0) > 0) rows().scrollTop = Number(kept("inbox-scroll"));
    rows()?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    if (composer()) {
      const text = write();
      setMode(kept(`mode:${composer().dataset.id}`) || "reply");
      if (matchMedia("(min-width: 56rem)").matches && text.value) text.setSelectionRange(text.value.length, text.value.length);
    }
    toEnd();
    for (const picture of document.querySelectorAll("#thread img, #thread video")) picture.addEventListener("load", settle);
  });
  document.addEventListener("sent", () => { atEnd = true; refresh(); });
  window.addEventListener("resize", settle);
})();
