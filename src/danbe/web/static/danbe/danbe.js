/* Danbe: small enhancements only. Every page works without this file. Texts come from the page. */
(function () {
  "use strict";
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  var fold = function (text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""); };

  // Drafts are kept on the server a second after typing stops; a cut is said, and tried again.
  all("form[data-autosave]").forEach(function (form) {
    var state = form.querySelector("[data-save-state]") || document.querySelector("[data-save-state]");
    var timer = null, sending = false, dirty = false, failed = false;
    var say = function (name) {
      if (!state) return;
      var time = new Date().toTimeString().slice(0, 5);
      state.textContent = (state.getAttribute("data-" + name) || "").replace("{time}", time);
    };
    var later = function (delay) { clearTimeout(timer); timer = setTimeout(save, delay); };
    function save() {
      if (sending || !dirty) return;
      sending = true; dirty = false; say("saving");
      fetch(form.getAttribute("data-autosave"), {
        method: "POST", body: new FormData(form), credentials: "same-origin",
        headers: { "X-Requested-With": "XMLHttpRequest", "X-Danbe-Autosave": "1" }
      }).then(function (answer) {
        if (answer.status === 409) { form.setAttribute("data-stopped", ""); say("conflict"); return null; }
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        failed = false;
        return answer.text().then(function (text) {
          var version = form.elements.namedItem("version");
          var given = answer.headers.get("X-Danbe-Version");
          if (version && given) version.value = given;
          if (!dirty) say("saved");
          form.dispatchEvent(new CustomEvent("danbe:saved", { detail: text }));
        });
      }).catch(function () { dirty = failed = true; say("failed"); later(10000); })
        .then(function () { sending = false; if (dirty && !failed) later(1000); });
    }
    form.addEventListener("input", function () {
      if (form.hasAttribute("data-stopped")) return;
      dirty = true; failed = false; say("typing"); later(1000);
    });
    form.addEventListener("submit", function () { dirty = false; clearTimeout(timer); });
    window.addEventListener("online", function () { later(0); });
    window.addEventListener("beforeunload", function (event) { if (dirty || sending) event.preventDefault(); });
  });

  // Words typed and not sent: leaving asks first. Never where somebody may have to leave at once.
  var mayLeave = document.querySelector("[data-quick-exit]");
  all('form[method="post"]:not([data-autosave])').forEach(function (form) {
    if (mayLeave || !(form.hasAttribute("data-unsaved") || form.querySelector("textarea"))) return;
    var dirty = false;
    form.addEventListener("input", function () { dirty = true; });
    form.addEventListener("submit", function () { dirty = false; });
    window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
  });

  // <input data-filter="#table"> hides the rows that do not hold every word typed.
  all("input[data-filter]").forEach(function (input) {
    var target = document.querySelector(input.getAttribute("data-filter"));
    var count = document.querySelector(input.getAttribute("data-count") || "-none-");
    if (!target) return;
    input.closest("[hidden]") && input.closest("[hidden]").removeAttribute("hidden");
    var rows = Array.prototype.slice.call(target.querySelectorAll("tbody > tr, :scope > li"));
    var texts = rows.map(function (row) { return fold(row.textContent); });
    input.addEventListener("input", function () {
      var words = fold(input.value).split(/\s+/), shown = 0;
      rows.forEach(function (row, i) {
        row.hidden = !words.every(function (word) { return texts[i].indexOf(word) >= 0; });
        if (!row.hidden) shown += 1;
      });
      if (count) count.textContent = String(shown);
    });
  });

  all("[data-js]").forEach(function (control) { control.hidden = false; });
  all("[data-confirm]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      if (!window.confirm(button.getAttribute("data-confirm"))) event.preventDefault();
    });
  });
  all("[data-submit-on-change]").forEach(function (control) {
    control.addEventListener("change", function () { control.form.submit(); });
  });
  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // The account panel closes on Escape and on a click elsewhere.
  all("details.who").forEach(function (who) {
    document.addEventListener("click", function (event) { if (!who.contains(event.target)) who.open = false; });
    who.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && who.open) { who.open = false; who.querySelector("summary").focus(); }
    });
  });
  all(".menu-link").forEach(function (link) {
    link.addEventListener("click", function (event) {
      if (location.hash === "#menu") { event.preventDefault(); location.hash = "top"; link.focus(); }
    });
  });

  // Leaving quickly also forgets this page in the history; three Escapes do it too.
  all("[data-quick-exit]").forEach(function (link) {
    var presses = 0;
    var leave = function () { location.replace(link.href); };
    link.addEventListener("click", function (event) { event.preventDefault(); leave(); });
    document.addEventListener("keydown", function (event) {
      presses = event.key === "Escape" ? presses + 1 : 0;
      if (presses === 3) leave();
    });
  });
})();
