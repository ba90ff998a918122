// A page that follows its sitting. It asks whether anything has changed and swaps one part; it decides nothing.
"use strict";
(() => {
  const root = document.querySelector("[data-live]");
  if (!root) return;
  const say = (ko, en) => (document.documentElement.lang === "ko" ? ko : en);
  const EVERY = 3000, AWAY = 15000, PATIENCE = 8000, LONGEST = 20000;
  const state = document.querySelector("[data-live-state]");
  const news = document.querySelector("[data-live-news]");
  let mark = null, missed = 0, ahead = 0, seen = Date.now(), timer;

  const time = (moment) => new Date(moment).toLocaleTimeString("en-GB", { timeZone: "Asia/Seoul" });
  const part = () => root.firstElementChild;

  function tell(text, tone) {
    if (!state) return;
    if (state.textContent !== text) state.textContent = text;
    state.dataset.tone = tone || "";
    document.body.toggleAttribute("data-stale", tone === "danger");
  }

  // How long something has gone on, by the server's clock.
  function elapsed() {
    for (const place of root.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(place.dataset.since)) / 1000));
      const two = (n) => String(n).padStart(2, "0");
      const hours = Math.floor(seconds / 3600), rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      const days = Math.floor(hours / 24);
      place.textContent = days ? say(`${days}일 ${hours % 24}시간`, `${days} d ${hours % 24} h`) : hours ? `${hours}:${rest}` : rest;
    }
  }

  function settle() {
    const now = part();
    if (!now) return;
    ahead = Date.parse(now.dataset.now) - Date.now();
    document.body.toggleAttribute("data-blank", now.hasAttribute("data-blank"));
    elapsed();
  }

  // The new part takes the place of the old; what had the focus or stood open keeps it.
  function swap(html) {
    const focus = root.contains(document.activeElement) ? document.activeElement.id || document.activeElement.getAttribute("href") : null;
    const open = [...root.querySelectorAll("details")].map((details) => details.open);
    const before = part()?.dataset.news;
    root.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    [...root.querySelectorAll("details")].forEach((details, place) => { if (open[place] !== undefined) details.open = open[place]; });
    if (focus) [...root.querySelectorAll("a, button")].find((one) => one.id === focus || one.getAttribute("href") === focus)?.focus({ preventScroll: true });
    settle();
    if (news && part()?.dataset.news !== before) news.textContent = part()?.dataset.news ?? "";
  }

  function gone(text) {
    root.replaceChildren();
    document.body.setAttribute("data-blank", "");
    tell(text, "danger");
  }

  function lost() {
    missed += 1;
    const words = say(`연결이 끊겼습니다. ${time(seen)}의 화면입니다. 다시 연결하고 있습니다.`, `The connection is lost. This is the screen of ${time(seen)}. Trying again.`);
    if (missed > 1) tell(words, "danger");
    again(Math.min(LONGEST, EVERY * missed));
  }

  function again(wait) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait * (0.9 + Math.random() / 5));
  }

  async function ask() {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const headers = mark ? { "If-None-Match": mark } : {};
      const answer = await fetch(root.dataset.live, { headers, cache: "no-store", signal: stop.signal, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401)
        return gone(say("로그인이 끝났습니다. 다시 로그인하십시오.", "You have been signed out. Sign in again."));
      if (answer.status === 403 || answer.status === 404)
        return gone(say("이 회의를 더 볼 수 없습니다.", "This sitting can no longer be shown."));
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        const html = await answer.text();
        mark = answer.headers.get("ETag");
        swap(html);
      }
      if (missed > 1) tell(say("다시 연결되었습니다.", "Connected again."), "success");
      else if (!missed) tell("", "");
      missed = 0;
      seen = Date.now();
      if (part()?.hasAttribute("data-over")) return;
      again(document.hidden ? AWAY : EVERY);
    } catch {
      lost();
    } finally {
      clearTimeout(limit);
    }
  }

  settle();
  if (part()?.hasAttribute("data-over")) return;
  setInterval(elapsed, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(0); });
  window.addEventListener("online", () => again(0));
  window.addEventListener("offline", () => { missed = Math.max(missed, 1); lost(); });
  again(EVERY);
})();
