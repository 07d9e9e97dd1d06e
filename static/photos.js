// Photos in forms: made smaller in the browser, uploaded while the person goes on typing, shown with a way to remove them.
// Whatever fails here stays in the file chooser, and the form carries it when it is sent, as it does without this script.
(function () {
  "use strict";
  var EDGE = 1600, SMALL = 400 * 1024, QUALITY = 0.82;
  if (!window.fetch || !window.FormData || !HTMLCanvasElement.prototype.toBlob) return;
  document.documentElement.classList.add("has-photos");

  // Old kernels draw photos lying on their side; there the server turns them. A picture of 1 by 2 pixels, marked "turn me".
  var turns = new Promise(function (done) {
    var probe = new Image();
    probe.onload = function () { done(probe.naturalWidth === 2); };
    probe.onerror = function () { done(false); };
    probe.src = "data:image/jpeg;base64,/9j/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAACAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AR//Z";
  });

  // When the camera took it: the only fact kept, and the canvas would lose it.
  function momentOf(file) {
    return read(file.slice(0, 131072)).then(function (buffer) {
      var all = new DataView(buffer), at = 2;
      if (all.byteLength < 12 || all.getUint16(0) !== 0xffd8) return "";
      while (at + 10 < all.byteLength && all.getUint8(at) === 0xff) {
        var length = all.getUint16(at + 2);
        if (all.getUint8(at + 1) === 0xe1 && all.getUint32(at + 4) === 0x45786966) return exifMoment(all, at + 10);
        at += 2 + length;
      }
      return "";
    }).catch(function () { return ""; });
  }
  function exifMoment(all, start) {
    var little = all.getUint16(start) === 0x4949;
    function entry(folder, wanted) {
      for (var n = all.getUint16(folder, little), i = 0; i < n; i++) {
        var at = folder + 2 + i * 12;
        if (all.getUint16(at, little) === wanted) return start + all.getUint32(at + 8, little);
      }
      return 0;
    }
    var inner = entry(start + all.getUint32(start + 4, little), 0x8769), text = inner && entry(inner, 0x9003), said = "";
    for (var i = 0; text && i < 19; i++) said += String.fromCharCode(all.getUint8(text + i));
    return said;
  }
  function read(blob) {
    return new Promise(function (done, failed) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.onerror = failed;
      reader.readAsArrayBuffer(blob);
    });
  }

  // A smaller JPEG, or the file itself where it is small already or this browser cannot read it.
  function smaller(file) {
    if (!/^image\//.test(file.type) || file.size <= SMALL) return Promise.resolve(file);
    return turns.then(function (upright) { return upright ? drawn(file) : file; }).catch(function () { return file; });
  }
  function drawn(file) {
    return new Promise(function (done, failed) {
      var picture = new Image(), url = URL.createObjectURL(file);
      picture.onerror = function () { URL.revokeObjectURL(url); failed(); };
      picture.onload = function () {
        var share = Math.min(1, EDGE / Math.max(picture.naturalWidth, picture.naturalHeight)), canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(picture.naturalWidth * share));
        canvas.height = Math.max(1, Math.round(picture.naturalHeight * share));
        var pen = canvas.getContext("2d");
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob(function (blob) { done(blob && blob.size < file.size ? blob : file); }, "image/jpeg", QUALITY);
      };
      picture.src = url;
    });
  }

  function upload(box, file, progress) {
    return Promise.all([momentOf(file), smaller(file)]).then(function (both) {
      return new Promise(function (done, failed) {
        var form = box.closest("form"), token = form.querySelector("[name=csrfmiddlewaretoken]");
        var body = new FormData(), call = new XMLHttpRequest();
        body.append("file", both[1], file.name || "photo.jpg");
        body.append("taken", both[0]);
        body.append("kinds", box.dataset.kinds);
        call.open("POST", box.dataset.upload);
        call.setRequestHeader("X-CSRFToken", token ? token.value : "");
        call.setRequestHeader("Accept", "application/problem+json, application/json");
        call.timeout = 120000;
        call.upload.onprogress = function (event) { if (event.lengthComputable) progress(event.loaded / event.total); };
        call.onerror = call.ontimeout = function () { failed(""); };
        call.onload = function () {
          var said = {};
          try { said = JSON.parse(call.responseText) || {}; } catch (no) { /* a page, not an answer for scripts */ }
          if (call.status === 201 && said.id) done(said); else failed(call.status === 422 && said.detail || "");
        };
        call.send(body);
      });
    });
  }

  function make(tag, attributes, parent) {
    var node = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    if (parent) parent.appendChild(node);
    return node;
  }
  function say(box, words) { box.querySelector("[data-said]").textContent = words; }

  // One file on its way: a figure with a bar, then the thumbnail with its tick. Gives the file back when it did not arrive.
  function start(box, file) {
    var adder = box.querySelector(".adder"), figure = make("figure", { "class": "shot" });
    var bar = make("progress", { max: "1", "aria-label": "正在上传 " + file.name }, figure);
    adder.parentNode.insertBefore(figure, adder);
    return upload(box, file, function (share) { bar.value = share; }).then(function (piece) {
      settle(box, figure, piece);
      (piece.more || []).forEach(function (page) { settle(box, adder.parentNode.insertBefore(make("figure", { "class": "shot" }), adder), page); });
      return null;
    }, function (sentence) {
      if (sentence) figure.remove(); else hold(box, figure, file);
      say(box, file.name + (sentence ? "：" + sentence : " 还没有传上去，提交时会再传一次。"));
      return sentence ? null : file;
    });
  }
  // What did not arrive is shown as it lies on the phone, with a way to remove it.
  function hold(box, figure, file) {
    figure.textContent = "";
    if (/^image\//.test(file.type)) {
      var url = URL.createObjectURL(file), picture = make("img", { src: url, alt: "还没有传上去的照片 " + file.name, width: "160", height: "160" }, figure);
      picture.onload = picture.onerror = function () { URL.revokeObjectURL(url); };
    } else make("figcaption", {}, figure).textContent = file.name;
    var drop = make("button", { "class": "drop", type: "button" }, figure);
    drop.appendChild(box.querySelector("template").content.cloneNode(true));
    make("span", { "class": "sr" }, drop).textContent = "不要 " + file.name;
    drop.onclick = function () {
      var input = box.querySelector("input[type=file]");
      box.failed = box.failed.filter(function (one) { return one !== file; });
      figure.remove();
      leave(box, input);
      say(box, "已移走");
      input.focus();
    };
    figure.setAttribute("data-held", "");
  }
  function settle(box, figure, piece) {
    var number = box.querySelectorAll(".keep").length + 1, id = "keep-" + piece.id;
    figure.textContent = "";
    make("input", { "class": "sr keep", type: "checkbox", name: box.dataset.evidence, value: piece.id, id: id, checked: "", "data-now": "" }, figure);
    if (piece.thumbnail_url) make("img", { src: piece.thumbnail_url, alt: "照片 " + number, width: "160", height: "160" }, figure);
    else make("figcaption", {}, figure).textContent = piece.name;
    if (piece.thumbnail_url) {
      var mask = make("a", { "class": "mask", href: box.dataset.upload + piece.id + "/cover", target: "_blank", rel: "noopener" }, figure);
      mask.textContent = "遮挡";
      make("span", { "class": "sr" }, mask).textContent = "第 " + number + " 张照片，在新页里打开";
    }
    var drop = make("label", { "class": "drop", "for": id }, figure);
    drop.appendChild(box.querySelector("template").content.cloneNode(true));
    make("span", { "class": "sr" }, drop).textContent = "保留第 " + number + " 个，取消勾选就不交";
    box.dispatchEvent(new CustomEvent("settled", { detail: piece }));  // for editor.js
  }

  // The chooser keeps what did not arrive and loses the rest, so that sending the form sends each file once. Where the
  // browser cannot do that, it keeps the whole choice and the thumbnails of that choice go.
  function leave(box, input) {
    try {
      var rest = new DataTransfer();
      box.failed.forEach(function (file) { rest.items.add(file); });
      input.files = rest.files;
    } catch (old) {
      if (!box.failed.length || window.sunlitUnsent && box.closest("[data-unsent]")) input.value = ""; // offline.js sends them
      else box.querySelectorAll("[data-now]").forEach(function (keep) { keep.closest("figure").remove(); });
    }
  }

  document.addEventListener("change", function (event) {
    var box = event.target.closest && event.target.closest("[data-evidence]");
    if (!box) return;
    if (event.target.matches(".keep") && !event.target.checked) {
      event.target.closest("figure").remove();
      say(box, "已移走");
      box.querySelector("input[type=file]").focus();
    }
    if (event.target.matches("input[type=file]") && event.target.files.length) take(box, event.target, event.target.files);
  });

  function take(box, input, chosen) {
    var files = Array.prototype.slice.call(chosen);
    box.querySelectorAll("[data-now]").forEach(function (keep) { keep.removeAttribute("data-now"); });
    // A second choice adds to the first one's failures: a camera gives one photo at a time. A chooser of one replaces.
    if (!input.multiple) box.querySelectorAll("[data-held]").forEach(function (figure) { figure.remove(); });
    box.failed = (input.multiple || box.waiting) && box.failed || [];
    say(box, "");
    // One after another: a school's uplink is thin, and the first thumbnail appears sooner.
    var all = files.reduce(function (queue, file) {
      return queue.then(function () { return start(box, file); }).then(function (kept) { if (kept) box.failed.push(kept); });
    }, box.waiting || Promise.resolve()).then(function () {
      if (box.waiting !== all) return;
      box.waiting = null;
      leave(box, input);
    });
    box.waiting = all;
  }

  // Back from the page where parts of a photo are covered: its small picture is asked for anew.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-evidence] .mask"), picture = link && link.parentNode.querySelector("img");
    if (!picture) return;
    window.addEventListener("focus", function again() {
      window.removeEventListener("focus", again);
      picture.src = picture.src.split("?")[0] + "?v=" + Date.now();
    });
  });

  // For offline.js: the same photo made small, its moment, and photos given back to a form: those
  // uploaded ahead by their number, others as they lie on the phone.
  window.sunlitPhotos = {
    smaller: smaller,
    momentOf: momentOf,
    show: function (box, id) {
      var adder = box.querySelector(".adder"), figure = make("figure", { "class": "shot" });
      adder.parentNode.insertBefore(figure, adder);
      settle(box, figure, { id: id, name: "文件", thumbnail_url: /photo/.test(box.dataset.kinds) && box.dataset.upload + id + "/thumb" });
    },
    give: function (box, files) { take(box, box.querySelector("input[type=file]"), files); }
  };

  // What was chosen before this script had come over a slow line.
  document.querySelectorAll("[data-evidence] input[type=file]").forEach(function (input) {
    if (input.files.length) take(input.closest("[data-evidence]"), input, input.files);
  });

  // Sending the form while photos are on their way waits for them, then presses the same button again.
  var pressed = null;
  document.addEventListener("click", function (event) {
    pressed = event.target.closest && event.target.closest("button, input[type=submit]");
  }, true);
  document.addEventListener("submit", function (event) {
    var form = event.target, waits = [];
    form.querySelectorAll("[data-evidence]").forEach(function (box) { if (box.waiting) waits.push(box.waiting); });
    if (!waits.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    var button = event.submitter || (pressed && pressed.form === form ? pressed : form.querySelector("[type=submit],button:not([type])"));
    if (button) button.setAttribute("aria-busy", "true");
    Promise.all(waits).then(function () {
      if (button) { button.removeAttribute("aria-busy"); button.click(); } else form.submit();
    });
  }, true);
})();
