// Shows new calls without a reload. What is unfolded stays unfolded, and a choice not yet posted stays as it is.
const page = document.getElementById("demo");
const inWords = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" });

function showTimes() {
  for (const time of page.querySelectorAll("#calls time")) time.textContent = inWords.format(new Date(time.dateTime));
}

async function refresh(revision) {
  const fresh = new DOMParser().parseFromString(await (await fetch("/demo/cms")).text(), "text/html");
  const open = new Set([...page.querySelectorAll("details[open]")].map(call => call.id));
  for (const id of ["objects", "calls"]) {
    const part = fresh.getElementById(id);
    if (!part) return;
    for (const call of part.querySelectorAll("details")) call.open = open.has(call.id);
    document.getElementById(id).replaceWith(document.adoptNode(part));
  }
  page.dataset.revision = revision;
  showTimes();
}

async function look() {
  try {
    if (!document.hidden) {
      const answer = await fetch(page.dataset.watch);
      if (answer.ok && !answer.redirected) {
        const revision = (await answer.text()).trim();
        if (revision !== page.dataset.revision) await refresh(revision);
      }
    }
  } catch {
    // The host is away for a moment: the next look may find it again.
  }
  setTimeout(look, 2000);
}

showTimes();
page.querySelector(".demo-live").hidden = false;
setTimeout(look, 2000);
