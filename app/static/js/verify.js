// Hold a PDF against the hashes of the letter, inside this browser. Without scripts the hashes stand there to compare.
"use strict";
(() => {
  const say = (ko, en) => (document.documentElement.lang === "ko" ? ko : en);
  const choose = document.querySelector("[data-compare]");
  const told = document.querySelector("[data-compared]");
  if (!choose || !told || !globalThis.crypto?.subtle) return;
  const known = [...document.querySelectorAll("[data-hash]")].map((hash) => hash.textContent.trim());
  choose.hidden = false;
  choose.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    told.textContent = known.includes(hex)
      ? say("발급된 파일 그대로입니다.", "This is the file as issued.")
      : say("발급된 파일과 다릅니다. 위의 내용을 문서와 대조하여 보십시오.", "This is not the file as issued. Compare what stands above with the letter.");
  });
})();
