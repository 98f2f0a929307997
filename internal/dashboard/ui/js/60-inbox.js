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

  // Drafts: one of each conversation for each mode, and for each person who uses the tab.
  const mode = () => box()?.classList.contains("note") ? "note" : "reply";
  const keptName = (what) => `${what}:${composer().dataset.viewer}:${composer().dataset.id}`;
  const draftName = () => `${keptName("draft")}:${mode()}`;
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
    keep(keptName("mode"), to === "note" ? to : "");
    needed();
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
    if (e.target === write() && e.key === "Escape") e.target.blur();
  });
  document.addEventListener("beforeinput", (e) => { // the keys of a phone have no names
    if (e.target !== write() || e.data !== "/" || e.target.value || mode() !== "reply") return;
    e.preventDefault();
    $("#canned")?.showPopover();
  });

  // Sending: the words show at once. While any are on their way the thread waits, so
  // that they are never seen twice.
  let sending = 0, uploading = 0, missed = false;
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
  const problemOf = (header, text) => {
    try { return JSON.parse(header("HX-Trigger")).toast.text; } catch { /* a form that says it */ }
    return new DOMParser().parseFromString(text, "text/html").querySelector(".notice, .field-error")?.textContent.trim() || "It was not sent. Try again.";
  };
  // What went wrong, "" if nothing did.
  const judged = (status, header, text) => {
    if (header("HX-Redirect")) return "You are signed out. Sign in again in another tab, and try again here.";
    return status < 300 ? "" : problemOf(header, text);
  };
  const unreachable = "The server cannot be reached.";
  // say sends words, also if one leaves the page meanwhile; browsers do that for what is short.
  const say = async (address, body) => {
    try {
      const answer = await fetch(address, { method: "POST", headers: { "HX-Request": "true" }, body, keepalive: body.toString().length < 60000 });
      return judged(answer.status, (name) => answer.headers.get(name), await answer.text());
    } catch {
      return unreachable;
    }
  };
  const upload = (address, body, progress, arrived) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) progress(Math.round(100 * e.loaded / e.total)); });
    request.upload.addEventListener("load", arrived);
    request.addEventListener("error", () => done(unreachable));
    request.addEventListener("load", () => done(judged(request.status, (name) => request.getResponseHeader(name), request.responseText)));
    request.send(body);
  });
  const send = async (address, body, show) => {
    let held = false; // a file holds the thread up only once all of it has been sent
    const hold = () => { if (!held) { held = true; sending++; } };
    let problem;
    if (body instanceof FormData) {
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.value = 0;
      bar.setAttribute("aria-label", `How much of ${$(".inbox-text", show).textContent} is uploaded`);
      $(".inbox-bubble", show).append(bar);
      uploading++;
      problem = await upload(address, body, (percent) => { bar.value = percent; $(".inbox-by", show).textContent = `Uploading … ${percent} %`; }, hold);
      uploading--;
      bar.remove();
    } else {
      hold();
      problem = await say(address, body);
    }
    if (held) sending--;
    if (problem) failed(show, problem, () => send(address, body, show));
    else {
      show.dataset.arrived = "";
      if (!sending) await refresh();
      for (const done of document.querySelectorAll("#sending [data-arrived]")) if (!sending) done.remove();
    }
    if (missed && !sending) await refresh();
    settle();
  };
  // One after the other, so that they arrive in the order in which they were sent. Words
  // do not wait for files.
  const turns = { words: Promise.resolve(), files: Promise.resolve() };
  const inTurn = (of, act) => { turns[of] = turns[of].then(act); return turns[of]; };
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
    if ("file" in show.dataset) button("Remove", () => { show.remove(); write().focus(); });
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
    const text = write(), words = text.value.trim(), files = mode() === "reply" ? ready() : [];
    if (!words && !files.length) return;
    const { action, dataset } = form;
    let said;
    if (words) {
      const show = bubble(words, mode() === "note", dataset.author), body = new URLSearchParams({ text: words });
      said = inTurn("words", () => send(action, body, show));
    }
    for (const file of files) {
      const show = bubble(file.name, false, dataset.author), body = new FormData();
      show.dataset.file = "";
      body.append("file", file);
      inTurn("files", async () => { await said; await send(dataset.uploadTo, body, show); });
    }
    text.value = "";
    keep(draftName(), "");
    shelve(files.length ? waiting.filter((file) => !files.includes(file)) : waiting);
    tell(false);
    atEnd = true;
    toEnd();
    text.focus();
  });

  // Files are chosen, dropped or pasted. They wait beside the words until these are sent;
  // each becomes a message. What cannot be sent says why.
  let waiting = [];
  const size = (bytes) => bytes < 1000 ? `${bytes} bytes` : bytes < 1024 * 1000 ? `${Math.ceil(bytes / 1024)} KB` : `${Number((bytes / 1048576).toFixed(1))} MB`;
  const refusal = (file) => {
    const largest = Number(composer().dataset.largest);
    if (!file.size) return "is empty: there is nothing to send";
    return file.size > largest ? `is larger than ${size(largest)}, which is the most that can be sent: send a link to it instead` : "";
  };
  const ready = () => waiting.filter((file) => !refusal(file));
  const needed = () => { write().required = mode() === "note" || !ready().length; };
  const shelved = (file) => {
    const item = document.createElement("li"), name = document.createElement("span"), note = document.createElement("span"), remove = document.createElement("button");
    const why = refusal(file);
    name.className = "clip";
    name.textContent = name.title = file.name;
    note.className = why ? "" : "soft nowrap";
    note.textContent = why || size(file.size);
    item.classList.toggle("bad", Boolean(why));
    remove.type = "button";
    remove.className = "button plain small icon-only";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      shelve(waiting.filter((other) => other !== file));
      write().focus();
    });
    item.append(name, note, remove);
    return item;
  };
  const shelve = (files) => {
    waiting = files;
    $("#files").replaceChildren(...files.map(shelved));
    needed();
    settle();
  };
  const attach = (files) => {
    if (!$("#attach")) window.parley.toast("Your role may not upload files.", true);
    else if (mode() === "note") window.parley.toast("A private note has no files. Choose Reply to send them to the contact.", true);
    else if (files.length) {
      shelve([...waiting, ...files]);
      write().focus();
    }
  };
  const withoutFolders = (transfer) => [...transfer.items]
    .filter((item) => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile());
  const carries = (e) => box() && e.dataTransfer?.types.includes("Files");
  const overThread = (e) => Boolean(e.target.closest?.(".inbox-thread"));
  document.addEventListener("dragover", (e) => {
    if (!carries(e)) return;
    e.preventDefault(); // else the browser would leave the page for the file
    if (!overThread(e)) e.dataTransfer.dropEffect = "none";
    box().classList.toggle("over", overThread(e));
  });
  document.addEventListener("dragleave", (e) => { if (box() && !e.relatedTarget?.closest?.(".inbox-thread")) box().classList.remove("over"); });
  document.addEventListener("drop", (e) => {
    if (!carries(e)) return;
    e.preventDefault();
    box().classList.remove("over");
    if (overThread(e)) attach(withoutFolders(e.dataTransfer));
  });
  document.addEventListener("paste", (e) => {
    if (e.target !== write() || !e.clipboardData?.files.length || e.clipboardData.types.includes("text/plain")) return; // tables bring a picture along
    e.preventDefault();
    attach([...e.clipboardData.files]);
  });
  document.addEventListener("change", (e) => {
    if (e.target.id !== "attach") return;
    attach([...e.target.files]);
    e.target.value = ""; // the same file may be chosen again
  });
  window.addEventListener("beforeunload", (e) => { if (uploading || composer() && ready().length) e.preventDefault(); });

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

  // Where the panes come one at a time, the details are a place to come back from.
  const oneAtATime = () => !matchMedia("(min-width: 56rem)").matches;
  const showDetails = (on) => {
    $(".inbox").classList.toggle("detailed", on);
    if (oneAtATime()) $(on ? ".inbox-close" : ".inbox-about")?.focus();
  };
  const toggleDetails = () => {
    const on = !$(".inbox").classList.contains("detailed");
    if (oneAtATime() && on) history.pushState({ details: true }, "");
    if (oneAtATime() && !on && history.state?.details) history.back();
    else showDetails(on);
  };
  window.addEventListener("popstate", (e) => {
    if ($(".inbox.open") && oneAtATime()) showDetails(Boolean(e.state?.details));
  });

  document.addEventListener("click", (e) => {
    const to = e.target.closest("[data-mode]");
    if (to && composer()?.contains(to)) {
      setMode(to.dataset.mode);
      write().focus();
    }
    if (e.target.closest("[data-attach]")) $("#attach").click();
    if (e.target.closest("[data-details]")) toggleDetails();
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

  // Enter takes the first of what was found.
  document.addEventListener("submit", (e) => {
    if (!e.target.matches(".inbox-canned form")) return;
    e.preventDefault();
    $("#canned-list [data-insert]")?.click();
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
      setMode(kept(keptName("mode")) || "reply");
      if (matchMedia("(min-width: 56rem)").matches && text.value) text.setSelectionRange(text.value.length, text.value.length);
    }
    toEnd();
    for (const picture of document.querySelectorAll("#thread img, #thread video")) picture.addEventListener("load", settle);
  });
  document.addEventListener("sent", () => { atEnd = true; refresh(); });
  window.addEventListener("resize", settle);
})();
