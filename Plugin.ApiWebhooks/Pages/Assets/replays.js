// Draws what runs anew while it runs, and loads the page again when that has changed: then other things can be done. The form shows the fields of the window chosen.
(() => {
  const everyMs = 1000;
  const afterFailureMs = 5000;

  const wait = ms => new Promise(done => setTimeout(done, ms));

  const seen = () => document.hidden ? new Promise(done => document.addEventListener("visibilitychange", done, { once: true })).then(seen) : Promise.resolve();

  async function follow(region) {
    while (region.dataset.live) {
      await wait(everyMs);
      await seen();
      let next = null;
      try {
        const answer = await fetch(region.dataset.live, { headers: { Accept: "text/html" }, redirect: "error" });
        if (answer.status >= 400 && answer.status < 500)
          return;
        if (answer.ok) {
          const page = document.createElement("template");
          page.innerHTML = await answer.text();
          next = page.content.firstElementChild;
        }
      } catch {
        // Not reached just now: tried again.
      }
      if (!next) {
        await wait(afterFailureMs);
        continue;
      }
      if (next.dataset.state !== region.dataset.state) {
        location.reload();
        return;
      }
      region.replaceWith(next);
      region = next;
    }
  }

  for (const region of document.querySelectorAll("[data-live]"))
    follow(region);

  const form = document.getElementById("replay");
  if (!form)
    return;
  const show = () => {
    for (const ends of form.querySelectorAll("[data-of]"))
      ends.hidden = ends.dataset.of !== form.elements.window.value;
  };
  show();
  form.addEventListener("change", () => {
    show();
    // What was counted was another choice.
    document.getElementById("count")?.remove();
    for (const button of form.querySelectorAll("[data-counted]"))
      button.textContent = button.dataset.counted;
  });
})();
