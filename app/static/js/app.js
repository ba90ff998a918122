// What the pages gain when scripts run. Nothing here decides anything: every act also works without this file.
"use strict";
(() => {
  const say = (ko, en) => (document.documentElement.lang === "ko" ? ko : en);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const typing = (element) => element.closest("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");

  // Count of characters against the limit; a line break counts as one, as on the server.
  function countCharacters(count) {
    const field = document.getElementById(count.dataset.countOf);
    const limit = Number(count.dataset.limit);
    const show = () => {
      const used = [...field.value].length;
      count.textContent = say(`${used}자 / 최대 ${limit}자`, `${used} of at most ${limit} characters`);
      count.classList.toggle("over", used > limit);
    };
    field?.addEventListener("input", show);
  }

  // What was typed and has not reached the server stays in this tab, for half a day at most.
  const KEEP_MS = 12 * 60 * 60 * 1000;
  const typed = (form) => [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !form.querySelector(`[type=hidden][name="${CSS.escape(name)}"], [type=password][name="${CSS.escape(name)}"]`));
  const keepKey = (form) => `keep:${form.dataset.keep}`;
  const keep = (form) => form.dataset.keep && sessionStorage.setItem(keepKey(form), JSON.stringify({ at: Date.now(), fields: typed(form) }));
  const forget = (form) => form.dataset.keep && sessionStorage.removeItem(keepKey(form));

  function putBack(form, fields) {
    for (const field of form.elements) {
      const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length && field.type !== "hidden" && field.type !== "file") field.value = values[0];
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    $$("[data-count-of]", form).forEach((count) => document.getElementById(count.dataset.countOf)?.dispatchEvent(new Event("input")));
  }

  function offerKept(form) {
    const kept = JSON.parse(sessionStorage.getItem(keepKey(form)) ?? "null");
    if (!kept) return;
    if (Date.now() - kept.at > KEEP_MS || JSON.stringify(kept.fields) === JSON.stringify(typed(form))) return forget(form);
    const box = document.createElement("div");
    const words = document.createElement("p");
    const row = document.createElement("div");
    box.className = "notice";
    box.dataset.tone = "info";
    row.className = "row";
    words.textContent = say("저장되지 않은 내용이 이 창에 남아 있습니다.", "Text that was not saved is still kept in this tab.");
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button secondary small";
      made.textContent = text;
      made.addEventListener("click", () => { act(); box.remove(); });
      row.append(made);
    };
    button(say("되살리기", "Put it back"), () => putBack(form, kept.fields));
    button(say("지우기", "Discard it"), () => forget(form));
    box.append(words, row);
    form.before(box);
  }

  // Saving while one types. The revision moves with every save, so that the next one is not stale.
  const WAIT_MS = 2000, RETRY_MS = 15000;
  const unsaved = new Set();

  function autosave(form) {
    const place = form.querySelector("[data-saved-at]");
    let timer, busy = false;
    const tell = (text, tone = "") => { if (place) { place.textContent = text; place.dataset.tone = tone; } };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const failed = (text) => { tell(text, "danger"); unsaved.add(form); later(RETRY_MS); };

    async function save() {
      if (busy) return later(WAIT_MS);
      busy = true;
      unsaved.delete(form);
      try {
        const body = new FormData(form);
        for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Autosave": "1" } });
        if (answer.status === 409) return showConflict(form);
        if (answer.redirected || answer.status === 401 || answer.status === 403)
          return failed(say("로그인이 끝나 저장하지 못했습니다. 다른 창에서 다시 로그인하십시오.", "Not saved: you have been signed out. Sign in again in another tab."));
        if (!answer.ok) throw new Error(String(answer.status));
        const revision = form.elements.namedItem("revision");
        if (revision && answer.headers.get("X-Revision")) revision.value = answer.headers.get("X-Revision");
        const time = answer.headers.get("X-Saved-At") ?? new Date().toLocaleTimeString("en-GB");
        if (unsaved.has(form)) return;
        forget(form);
        tell(say(`${time} 저장됨`, `Saved at ${time}`));
      } catch {
        failed(say("저장하지 못했습니다. 연결을 확인하십시오.", "Not saved. Check the connection."));
      } finally {
        busy = false;
      }
    }
    form.addEventListener("input", () => { unsaved.add(form); later(WAIT_MS); });
    form.addEventListener("submit", () => { clearTimeout(timer); unsaved.delete(form); });
  }

  // The server's own page explains a conflict better than a line of script: send the form there as a page.
  function showConflict(form) {
    unsaved.delete(form);
    keep(form);
    form.action = form.dataset.autosave;
    form.method = "post";
    form.submit();
  }

  // A second click sends nothing; the button's value still goes because it is switched off only afterwards.
  function guardSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => $$("button:not([type=button])", form).forEach((button) => { button.disabled = true; }));
  }

  function releaseForms() {
    for (const form of $$("form[data-sent]")) {
      delete form.dataset.sent;
      $$("button:disabled", form).forEach((button) => { button.disabled = false; });
    }
  }

  // Keys: never while one types or composes a syllable.
  function moveRow(step) {
    const rows = $$("table[data-rows] tbody tr").filter((row) => row.querySelector("a[href]"));
    const here = rows.indexOf(document.activeElement?.closest("tr"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
    next?.querySelector("a[href]").focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  const KEYS = {
    j: () => moveRow(1),
    k: () => moveRow(-1),
    x: () => document.activeElement?.closest("table[data-rows] tr")?.querySelector("input[type=checkbox]")?.click(),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  function onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return $$("details.account[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    if (typing(event.target) || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  }

  function countSelected(event) {
    const form = event.target.closest("form");
    const place = form?.querySelector("[data-selected]");
    if (!place) return;
    const ticked = $$("tbody :checked", form).length;
    place.textContent = say(`${ticked}건`, `${ticked}`);
  }

  function prepare(root) {
    $$("[data-count-of]", root).forEach(countCharacters);
    $$("form[data-autosave]", root).forEach(autosave);
    $$("form[data-keep]", root).forEach((form) => { form.addEventListener("input", () => keep(form)); offerKept(form); });
    root.querySelector("[data-focus]")?.focus();
  }

  prepare(document);
  document.querySelector(".site-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.addEventListener("submit", guardSubmit);
  document.addEventListener("change", countSelected);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => $$("details.account[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("htmx:after:swap", (event) => prepare(event.detail?.ctx?.target ?? event.target));
  document.addEventListener("htmx:finally:request", releaseForms);
  window.addEventListener("pageshow", (event) => { if (event.persisted) releaseForms(); });
  window.addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
})();
