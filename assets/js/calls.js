/* The display of calls: asks for the small file twice a second, shows what is new and says it aloud. Without this file the page comes anew. */
"use strict";
const list = document.querySelector("[data-calls]");
const waiting = document.querySelector("[data-waiting]");
const voice = document.querySelector("[data-voice]");
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
async function ask() {
  try {
    const answer = await fetch(list.dataset.calls, { cache: "no-store" });
    const text = await answer.text();
    if (answer.ok && text !== shown) {
      const told = JSON.parse(text);
      shown = text;
      list.replaceChildren(...told.calls.map(row));
      waiting.textContent = told.waiting;
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
