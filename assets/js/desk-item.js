/* Keeping an item: laws are looked up while a basis is typed, and leaving unsaved text asks first. The page works without. */
"use strict";
(() => {
  const form = document.querySelector("form[data-item]");
  const list = document.getElementById("laws");
  if (!form || !list) return;

  const ask = async (path, values) => {
    const answer = await fetch(`/desk/laws/${path}?${new URLSearchParams(values)}`, { credentials: "same-origin" });
    return answer.ok ? answer.json() : null;
  };
  /* Of each place the last question alone is answered: slow answers to earlier ones are dropped. */
  const asked = new Map();
  const last = async (place, path, values) => {
    const mine = (asked.get(place) || 0) + 1;
    asked.set(place, mine);
    const found = await ask(path, values);
    return mine === asked.get(place) ? found : null;
  };
  const suggest = async (typed) => {
    const found = await last(list, "titles", { q: typed });
    if (!found) return;
    list.replaceChildren(...found.titles.map((title) => Object.assign(document.createElement("option"), { value: title })));
  };
  const show = async (row) => {
    const [law, article] = ["law", "article"].map((name) => row.querySelector(`input[name$="-${name}"]`));
    const place = row.querySelector(".standing");
    const found = await last(place, "article", { law: law.value, article: article.value });
    if (!found) return;
    place.className = `standing ${found.holds ? "done" : "late"}`;
    place.textContent = found.said ? `${found.holds ? "√" : "×"} ${found.said}${found.words}` : "";
  };
  for (const row of form.querySelectorAll("fieldset[id^=id_basis-]")) {
    row.querySelector("input[name$='-law']").addEventListener("input", (event) => suggest(event.target.value));
    for (const input of row.querySelectorAll("input[type=text]")) input.addEventListener("change", () => show(row));
  }

  let changed = form.dataset.item === "unsaved";
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
