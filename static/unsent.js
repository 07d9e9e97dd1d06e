// 待发送: the list of what waits on this phone, filled from offline.js's store; one can mend, delete, send now.
(() => {
  "use strict";
  const page = document.querySelector("[data-unsent-list]"), row = document.querySelector("[data-unsent-row]");
  if (!page || !row) return;
  const none = page.querySelector("[data-unsent-none]"), some = page.querySelector("[data-unsent-some]"), list = some.querySelector("ul");
  const sendNow = document.querySelector("[data-unsent-send]"), count = document.querySelector("[data-unsent-count]");
  let pictures = [], shown = "";
  if (!window.sunlitUnsent) { // a browser without a store keeps nothing
    none.hidden = false;
    return;
  }

  const size = (bytes) => bytes < 1e5 ? Math.max(1, Math.round(bytes / 1e3)) + " KB" : (bytes / 1e6).toFixed(1) + " MB";
  function noteOf(item) {
    const made = new Date(item.made), today = made.toDateString() === new Date().toDateString();
    const clock = made.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    const photos = item.files.length && "照片 " + item.files.length + " 张，" + size(item.files.reduce((sum, file) => sum + file.bytes.byteLength, 0));
    return [item.place, today ? clock : made.getMonth() + 1 + "月" + made.getDate() + "日 " + clock, photos].filter(Boolean).join(" · ");
  }

  function rowOf(item) {
    const made = row.content.cloneNode(true), part = (name) => made.querySelector("[data-" + name + "]");
    part("title").textContent = item.about ? item.title + "：" + item.about : item.title;
    part("note").textContent = noteOf(item);
    const refused = item.state === "refused";
    part("waits").hidden = refused;
    part("state").textContent = navigator.onLine ? "等着发送" : "等网络";
    part("refused").hidden = !refused;
    part("why").textContent = item.why;
    part("mend").href = item.page + "#unsent-" + item.id;
    if (item.case) {
      part("look").hidden = !refused;
      part("look").href = item.case;
    }
    if (item.then && !refused) {
      part("then").hidden = false;
      part("then").textContent = "接着办：" + item.then[0];
      part("then").href = item.then[1];
    }
    const photo = item.files.find((file) => /^image\//.test(file.type));
    if (photo) {
      const url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })), picture = document.createElement("img");
      Object.assign(picture, { src: url, alt: "", width: 48, height: 48 });
      made.querySelector(".tile").replaceChildren(picture);
      pictures.push(url);
    }
    const drop = part("drop");
    drop.setAttribute("aria-label", "删除 " + item.title);
    drop.onclick = () => {
      if (drop.dataset.sure) return window.sunlitUnsent.drop(item.id);
      drop.dataset.sure = "1";
      drop.querySelector("span").textContent = "确定删除";
      drop.setAttribute("aria-label", "确定删除 " + item.title);
      drop.className = "btn btn-danger btn-sm";
      return null;
    };
    return made;
  }

  document.addEventListener("unsent", (event) => {
    const items = event.detail, now = JSON.stringify([navigator.onLine, items.map((item) => [item.id, item.state, item.why])]);
    if (now === shown) return; // a row somebody is just pressing stays as it is
    shown = now;
    pictures.forEach((url) => URL.revokeObjectURL(url));
    pictures = [];
    list.replaceChildren(...items.map(rowOf));
    none.hidden = items.length > 0;
    some.hidden = items.length === 0;
    sendNow.hidden = !items.some((item) => item.state === "waiting");
    count.textContent = items.length ? items.length + " 条" : "";
  });
  // What went out while one looks is said, with the way to it.
  document.addEventListener("sent", (event) => {
    const note = document.createElement("p"), words = document.createElement("span"), link = document.createElement("a");
    note.className = "note note-done mb-3";
    link.href = event.detail[1];
    link.textContent = "看进展";
    words.append("已发出 " + event.detail[0] + "　", link);
    note.append(words);
    page.prepend(note);
  });
  sendNow.addEventListener("click", () => {
    sendNow.setAttribute("aria-busy", "true");
    window.sunlitUnsent.send().then(() => sendNow.removeAttribute("aria-busy"));
  });
  window.addEventListener("online", window.sunlitUnsent.show);
  window.addEventListener("offline", window.sunlitUnsent.show);
  window.sunlitUnsent.show();
})();
