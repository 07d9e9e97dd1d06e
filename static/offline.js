// Forms that survive a lost network. Every form marked data-unsent is first written into the phone's own store
// (IndexedDB, under the person's id, with the form's key) and then sent; what could not be sent goes out by itself when the
// network is back. The key makes the server answer a second arrival like the first. No affair is named here (ADR 0009).
(() => {
  "use strict";
  const main = document.querySelector("main[data-person]");
  const person = main ? Number(main.dataset.person) : 0, isKept = Boolean(main && main.hasAttribute("data-kept"));
  if (!person || !window.indexedDB || !window.fetch || !window.AbortController) return;
  const PAGE = "/unsent/", READY = "/unsent/ready";
  const SOON = 3e3, RARELY = 300e3; // back-off, ms
  const ANSWERED = 6 * 24 * 3600e3; // the server knows a key for 7 days: after 6, nothing whose fate is unknown goes by itself
  const ALIVE = 20 * 3600e3; // an uploaded photo that no form claimed lives for 24 hours
  const live = document.querySelector("[data-live]");

  // --- The store: one item for each form, in the order they were filled in.
  const store = new Promise((done, failed) => {
    const asked = indexedDB.open("sunlit", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("unsent", { keyPath: "id" }).createIndex("person", "person");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = asked.onblocked = () => failed(asked.error);
  });
  store.catch(() => { /* no store here (a private window): forms are sent as without this script */ });
  const write = async (work) => {
    const act = (await store).transaction("unsent", "readwrite");
    return new Promise((done, failed) => {
      let given;
      work(act.objectStore("unsent"), (value) => { given = value; });
      act.oncomplete = () => done(given);
      act.onerror = act.onabort = () => failed(act.error);
    });
  };
  const put = (item) => write((items) => items.put(item));
  const drop = (id) => write((items) => items.delete(id));
  // Changes an item unless it has been deleted meanwhile; gives it as it is now.
  const change = (id, how) => write((items, give) => {
    items.get(id).onsuccess = (event) => {
      const item = event.target.result;
      if (!item || item.person !== person) return;
      how(item);
      items.put(item);
      give(item);
    };
  });
  const all = async () => {
    const asked = (await store).transaction("unsent").objectStore("unsent").index("person").getAll(person);
    return new Promise((done, failed) => {
      asked.onsuccess = () => done(asked.result.sort((one, other) => one.made - other.made));
      asked.onerror = () => failed(asked.error);
    });
  };

  // --- From a form to an item.
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), (one) => one.toString(16).padStart(2, "0")).join("");
  async function itemOf(form) {
    const fields = [], files = [], typed = [], about = form.dataset;
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || value instanceof File) continue;
      fields.push([name, value]);
    }
    for (const box of form.querySelectorAll("[data-evidence]")) {
      const chosen = box.failed && box.failed.length ? box.failed : box.querySelector("input[type=file]").files;
      for (const file of chosen) files.push(await fileOf(box, file));
    }
    for (const box of form.querySelectorAll("textarea, input[type=text], input:not([type])")) if (box.value.trim()) typed.push(box.value.trim());
    const chosen = form.querySelector("input[name=unit]:checked"), where = form.querySelector("input[name=where]");
    const place = where && where.value.trim() || about.place || (chosen ? chosen.nextElementSibling.firstChild.textContent.trim() : "");
    return {
      id: form.dataset.mends || newKey(), person, fields, files, made: Date.now(), state: "waiting", why: "",
      action: new URL(form.getAttribute("action") || "", location.href).pathname, page: location.pathname + (form.querySelector("[data-places]") ? "?anywhere" : location.search),
      title: about.unsent, about: about.about || typed.filter((one) => one !== place)[0] || "", place, case: about.case || "",
      then: about.then ? [about.then, about.ahead] : null,
    };
  }
  async function fileOf(box, file) {
    const tools = window.sunlitPhotos, taken = tools ? await tools.momentOf(file) : "";
    const small = tools ? await tools.smaller(file) : file;
    const bytes = await new Promise((done, failed) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = failed;
      reader.readAsArrayBuffer(small);
    });
    const { evidence, upload, kinds } = box.dataset;
    return { field: evidence, upload, kinds, taken, name: file.name || "photo.jpg", type: small.type, bytes, id: "", at: 0 };
  }

  // --- Sending. An answer is {status, said}; none at all means that nobody knows whether it arrived.
  async function call(address, body, token, wait) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), wait);
    try {
      const answer = await fetch(address, {
        method: body ? "POST" : "GET", body, credentials: "same-origin", signal: stop.signal, cache: "no-store",
        headers: Object.assign({ Accept: "application/problem+json, application/json" }, token ? { "X-CSRFToken": token } : {}),
      });
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return null;
      const json = /json/.test(answer.headers.get("Content-Type") || "");
      return { status: answer.status, said: json ? await answer.json() : { url: answer.url } };
    } catch (gone) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
  const bodyOf = (pairs) => pairs.reduce((body, pair) => { body.append(...pair); return body; }, new FormData());
  const isOut = (answer) => answer.status === 401 || /first-do$/.test(answer.said.type || "");
  const isExpired = (answer) => /form-expired$/.test(answer.said.type || "");

  // Photos first, one by one; each is remembered by its id before the form goes, so the form is the same however often it goes.
  async function send(item, token) {
    for (let at = 0; at < item.files.length; at++) {
      const file = item.files[at];
      if (file.id) continue;
      const photo = new File([file.bytes], file.name, { type: file.type });
      const answer = await call(file.upload, bodyOf([["file", photo], ["taken", file.taken], ["kinds", file.kinds]]), token, 120e3);
      if (!answer || answer.status !== 201) return answer;
      item = await change(item.id, (now) => { now.files[at].id = now.files[at].id || answer.said.id; now.files[at].at = Date.now(); });
      if (!item) return { status: 0, said: {} };
    }
    item = await change(item.id, (now) => { now.tried = now.tried || Date.now(); });
    return item ? call(item.action, bodyOf([...item.fields, ...item.files.map((file) => [file.field, file.id])]), token, 30e3) : { status: 0, said: {} };
  }

  // What an answer means for the item. Gives false when it must wait.
  async function settle(item, answer) {
    if (!answer || isOut(answer) || isExpired(answer)) return false;
    if (answer.status === 200 || answer.status === 201) {
      await drop(item.id);
      await followUp(item, answer.said.version);
      say("已发出：" + item.title + " " + item.about);
      document.dispatchEvent(new CustomEvent("sent", { detail: [item.title + "：" + item.about, answer.said.url] }));
    } else if (answer.status === 422 && item.files.some((file) => file.id && Date.now() - file.at > ALIVE)) {
      await change(item.id, (now) => now.files.forEach((file) => { file.id = ""; })); // the photos were cleared away: again, once
    } else if (answer.status) {
      const said = answer.said, key = (said.errors || {}).key;
      const lines = Object.values(said.errors || {}).reduce((all, some) => all.concat(some), []).filter((line) => line !== said.detail);
      const lead = !item.case ? "" : { 409: "这一步已有人办了。", 412: "这件事先有人办了一步，您的没有写入。" }[answer.status] || "";
      const why = key ? "这一条先前已经送到，后来的改动没有写入。" : lead + [said.detail || "没有收下，请打开看看。", ...lines].join(" ");
      await change(item.id, (now) => { now.state = "refused"; now.why = why; now.tried = 0; });
    }
    return true;
  }
  // The next step of the same case was filled in knowing of this one: it goes with the version this one made.
  async function followUp(item, version) {
    if (!item.case || version === undefined) return;
    const seen = (item.fields.find(([name]) => name === "version") || [])[1];
    for (const other of await all()) {
      if (other.case !== item.case || other.tried || other.made < item.made) continue;
      await change(other.id, (now) => now.fields.forEach((pair) => { if (pair[0] === "version" && pair[1] === seen) pair[1] = String(version); }));
    }
  }

  let busy = null, pause = SOON, timer = 0;
  // Sends what waits, oldest first, up to and with `last` where it is given; gives the last answer.
  function drain(last, token) {
    busy = (busy || Promise.resolve()).then(() => drainNow(last, token)).catch(() => null).then((answer) => { show(); return answer; });
    return busy;
  }
  async function drainNow(last, token) {
    clearTimeout(timer);
    const waits = (await all()).filter((item) => item.state === "waiting");
    if (!waits.length) return null;
    let answer = null;
    for (const waiting of waits) {
      if (waiting.tried && Date.now() - waiting.tried > ANSWERED) {
        await change(waiting.id, (now) => { now.state = "refused"; now.why = "存得太久，不知道先前送到没有。请先看看有没有这一件，再决定重发或删除。"; now.tried = 0; });
        continue;
      }
      token = token || await tokenNow();
      if (!token) return later();
      if (token === "out") return { status: 401, said: {} };
      answer = await send(waiting, token);
      if (answer && isExpired(answer)) {
        token = await tokenNow();
        if (token && token !== "out") answer = await send(waiting, token);
      }
      if (!await settle(waiting, answer)) return answer && isOut(answer) ? answer : later();
      pause = SOON;
      if (waiting.id === last) return answer;
    }
    return answer;
  }
  function later() {
    timer = setTimeout(drain, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, RARELY);
    return null;
  }
  // Who is signed in now is the server's word, not this page's: another tab may have signed somebody else in. The token
  // it gives dies with that session, so that nothing of one person's is ever sent as another.
  async function tokenNow() {
    const answer = await call(READY, null, "", 15e3);
    if (!answer) return "";
    return answer.status === 200 && answer.said.person === person ? answer.said.token : "out";
  }

  // --- The page's own business.
  const say = (words) => { if (live) live.textContent = words; };
  async function show() {
    const items = await all(), many = items.length;
    document.querySelectorAll("[data-unsent-badge]").forEach((badge) => {
      badge.hidden = !many;
      badge.setAttribute("aria-label", "待发送 " + many + " 条");
      badge.querySelector(".count").textContent = many > 99 ? "99+" : many;
    });
    document.dispatchEvent(new CustomEvent("unsent", { detail: items }));
  }
  const native = (form) => HTMLFormElement.prototype.submit.call(form);

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || !form.matches("form[data-unsent]") || button && (button.name || button.hasAttribute("formaction"))) return;
    event.preventDefault();
    if (form.going) return;
    form.going = true;
    submitted(form).catch(() => native(form)).then(() => { form.going = false; });
  });
  async function submitted(form) {
    const item = await itemOf(form), token = isKept || form.dataset.mends ? "" : form.elements.csrfmiddlewaretoken.value;
    await put(item);
    const waits = (await all()).filter((one) => one.state === "waiting");
    const answer = await drain(item.id, waits[0].id === item.id ? token : "");
    if (answer && (answer.status === 200 || answer.status === 201) && answer.said.url) return location.assign(answer.said.url);
    if (answer && isOut(answer)) return location.assign(PAGE);
    const now = (await all()).find((one) => one.id === item.id);
    if (!now) return location.assign(item.case || PAGE);
    if (now.state === "refused") { // the server shows its own page, with everything typed and the mistakes marked
      await drop(item.id);
      return native(form);
    }
    if (navigator.storage && navigator.storage.persist && navigator.userAgent.indexOf("Firefox") < 0) navigator.storage.persist();
    if (await window.caches && await caches.match(PAGE, { ignoreVary: true })) return location.assign(PAGE);
    const note = document.createElement("p");
    note.className = "note note-soon";
    note.textContent = "已存在这台手机里，联网自动发出，不会丢也不会重复。";
    form.replaceWith(note);
    say(note.textContent);
    show();
  }

  // A form brought back to be mended: what was typed stands again, under the same key.
  async function mend(id) {
    const form = document.querySelector("form[data-unsent]"), item = form && (await all()).find((one) => one.id === id);
    if (!item) return;
    const given = item.fields.filter(([name]) => !["key", "version"].includes(name));
    for (const field of form.elements) {
      const values = given.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length && field.type !== "file") field.value = values[0];
    }
    const key = item.fields.find(([name]) => name === "key");
    if (key && form.elements.key) form.elements.key.value = key[1];
    form.dataset.mends = id;
    if (item.why) form.insertAdjacentElement("beforebegin", Object.assign(document.createElement("p"), { className: "note note-late mb-4", textContent: item.why }));
    for (const box of form.querySelectorAll("[data-evidence]")) {
      if (window.sunlitPhotos) given.forEach(([name, id]) => name === box.dataset.evidence && window.sunlitPhotos.show(box, id));
      const files = item.files.filter((file) => file.field === box.dataset.evidence);
      if (files.length && window.sunlitPhotos) window.sunlitPhotos.give(box, files.map((one) => new File([one.bytes], one.name, { type: one.type })));
    }
  }

  // A page from the phone's store: every form gets a key of its own, so that two reports from one page are two.
  if (isKept) document.querySelectorAll("input[name=key]").forEach((key) => { key.value = newKey(); });

  // The place reported from last is offered where a form asks for it.
  const here = document.querySelector("form[data-unit]"), asks = document.querySelector("[data-places] .picks");
  const last = "place-" + person;
  try {
    if (here) localStorage.setItem(last, JSON.stringify([here.dataset.unit, here.dataset.place]));
    const [unit, name] = JSON.parse(localStorage.getItem(last) || "[]");
    if (asks && unit && !asks.querySelector("[value='" + Number(unit) + "']")) {
      const label = document.createElement("label"), input = document.createElement("input"), span = document.createElement("span");
      Object.assign(input, { type: "radio", name: "unit", value: unit, className: "form-check-input" });
      span.textContent = name;
      label.append(input, span);
      asks.prepend(label);
    }
  } catch (none) { /* no storage */ }

  const again = () => { pause = SOON; if (!document.hidden) drain(); };
  window.addEventListener("online", again);
  window.addEventListener("focus", again);
  document.addEventListener("visibilitychange", again);
  window.sunlitUnsent = { send: () => drain(), drop: (id) => drop(id).then(show), show };
  const mends = /^#unsent-([\w-]+)$/.exec(location.hash);
  if (mends) window.addEventListener("DOMContentLoaded", () => mend(mends[1])); // photos.js is there by then
  show().then(again, () => { /* no store */ });

  // Pages of somebody else leave the phone; this person's next ones are laid in when the browser has nothing else to do.
  if (window.caches) caches.keys().then((names) => names.forEach((name) => {
    if (name.startsWith("pages-") && name !== "pages-" + person) caches.delete(name);
  })).catch(() => { /* not here */ });
  const passed = navigator.serviceWorker && navigator.serviceWorker.controller; // this page went through it, which kept it
  if (navigator.serviceWorker) window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((known) => {
      const links = Array.from(document.querySelectorAll("[data-ahead]"), (one) => one.dataset.ahead);
      const thin = navigator.connection && navigator.connection.saveData;
      if (!isKept && navigator.onLine && !thin && known.active) known.active.postMessage({ ahead: passed ? links : [location.pathname + location.search, ...links] });
    }).catch(() => { /* no service worker here: pages need the network, forms are kept all the same */ });
  });
})();
