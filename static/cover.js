// Covering parts of a photo: drag over it to tick the cells in between, move with the arrow keys, hear how many are ticked.
// Without this script every cell is a box of its own and the form works the same.
(function () {
  "use strict";
  var form = document.querySelector("[data-cover]"), grid = form && form.querySelector(".cover-grid");
  if (!grid) return;
  var cells = Array.prototype.slice.call(grid.querySelectorAll("input")), said = form.querySelector("[data-said]");
  var columns = grid.classList.contains("cover-tall") ? 6 : 12, drag = null;

  function tell() {
    var n = cells.filter(function (cell) { return cell.checked && !cell.disabled; }).length;
    said.textContent = n ? "选了 " + n + " 格，还没有遮。" : "";
  }
  function at(event) {
    var box = grid.getBoundingClientRect(), rows = cells.length / columns;
    function within(share, most) { return Math.max(0, Math.min(most - 1, Math.floor(share * most))); }
    return { row: within((event.clientY - box.top) / box.height, rows), column: within((event.clientX - box.left) / box.width, columns) };
  }
  function paint(to) {
    var rows = [drag.from.row, to.row].sort(rising), sides = [drag.from.column, to.column].sort(rising);
    cells.forEach(function (cell, n) {
      var row = Math.floor(n / columns), column = n % columns;
      var inside = row >= rows[0] && row <= rows[1] && column >= sides[0] && column <= sides[1];
      if (!cell.disabled) cell.checked = inside ? drag.tick : drag.before[n];
    });
    tell();
  }
  function rising(a, b) { return a - b; }

  form.addEventListener("change", tell);
  grid.addEventListener("keydown", function (event) {
    var step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key], n = cells.indexOf(event.target);
    if (!step || n < 0) return;
    event.preventDefault();
    for (n += step; cells[n]; n += step) if (!cells[n].disabled) return cells[n].focus();
  });

  if (!window.PointerEvent) return;
  form.classList.add("can-drag");
  form.querySelector("[data-drag]").hidden = false;
  grid.addEventListener("pointerdown", function (event) {
    if (event.button) return;
    var from = at(event), cell = cells[from.row * columns + from.column];
    drag = { from: from, tick: cell.disabled || !cell.checked, before: cells.map(function (one) { return one.checked; }), moved: false };
  });
  document.addEventListener("pointermove", function (event) {
    if (!drag) return;
    var to = at(event);
    if (!drag.moved && to.row === drag.from.row && to.column === drag.from.column) return; // a tap is the box's own
    drag.moved = true;
    event.preventDefault();
    paint(to);
  });
  // The press that ends a drag is no tap on the cell it began in.
  grid.addEventListener("click", function (event) { if (drag && drag.moved) event.preventDefault(); }, true);
  document.addEventListener("pointerup", function () { setTimeout(function () { drag = null; }); });
  document.addEventListener("pointercancel", function () { drag = null; });
})();
