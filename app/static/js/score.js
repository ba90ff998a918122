// The score sheet by keyboard: Ctrl+Enter submits and goes on. An abstention empties its score, and says so by shutting it.
"use strict";
(() => {
  const form = document.querySelector("form[data-score]");
  if (!form) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[name=then]") ?? undefined);
  });
  for (const box of form.querySelectorAll("input[type=checkbox][name$='-abstain']")) {
    const score = form.elements.namedItem(box.name.replace(/-abstain$/, "-score"));
    const shut = () => {
      score.readOnly = box.checked;
      if (box.checked) score.value = "";
    };
    box.addEventListener("change", shut);
    shut();
  }
})();
