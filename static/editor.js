// The editor of announcements: shows the text as readers will see it, and writes its marks into the field that is sent.
// Without this script the field itself is there, with the same marks typed by hand.
(function () {
  "use strict";
  var field = document.querySelector("textarea[data-rich]"), tools = document.querySelector("template[data-rich-tools]"), first = document.querySelector("template[data-rich-text]");
  if (!field || !tools || !first || !document.execCommand) return;
  var bar = tools.content.firstElementChild.cloneNode(true), paper = document.createElement("div"), label = document.querySelector('label[for="' + field.id + '"]');
  var help = document.getElementById(field.id + "_helptext"), asking = bar.querySelector("[data-asking]"), address = asking.querySelector("input"), chosen = null;
  var BLOCKS = /^(P|DIV|H[1-6]|UL|OL|BLOCKQUOTE|TABLE|SECTION|ARTICLE|PRE|FIGURE)$/;
  var box = document.querySelector('[data-evidence="pictures"]'), spot = null;  // the form's own way of taking photos, and where the next one goes

  paper.className = "rich rich-paper form-control";
  paper.contentEditable = "true";
  paper.setAttribute("role", "textbox");
  paper.setAttribute("aria-multiline", "true");
  if (label) { label.id = label.id || field.id + "_label"; paper.setAttribute("aria-labelledby", label.id); }
  if (field.getAttribute("aria-describedby")) paper.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  if (field.getAttribute("aria-invalid")) { paper.setAttribute("aria-invalid", "true"); paper.classList.add("is-invalid"); }
  paper.append(first.content.cloneNode(true));
  paper.querySelectorAll("figure").forEach(dressed);
  if (!paper.firstChild) paper.append(document.createElement("p"));
  field.before(bar, paper);
  visual(true);
  if (label) label.addEventListener("click", function () { if (!paper.hidden) paper.focus(); });
  document.execCommand("defaultParagraphSeparator", false, "p");

  function visual(on) {
    paper.hidden = !on;
    field.hidden = on;
    if (help) help.hidden = on;
    bar.querySelectorAll("[data-do]").forEach(function (button) { button.disabled = !on && button.dataset.do !== "marks"; });
    var marks = bar.querySelector('[data-do="marks"]');
    marks.setAttribute("aria-pressed", String(!on));
  }

  // What the paper says, in marks; signs that would be taken for marks are escaped.
  function plain(text) { return text.replace(/\u00a0/g, " ").replace(/[\u200b\ufeff]/g, "").replace(/[\\*\[\]|]/g, "\\$&"); }
  function inside(node) {
    return Array.prototype.map.call(node.childNodes, function (one) {
      if (one.nodeType === 3) return plain(one.data.replace(/\s*\n\s*/g, " "));
      if (one.nodeType !== 1) return "";
      if (one.tagName === "BR") return "\n";
      var words = inside(one);
      if (/^(B|STRONG)$/.test(one.tagName)) return around(words, "**");
      if (/^(I|EM)$/.test(one.tagName)) return around(words, "*");
      if (one.tagName === "A" && /^(https?:\/\/|mailto:|tel:)[^\s()<>]+$/.test(one.getAttribute("href") || "") && words.trim()) return "[" + words.trim().replace(/\n/g, " ") + "](" + one.getAttribute("href") + ")";
      return words;
    }).join("");
  }
  function around(words, mark) {  // marks hold within a line, and not around blanks
    return words.split("\n").map(function (line) {
      var bare = line.trim();
      return bare ? line.replace(bare, function () { return mark + bare + mark; }) : line;
    }).join("\n");
  }
  function lines(node) { return inside(node).split("\n").map(function (line) { return line.trim(); }).filter(Boolean); }
  function paragraph(text) {
    return text.map(function (line) { return line.replace(/^(#{1,2} |- |> )/, "\\$1").replace(/^(\d{1,3}[.、])/, "\\$1"); }).join("\n");
  }
  function blocks(node) {
    var found = [], loose = document.createElement("p");
    function settle() { if (lines(loose).length) found.push(paragraph(lines(loose))); loose = document.createElement("p"); }
    Array.prototype.forEach.call(node.childNodes, function (one) {
      if (one.nodeType !== 1 || !BLOCKS.test(one.tagName)) { loose.append(one.cloneNode(true)); return; }
      settle();
      var name = one.tagName, words = lines(one), holds = Array.prototype.some.call(one.children, function (child) { return BLOCKS.test(child.tagName); });
      if (name === "FIGURE") { if (named(one)) found.push("![" + plain(one.querySelector("figcaption input").value).replace(/\s+/g, " ").trim() + "](" + named(one) + ")"); }
      else if (/^H[1-6]$/.test(name)) { if (words.length) found.push((name < "H3" ? "# " : "## ") + words.join(" ")); }
      else if (name === "UL" || name === "OL") found.push(Array.prototype.map.call(one.querySelectorAll("li"), function (item, at) { return (name === "UL" ? "- " : at + 1 + ". ") + lines(item).join(" "); }).join("\n"));
      else if (name === "TABLE") found.push(Array.prototype.map.call(one.rows, function (row) { return "| " + Array.prototype.map.call(row.cells, function (cell) { return lines(cell).join(" "); }).join(" | ") + " |"; }).join("\n"));
      else if (name === "BLOCKQUOTE") { if (words.length) found.push((holds ? blocks(one).join("\n").split("\n") : words).filter(Boolean).map(function (line) { return "> " + line; }).join("\n")); }
      else if (holds) found = found.concat(blocks(one));
      else if (words.length) found.push(paragraph(words));
    });
    settle();
    return found;
  }
  function write() {
    if (paper.hidden) return;
    var text = blocks(paper).join("\n\n");
    held().forEach(function (keep) {  // a picture taken out of the text is not sent
      keep.checked = text.indexOf("](" + keep.value.slice(0, 8) + ")") >= 0;
      keep.closest("figure").hidden = !keep.checked;
    });
    if (text !== field.value) { field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); }
  }

  // Pictures: uploaded by photos.js, shown here with a line for what they show, which everybody reads and blind people hear.
  function held() { return box ? Array.prototype.slice.call(box.querySelectorAll(".keep")) : []; }
  function named(figure) {
    var picture = figure.querySelector("img"), found = picture && /([0-9a-f]{8})-[0-9a-f]{4}-/.exec(picture.getAttribute("src") || "");
    return found && figure.querySelector("figcaption input") ? found[1] : "";
  }
  function dressed(figure) {
    var said = figure.querySelector("figcaption"), words = document.createElement("input"), drop = document.createElement("button");
    figure.contentEditable = "false";
    words.className = "form-control";
    words.maxLength = 100;
    words.value = said.textContent;
    words.placeholder = "写一句图上是什么";
    words.setAttribute("aria-label", "图上是什么");
    said.removeAttribute("aria-hidden");
    said.textContent = "";
    said.append(words);
    drop.type = "button";
    drop.className = "btn btn-line btn-sm";
    drop.textContent = "去掉这张图";
    drop.onclick = function () { figure.remove(); write(); paper.focus(); };
    figure.append(drop);
    return figure;
  }
  function shows(piece) {
    var name = piece.id.slice(0, 8), figure = document.createElement("figure"), picture = document.createElement("img"), after = document.createElement("p");
    if (paper.hidden) { field.value += (field.value.trim() ? "\n\n" : "") + "![](" + name + ")"; return; }
    picture.src = piece.url;
    picture.alt = "";
    figure.append(picture, document.createElement("figcaption"));
    after.append(document.createElement("br"));
    if (spot && spot.parentNode === paper) spot.after(dressed(figure)); else paper.append(dressed(figure));
    if (!figure.nextElementSibling) figure.after(after);
    if (spot && spot.nodeName === "P" && !spot.textContent.trim() && !spot.querySelector("img")) spot.remove();
    spot = figure;  // the next one of the same choice stands below it
    figure.querySelector("input").focus();
    write();
  }
  if (box) {
    box.addEventListener("settled", function (event) { if (event.detail.url) shows(event.detail); });
    box.addEventListener("change", function (event) {
      if (!event.target.matches(".keep") || event.target.checked) return;
      paper.querySelectorAll("figure").forEach(function (figure) { if (named(figure) === event.target.value.slice(0, 8)) figure.remove(); });
      write();
    });
  }

  function at(name) {  // the block of this name the cursor stands in
    var node = getSelection().anchorNode;
    node = node && (node.nodeType === 1 ? node : node.parentElement);
    return node && paper.contains(node) && node.closest(name);
  }
  function grown() {  // a table below the block the cursor stands in; the browser's own command would break it up
    var made = document.createElement("template"), here = getSelection().anchorNode, row = "<tr><td><br></td><td><br></td></tr>";
    made.innerHTML = "<table><thead><tr><th>项目</th><th>内容</th></tr></thead><tbody>" + row + row + "</tbody></table><p><br></p>";
    while (here && here.parentNode !== paper) here = paper.contains(here) && here !== paper ? here.parentNode : null;
    var first = made.content.querySelector("td");
    if (here) here.after(made.content); else paper.append(made.content);
    if (here && !here.textContent.trim()) here.remove();
    getSelection().collapse(first, 0);
  }
  function block(name) { document.execCommand("formatBlock", false, at(name) ? "p" : name); }
  var DOES = {
    heading: function () { block("h2"); },
    bold: function () { document.execCommand("bold"); },
    list: function () { document.execCommand("insertUnorderedList"); },
    numbers: function () { document.execCommand("insertOrderedList"); },
    quote: function () { block("blockquote"); },
    table: function () {
      if (!at("table")) return grown();
      var here = at("tr"), body = here.closest("table").tBodies[0], copy = here.cloneNode(true);
      copy.querySelectorAll("td,th").forEach(function (cell) { var fresh = document.createElement("td"); fresh.append(document.createElement("br")); cell.replaceWith(fresh); });
      if (body.contains(here)) here.after(copy); else body.prepend(copy);
    },
    picture: function () {
      for (spot = getSelection().anchorNode; spot && spot.parentNode !== paper;) spot = paper.contains(spot) && spot !== paper ? spot.parentNode : null;
      if (box) box.querySelector("input[type=file]").click();
    },
    link: function () {
      var selection = getSelection();
      chosen = selection.rangeCount && paper.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
      asking.hidden = !asking.hidden;
      if (!asking.hidden) address.focus();
    },
    linked: function () {
      var to = address.value.trim();
      if (to && !/^[a-z]+:/i.test(to)) to = "https://" + to;
      if (!/^(https?:\/\/|mailto:|tel:)[^\s()<>]+$/i.test(to)) { address.setAttribute("aria-invalid", "true"); address.focus(); return; }
      address.removeAttribute("aria-invalid");
      asking.hidden = true;
      paper.focus();
      if (chosen) { getSelection().removeAllRanges(); getSelection().addRange(chosen); }
      if (getSelection().isCollapsed) {
        var link = document.createElement("a");
        link.href = to; link.textContent = to;
        document.execCommand("insertHTML", false, link.outerHTML);
      } else document.execCommand("createLink", false, to);
      address.value = "";
    }
  };
  bar.addEventListener("mousedown", function (event) { if (event.target.closest("[data-do]")) event.preventDefault(); });  // the selection stays
  bar.addEventListener("click", function (event) {
    var button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "marks") {  // back from the marks the preview shows them; the paper is drawn by the server alone
      if (!paper.hidden) { write(); visual(false); field.focus(); } else field.form.querySelector("[name=preview]").click();
      return;
    }
    if (button.dataset.do !== "link" && button.dataset.do !== "linked") paper.focus();
    DOES[button.dataset.do]();
    write();
  });
  address.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); DOES.linked(); write(); } });
  paper.addEventListener("keydown", function (event) { if (event.key === "Enter" && event.target.closest("figcaption")) event.preventDefault(); });
  paper.addEventListener("input", write);
  paper.addEventListener("blur", write);
  paper.addEventListener("paste", function (event) {  // words come along, the looks of another program do not
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  field.form.addEventListener("submit", write);
})();
