/* A kept application is saved by itself while somebody fills it in, some seconds after the last key. It names the saving it
   goes on from, so that a newer one from elsewhere is never overwritten. Without this file the button saves. */
"use strict";
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const PAUSE = 3000, AGAIN = 15000;
  const told = form.querySelector("[data-saved]");
  let timer = 0, changed = false, running = false, over = false;
  const say = (text) => { if (told.textContent !== text) told.textContent = text; };
  const soon = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };
  const save = async () => {
    if (running || over || !changed) return;
    running = true;
    changed = false;
    let wait = PAUSE;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("stage", "autosave");
    try {
      const answer = await fetch(location.href, { method: "POST", body, credentials: "same-origin" });
      const found = await answer.json();
      say(found.said);
      if (answer.ok) form.elements.revision.value = found.revision;
      else over = found.over;
    } catch {
      changed = true;
      wait = AGAIN;
      say("还没有自动保存，可能是网断了，连上以后再存。");
    }
    running = false;
    if (changed) soon(wait);
  };
  form.addEventListener("input", () => { changed = true; soon(PAUSE); });
  /* The button that was pressed saves or hands in what stands there. */
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) over = true; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) over = false; });
}
