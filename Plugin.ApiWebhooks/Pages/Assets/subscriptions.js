// While the form is filled in, the server is asked what is wrong and what would be sent. Faults stand at their fields, once these were left; the focus stays.
for (const form of document.querySelectorAll("form[data-check]")) {
  const preview = form.querySelector("[data-preview]");
  const box = preview.closest("section");
  const others = form.querySelector("[data-others]");
  const left = new Set();
  let isAllTold = form.dataset.told === "all";
  let asked = null;
  let timer = 0;
  preview.setAttribute("aria-live", "polite");

  function tell(id, texts) {
    const notes = document.getElementById(id + "-notes");
    if (!notes) return;
    const now = [...notes.querySelectorAll("p.error")].map((each) => each.textContent);
    if (now.join("\n") === texts.join("\n")) return;
    notes.setAttribute("aria-live", "polite");
    notes.querySelectorAll("p.error").forEach((each) => each.remove());
    for (const text of [...texts].reverse()) {
      const line = document.createElement("p");
      line.className = "error";
      line.textContent = text;
      notes.prepend(line);
    }
    notes.closest(".field")?.classList.toggle("faulty", texts.length > 0);
    const input = document.getElementById(id);
    if (texts.length > 0) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }

  function show(answer) {
    const faults = new Map(answer.faults.map((each) => [each.id, each.texts]));
    for (const notes of form.querySelectorAll("[id$='-notes']")) {
      const id = notes.id.slice(0, -"-notes".length);
      const texts = faults.get(id) ?? [];
      // A fault is told once its field was left, and taken back as soon as it is mended.
      if (texts.length === 0 || isAllTold || left.has(id)) tell(id, texts);
    }
    const rest = isAllTold || left.size > 0 ? answer.others : [];
    others.replaceChildren(...rest.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    others.hidden = rest.length === 0;
    if (preview.innerHTML !== answer.preview) preview.innerHTML = answer.preview; // made and encoded by the server
  }

  async function ask() {
    asked?.abort();
    const mine = asked = new AbortController();
    box.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
      const response = await fetch(form.dataset.check, { method: "POST", body, signal: mine.signal });
      if (response.ok) show(await response.json());
    } catch {
      // Typed on meanwhile, or the server is away: saving tells.
    } finally {
      if (asked === mine) box.removeAttribute("aria-busy");
    }
  }

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  form.addEventListener("input", () => soon(300));
  form.addEventListener("change", () => soon(50));
  form.addEventListener("focusout", (event) => {
    if (event.target.id && event.target.name) {
      left.add(event.target.id);
      soon(50);
    }
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("button")?.value === "preview") {
      event.preventDefault();
      isAllTold = true;
      soon(0);
    }
  });
  // What is filled in already has something to show.
  if (form.elements.namedItem("label")?.value) soon(0);
  form.addEventListener("submit", () => asked?.abort());
}
