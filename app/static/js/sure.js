// A form that is either in or visibly not: [data-sure] names where to ask whether it arrived. It is sent again only with
// the same once-key, so that nothing is ever in twice. Without this file the form is sent like any other.
"use strict";
(() => {
  const say = (ko, en) => (document.documentElement.lang === "ko" ? ko : en);
  const PATIENCE = 10000, EVERY = 3000;

  function limited(address, options = {}) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE);
    return fetch(address, { cache: "no-store", ...options, signal: stop.signal }).finally(() => clearTimeout(limit));
  }

  function place(form) {
    let box = form.querySelector("[data-sure-state]");
    if (!box) {
      box = document.createElement("p");
      box.className = "notice";
      box.setAttribute("role", "alert");
      box.setAttribute("data-sure-state", "");
      form.prepend(box);
    }
    return box;
  }

  function tell(form, text, tone) {
    const box = place(form);
    box.dataset.tone = tone;
    box.textContent = text;
  }

  function hold(form, held) {
    for (const button of form.querySelectorAll("button")) button.disabled = held;
    form.toggleAttribute("aria-busy", held);
  }

  // What the server answered takes the place of this page's content, its message included.
  async function show(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["main", "#messages"]) {
      const now = document.querySelector(part), next = page.querySelector(part);
      if (now && next) now.replaceWith(next);
    }
    document.title = page.title;
    if (answer.redirected) history.replaceState(null, "", answer.url);
    document.querySelector("main")?.focus();
  }

  async function send(form) {
    const body = new FormData(form);
    hold(form, true);
    tell(form, say("보내고 있습니다.", "Sending."), "info");
    try {
      const answer = await limited(form.action, { method: "POST", body });
      if (answer.status < 500) return show(answer);
    } catch { /* asked below */ }
    find(form);
  }

  async function find(form) {
    try {
      const answer = await limited(form.dataset.sure, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      if ((await answer.json()).recorded) return location.assign(form.action);
      hold(form, false);
      tell(form, say("접수되지 않았습니다. 다시 보내십시오.", "Not recorded. Send it again."), "danger");
      form.querySelector("button")?.focus();
    } catch {
      tell(form, say("연결이 끊겨 접수되었는지 아직 알 수 없습니다. 연결되면 자동으로 확인합니다. 두 번 접수되는 일은 없습니다.", "The connection is lost, and whether it is recorded is not known yet. It is checked as soon as there is a connection; it is never recorded twice."), "warning");
      setTimeout(() => find(form), EVERY);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-sure]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    if (!form.hasAttribute("aria-busy")) send(form);
  }, true);
})();
