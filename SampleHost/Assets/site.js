// Improves pages that work without it: no double submits, a busy text, a warning before unsaved input is left, a question before
// something that asks one, and news of a press that is still running.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Times are written in UTC; show them in the reader's own zone.
for (const time of all("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) continue;
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

// A form counts as changed when it no longer says what it said when it was drawn.
const contentOf = form => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
const guarded = new Map(all("form[data-guard]").map(form => [form, form.dataset.guard === "dirty" ? null : contentOf(form)]));
const isChanged = form => !form.dataset.sent && contentOf(form) !== guarded.get(form);

window.addEventListener("beforeunload", event => {
  if ([...guarded.keys()].some(isChanged)) event.preventDefault();
});

// A page brought back from the browser's memory is stale: its version and its press key were used.
window.addEventListener("pageshow", event => {
  if (event.persisted && document.querySelector("form[data-guard], form[data-busy]")) location.reload();
});

function setBusy(form, submitter) {
  form.dataset.sent = "1";
  const text = submitter?.dataset.busy ?? form.dataset.busy;
  const buttons = [...form.elements].filter(element => element.localName === "button");
  // Only after the browser has collected the form: a disabled button would not be sent.
  setTimeout(() => {
    for (const button of buttons) button.disabled = true;
    if (!submitter || !text) return;
    submitter.setAttribute("aria-busy", "true");
    submitter.replaceChildren(Object.assign(document.createElement("span"), { className: "spin" }), text);
    const status = document.getElementById("status");
    if (status) status.textContent = text;
  });
}

function ask(question, yes) {
  const dialog = document.createElement("dialog");
  const text = Object.assign(document.createElement("p"), { textContent: question, id: "question" });
  dialog.setAttribute("aria-labelledby", "question");
  const no = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel", autofocus: true });
  const go = Object.assign(document.createElement("button"), { type: "button", textContent: yes, className: "main" });
  const actions = Object.assign(document.createElement("div"), { className: "actions" });
  actions.append(no, go);
  dialog.append(text, actions);
  document.body.append(dialog);
  return new Promise(resolve => {
    let answer = false;
    no.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => { answer = true; dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    dialog.showModal();
  });
}

document.addEventListener("submit", async event => {
  const form = event.target;
  const submitter = event.submitter;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (submitter?.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    if (!await ask(submitter.dataset.confirm, submitter.dataset.yes ?? submitter.textContent.trim())) return;
    form.dataset.confirmed = "1";
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: submitter.value }));
    form.requestSubmit(submitter);
    return;
  }
  if (form.dataset.busy !== undefined || guarded.has(form)) setBusy(form, submitter);
});

// Says how many records are picked, and offers the batch page only when there is one.
const picked = document.getElementById("picked");
if (picked) {
  const count = () => {
    const ticks = all(".pick input:checked").length;
    picked.disabled = ticks === 0;
    picked.textContent = ticks === 0 ? "Edit selected" : `Edit ${ticks} selected`;
  };
  document.addEventListener("change", count);
  count();
}

// A press that is still running: ask until it ended. A form that was not touched is drawn afresh; a touched one is left alone.
const running = document.querySelector("[data-poll]");
if (running) {
  const look = async () => {
    try {
      const answer = await fetch(running.dataset.poll, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const press = await answer.json();
        if (press.state !== "running") return finish(press);
      }
    } catch {
      // The network is away for the moment; the next look may find it again.
    }
    setTimeout(look, 1500);
  };
  const finish = press => {
    if (![...guarded.keys()].some(isChanged)) return location.reload();
    const link = Object.assign(document.createElement("a"), { href: location.href, textContent: "Show the fresh data" });
    const text = Object.assign(document.createElement("p"), { textContent: `${press.message} ` });
    text.append(link);
    running.replaceChildren(text);
  };
  setTimeout(look, 1000);
}

// Errors and outcomes come first: put the reader there.
document.querySelector("[data-focus]")?.focus();
