/* The form of a return: after each automatic save, what is wrong is said beside its field. The
   page works without this file: the same words come back when one saves. */
(function () {
  "use strict";
  var form = document.querySelector("form.return-form");
  if (!form) return;
  var boxes = {};
  Array.prototype.forEach.call(form.querySelectorAll("[data-problems]"), function (box) {
    boxes[box.getAttribute("data-problems")] = box;
  });

  function boxOf(path) {
    var parts = path.split(".");
    for (var n = parts.length; n > 1; n -= 1) {
      var box = boxes[parts.slice(0, n).join(".")];
      if (box) return box;
    }
    return null;
  }

  function show(problem) {
    var box = boxOf(problem.path), field = document.getElementById(problem.path);
    if (!box) return;
    var line = document.createElement("p");
    line.className = problem.error ? "field__error" : "field__warning";
    line.textContent = problem.message;
    box.appendChild(line);
    if (!field || !field.matches("input, select, textarea")) return;
    field.setAttribute("aria-invalid", "true");
    var folded = field.closest("details:not(.question)");
    if (folded) folded.open = true;
  }

  form.addEventListener("danbe:saved", function (event) {
    var said;
    try { said = JSON.parse(event.detail); } catch (error) { return; }
    Object.keys(boxes).forEach(function (path) { boxes[path].textContent = ""; });
    Array.prototype.forEach.call(form.querySelectorAll("[aria-invalid]"), function (field) {
      field.removeAttribute("aria-invalid");
    });
    (said.problems || []).forEach(show);
  });
})();
