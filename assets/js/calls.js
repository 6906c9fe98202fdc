/* The display of calls: asks for the small file twice a second, shows what is new and says it aloud. Without this file the page comes anew. */
"use strict";
const list = document.querySelector("[data-calls]");
const waiting = document.querySelector("[data-waiting]");
const turns = document.querySelector("[data-turns]");
const cuts = document.querySelector("[data-cuts]");
const voice = document.querySelector("[data-voice]");
const rows = Number(list.dataset.rows);
const turn = 6; // answers for which a call stays on the screen before another may take its place: three seconds
let stood = new Map();
let answers = 0;
let seen = new Set([...list.querySelectorAll("li[data-key]")].map((row) => row.dataset.key));
let shown = "";
let aloud = false;
if (voice && "speechSynthesis" in window) {
  voice.hidden = false;
  voice.addEventListener("click", () => {
    aloud = !aloud;
    voice.setAttribute("aria-pressed", String(aloud));
    voice.textContent = aloud ? "关掉语音" : "打开语音";
    if (aloud) say("语音已经打开");
  });
}
function say(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = "zh-CN";
  words.rate = 0.9;
  speechSynthesis.speak(words);
}
function row(call) {
  const item = document.createElement("li");
  item.dataset.key = call.key;
  if (call.now) item.className = "now";
  const number = document.createElement("span");
  number.textContent = call.label;
  const where = document.createElement("span");
  where.textContent = `${call.window}号窗口 `;
  const name = document.createElement("small");
  name.textContent = call.name;
  where.append(name);
  item.append(number, where);
  return item;
}
/* Which of the calls, newest first, stand on the screen for this answer: whose turn is not over, then who stood there
   longest ago, new ones before all. Returns them, and for each call how many answers its turn has left and its last. */
function choose(calls, before, answer) {
  const of = (call) => before.get(call.key) ?? { left: 0, last: -1 };
  const begun = calls.filter((call) => of(call).left);
  const others = calls.filter((call) => !of(call).left).sort((a, b) => of(a).last - of(b).last);
  const chosen = new Set([...begun, ...others].slice(0, rows));
  const next = (call) => (chosen.has(call) ? { left: (of(call).left || turn) - 1, last: answer } : of(call));
  return [calls.filter((call) => chosen.has(call)), new Map(calls.map((call) => [call.key, next(call)]))];
}
function draw(told) {
  const [calls, after] = choose(told.calls, stood, answers);
  stood = after;
  answers += 1;
  const text = JSON.stringify(calls);
  if (text !== shown) list.replaceChildren(...calls.map(row));
  shown = text;
  waiting.textContent = told.waiting;
  turns.hidden = told.calls.length <= rows;
  turns.querySelector("b").textContent = told.calls.length;
  tell(told.cuts ?? []);
}
/* What is cut in the town. The moment stands still when the server is not reached. */
function tell(rows) {
  cuts.hidden = !rows.length;
  cuts.querySelector("ul").replaceChildren(
    ...rows.map((one) => {
      const item = document.createElement("li");
      const word = document.createElement("b");
      word.textContent = one.word;
      item.append(word, `　${one.title}，${one.when}`);
      return item;
    }),
  );
  const form = { timeZone: "Asia/Shanghai", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" };
  cuts.querySelector("[data-at]").textContent = new Date().toLocaleString("zh-CN", form);
}
async function ask() {
  try {
    const answer = await fetch(list.dataset.calls, { cache: "no-store" });
    if (answer.ok) {
      const told = await answer.json();
      draw(told);
      if (aloud) for (const call of told.calls.filter((one) => one.now && !seen.has(one.key)).reverse()) say(call.say);
      seen = new Set(told.calls.map((one) => one.key));
    }
    document.body.classList.remove("stale");
  } catch {
    document.body.classList.add("stale");
  }
  setTimeout(ask, 500);
}
ask();
