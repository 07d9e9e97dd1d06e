// The portal's small script: clocks that count, dialogs, one submit at a time. Every page works without it.
(function () {
  "use strict";
  var live = document.querySelector("[data-live]");
  var main = document.querySelector("[data-now]");
  // A browser with a wrong clock still counts right: the server says what time it was when the page was made
  // (of a page kept on the phone it no longer tells).
  var skew = main && !main.hasAttribute("data-kept") ? Date.parse(main.dataset.now) - Date.now() : 0;

  function words(ms) {
    var minutes = Math.floor(Math.abs(ms) / 60000), days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
    var parts = days ? [days + " 天", hours && hours + " 小时"] : hours ? [hours + " 小时", minutes % 60 && minutes % 60 + " 分"] : [minutes && minutes + " 分"];
    return parts.filter(Boolean).join(" ") || "不到 1 分";
  }

  function tick() {
    document.querySelectorAll("[data-due]").forEach(function (clock) {
      var left = Date.parse(clock.dataset.due) - Date.now() - skew, span = clock.querySelector("[data-left]");
      if (span) span.textContent = words(left);
      if (left > 0 || clock.classList.contains("is-late")) return;
      clock.classList.remove("is-going", "is-soon");
      clock.classList.add("is-late");
      var lead = clock.querySelector("[data-lead]");
      if (lead) lead.textContent = "已超时";
      if (live) live.textContent = (clock.dataset.name || "有一件") + " 已超时";
    });
  }
  tick();
  setInterval(tick, 15000);

  // One submit at a time; the form keeps its idempotency key, so sending again replays the first answer.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    var button = event.submitter || form.querySelector("[type=submit],button:not([type])");
    if (button) button.setAttribute("aria-busy", "true");
    setTimeout(function () { release(form); }, 20000);
  });
  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach(function (button) { button.removeAttribute("aria-busy"); });
  }
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form");
    if (form) release(form);
  });

  // Dialogs are the browser's own; the sheet behind ＋ closes on a tap beside it and on Escape.
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-open]"), closer = event.target.closest("[data-close]");
    if (opener) {
      var dialog = document.getElementById(opener.dataset.open);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    }
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-reload]")) location.reload();
    document.querySelectorAll("details[data-sheet][open]").forEach(function (sheet) {
      if (!sheet.contains(event.target)) sheet.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-sheet][open]").forEach(function (sheet) {
      sheet.open = false;
      sheet.querySelector("summary").focus();
    });
  });

  // A filter's drop-down applies itself; without script its button does.
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-apply]")) event.target.form.requestSubmit();
  });

  // A long sheet or list narrows to the lines one types a word of; what is filled in in the others is sent all the same.
  var sift = document.querySelector("form[data-sift]");
  function sifted() {
    var said = sift.elements.q.value.trim().toLowerCase(), first = null;
    document.querySelectorAll(".lines-sheet .line,.picks label").forEach(function (line) {
      line.hidden = (line.querySelector("legend") || line).textContent.toLowerCase().indexOf(said) < 0;
      if (!line.hidden && !first) first = line;
    });
    return first;
  }
  if (sift) {
    sift.hidden = false;
    sift.addEventListener("input", sifted);
    sift.addEventListener("submit", function (event) {
      event.preventDefault();
      var first = sifted();
      if (first) first.querySelector("input:not([type=hidden])").focus();
    });
  }

  // What was typed is not lost by a stray tap on a link.
  var touched = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-keep]")) touched = true;
  });
  document.addEventListener("submit", function () { touched = false; });
  window.addEventListener("beforeunload", function (event) {
    if (touched) event.preventDefault();
  });

  // The banner that says the network is gone, and of a page kept on the phone how old it is; its messages are read.
  var kept = main && main.hasAttribute("data-kept"), banner = document.querySelector("[data-offline-words]");
  if (kept) document.querySelectorAll(".notes").forEach(function (notes) { notes.remove(); });
  if (banner && document.querySelector("form[data-unsent]:not(.d-grid)")) banner.textContent = "可继续填写，联网自动发出";
  else if (banner && kept && !document.querySelector("[data-unsent-list]")) {
    banner.textContent = "这一页是 " + new Date(main.dataset.now).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }) + " 的样子";
  }
  function network() {
    document.querySelectorAll("[data-offline]").forEach(function (banner) { banner.hidden = navigator.onLine; });
  }
  window.addEventListener("online", network);
  window.addEventListener("offline", network);
  network();

  // Whoever comes back to the page sees the bell as it is now; somebody signed out meanwhile is left in peace.
  var asked = Date.now();
  document.addEventListener("visibilitychange", function () {
    var bells = document.querySelectorAll("[data-bell]");
    if (document.hidden || !bells.length || !window.fetch || Date.now() - asked < 30000) return;
    asked = Date.now();
    fetch(bells[0].dataset.bell, { redirect: "manual", credentials: "same-origin" }).then(function (answer) {
      return answer.status === 200 ? answer.text() : null;
    }).then(function (badge) {
      if (badge === null) return;
      bells.forEach(function (bell) {
        bell.innerHTML = badge;
        bell.parentNode.setAttribute("aria-label", bell.textContent.trim() ? "消息 " + bell.textContent.trim() + " 条未读" : "消息");
      });
    }).catch(function () { /* no network: the next return asks again */ });
  });

  // The row of an affair's pages stands where one is.
  var here = document.querySelector(".within .on"), row = here && here.parentNode;
  if (row) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;

  // A refused form puts the cursor on its first mistake.
  var wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
})();
