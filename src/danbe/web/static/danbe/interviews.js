/* Questions behind a gate unfold when the gate is answered «yes». Without this file one opens them. */
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("details[data-gates]"), function (block) {
    block.getAttribute("data-gates").trim().split(/\s+/).forEach(function (name) {
      Array.prototype.forEach.call(document.getElementsByName(name), function (radio) {
        radio.addEventListener("change", function () { if (radio.value === "yes") block.open = true; });
      });
    });
  });
})();
