// Renews the parts of the overview that change, every few seconds while somebody looks. Without it the page is whole, as of when it was opened.
"use strict";
(() => {
  const page = document.getElementById("overview");
  if (!page)
    return;

  const Every = 5000;
  const Longest = 60000;
  let wait = Every;
  let timer = 0;
  let paused = false;

  const foot = page.querySelector(".overview-as-of");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = page.dataset.pause;
  const lost = document.createElement("span");
  lost.setAttribute("role", "status");
  foot.append(button, lost);

  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? page.dataset.resume : page.dataset.pause;
    if (paused)
      clearTimeout(timer);
    else
      renew();
  });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden && !paused)
      renew();
  });
  plan();

  function plan() {
    clearTimeout(timer);
    if (!paused && !document.hidden)
      timer = setTimeout(renew, wait);
  }

  async function renew() {
    clearTimeout(timer);
    try {
      const answer = await fetch(page.dataset.live, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok)
        throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of fresh.querySelectorAll("[data-part]"))
        replace(part);
      wait = Every;
      lost.textContent = "";
    } catch {
      wait = Math.min(wait * 2, Longest);
      lost.textContent = page.dataset.lost;
    }
    plan();
  }

  function replace(part) {
    const old = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old || (said(old) === said(part) && old.className === part.className))
      return;
    // Not under the hands of whoever marks text in it.
    const selection = document.getSelection();
    if (selection && !selection.isCollapsed && old.contains(selection.anchorNode))
      return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.className = part.className;
    // Times that the host has written out in the reader's own way stay so.
    const words = new Map([...old.querySelectorAll("time")].map(time => [time.dateTime, time.textContent]));
    for (const time of part.querySelectorAll("time"))
      time.textContent = words.get(time.dateTime) ?? time.textContent;
    old.replaceChildren(...part.childNodes);
    if (focused)
      again(old, focused)?.focus({ preventScroll: true });
  }

  // All but the tokens of forms, which are new each time, and how times are written out.
  function said(part) {
    const copy = part.cloneNode(true);
    for (const field of copy.querySelectorAll("input[type=hidden]"))
      field.removeAttribute("value");
    for (const time of copy.querySelectorAll("time"))
      time.textContent = "";
    return copy.innerHTML;
  }

  function again(part, former) {
    if (former.id)
      return part.querySelector(`#${CSS.escape(former.id)}`);
    const address = former.getAttribute("href");
    return address === null ? null : part.querySelector(`a[href="${CSS.escape(address)}"]`);
  }
})();
