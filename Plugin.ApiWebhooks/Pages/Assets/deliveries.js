// Makes the pages of deliveries live. Everything works without it too.
(() => {
  'use strict';

  // Replaces the rows by what the server drew, row by row: one that did not change stays where it is, with its focus.
  const rowsPlace = document.getElementById('deliveries-rows');
  // As the server drew them: on the page the host may write times in the reader's own way.
  const drawn = new WeakMap();
  const draw = (html) => {
    const parsed = new DOMParser().parseFromString(html, 'text/html').body;
    const [oldBody, newBody] = [rowsPlace.querySelector('tbody'), parsed.querySelector('tbody')];
    const newRows = newBody ? [...newBody.rows] : [];
    for (const row of newRows) drawn.set(row, row.innerHTML);
    if (!oldBody || !newBody) {
      rowsPlace.replaceChildren(...parsed.childNodes);
      return newRows.length;
    }
    // Where the site's script shows times in the reader's own zone, new ones are shown alike; else every row would seem to have changed.
    if (oldBody.querySelector('time[title]')) {
      const zone = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
      newBody.querySelectorAll('time').forEach((time) => {
        time.title = time.textContent;
        time.textContent = zone.format(new Date(time.dateTime));
      });
    }
    const known = new Map([...oldBody.rows].map((row) => [row.dataset.id, row]));
    let added = 0;
    const rows = newRows.map((row) => {
      const old = known.get(row.dataset.id);
      // Of the first rows only what stands on the page is known.
      if (old && (drawn.has(old) ? drawn.get(old) === drawn.get(row) : old.innerHTML === row.innerHTML)) {
        drawn.set(old, drawn.get(row));
        return old;
      }
      if (!old) {
        added++;
        row.classList.add('is-new');
      }
      return row;
    });
    const staying = new Set(rows);
    for (const row of [...oldBody.rows]) {
      row.classList.remove('is-new');
      if (!staying.has(row)) row.remove();
    }
    // A row that is moved loses its focus: only what is new is put in.
    let at = oldBody.firstElementChild;
    for (const row of rows) {
      if (row === at) at = at.nextElementSibling;
      else oldBody.insertBefore(row, at);
    }
    const after = (place) => [...place.children].filter((each) => !each.querySelector('table'));
    after(rowsPlace).forEach((each) => each.remove());
    rowsPlace.append(...after(parsed));
    return added;
  };

  // New deliveries as they come.
  const live = document.querySelector('.deliveries-live');
  if (live && window.EventSource) {
    const [status, button] = [live.querySelector('[role=status]'), live.querySelector('button')];
    let source = null;
    let count = 0;
    const say = (text) => { if (status.textContent !== text) status.textContent = text; };
    const begin = () => {
      source = new EventSource(live.dataset.tail);
      source.onopen = () => say(live.dataset.live);
      source.onerror = () => say(live.dataset.broken);
      source.onmessage = (message) => {
        count += draw(JSON.parse(message.data));
        if (count > 0) say(live.dataset.new.replace('{0}', count));
      };
      button.textContent = button.dataset.pause;
    };
    const end = () => {
      source.close();
      source = null;
      count = 0;
      button.textContent = button.dataset.goOn;
      say(live.dataset.paused);
    };
    button.addEventListener('click', () => (source ? end() : begin()));
    window.addEventListener('pagehide', () => source && source.close());
    live.hidden = false;
    begin();
  }

  // A search that ran out of time goes on by itself until the page is full; it can be stopped.
  const goOn = async () => {
    const stop = document.createElement('button');
    stop.type = 'button';
    stop.textContent = rowsPlace.dataset.stop;
    const stopping = new AbortController();
    stop.addEventListener('click', () => stopping.abort());
    for (let link; (link = rowsPlace.querySelector('a[data-further]')) && !stopping.signal.aborted;) {
      const place = link.closest('p');
      place.append(' ', rowsPlace.dataset.looking, ' ', stop);
      try {
        const answer = await fetch(link.href + '&part=rows', { signal: stopping.signal });
        if (!answer.ok) throw new Error(answer.statusText);
        const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html').body;
        const [body, more] = [rowsPlace.querySelector('tbody'), parsed.querySelector('tbody')];
        if (body && more) {
          const room = Math.max(0, 50 - body.rows.length);
          // What has no room is on the page that the link leads to.
          if (more.rows.length > room) return;
          body.append(...more.rows);
          const tail = [...parsed.children].filter((each) => !each.querySelector('table'));
          place.remove();
          rowsPlace.append(...tail);
          if (body.rows.length >= 50) return;
        } else if (body) {
          const tail = [...parsed.children].filter((each) => each.matches('p:not(.webhooks-none)'));
          place.remove();
          rowsPlace.append(...tail);
        } else {
          rowsPlace.replaceChildren(...parsed.childNodes);
        }
      } catch {
        return;
      } finally {
        stop.remove();
        for (const node of [...place.childNodes]) if (node.nodeType === Node.TEXT_NODE && node.data === rowsPlace.dataset.looking) node.remove();
      }
    }
  };
  if (rowsPlace) goOn();

  // Copies a command.
  for (const button of document.querySelectorAll('.deliveries-copy')) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = button.closest('.deliveries-curl').querySelector('pre').textContent;
      await navigator.clipboard.writeText(text);
      const words = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
})();
