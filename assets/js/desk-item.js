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
  /* The last question alone is answered: slow answers to earlier ones are dropped. */
  let asked = 0;
  const suggest = async (typed) => {
    const mine = ++asked;
    const found = await ask("titles", { q: typed });
    if (!found || mine !== asked) return;
    list.replaceChildren(...found.titles.map((title) => Object.assign(document.createElement("option"), { value: title })));
  };
  const show = async (row) => {
    const [law, article] = ["law", "article"].map((name) => row.querySelector(`input[name$="-${name}"]`));
    const place = row.querySelector(".standing");
    const found = await ask("article", { law: law.value, article: article.value });
    if (!found || !place) return;
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
