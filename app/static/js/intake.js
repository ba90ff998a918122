// Questions that hang on an earlier answer appear at once; without this file they appear after saving.
"use strict";
(() => {
  for (const asked of document.querySelectorAll("[data-only-if]")) {
    const values = asked.dataset.onlyIn.split(" ");
    const inputs = [...document.getElementsByName(asked.dataset.onlyIf)];
    const given = () => inputs.filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : true)).map((input) => input.value);
    const show = () => { asked.hidden = !given().some((value) => values.includes(value)); };
    inputs.forEach((input) => input.addEventListener("change", show));
    if (inputs.length) show();
  }
})();
