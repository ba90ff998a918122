// Judging interests by keyboard: y, n and u choose, Ctrl+Enter records. The page works without it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-judge]");
  if (!form) return;
  const answers = { y: "excluded", n: "clear", u: "unsure" };
  const typing = (element) => element.closest("textarea, select, input:not([type=radio])");
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); return; }
    const answer = answers[event.key.toLowerCase()];
    if (!answer || event.ctrlKey || event.metaKey || typing(event.target)) return;
    const choice = form.querySelector(`input[name=answer][value=${answer}]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    (answer === "excluded" ? form.querySelector("select[name=ground]") : form.querySelector("textarea[name=reason]"))?.focus();
  });
})();
