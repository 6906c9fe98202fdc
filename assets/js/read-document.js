/* Reads a document aloud, part by part, the part that is read marked. Where the browser cannot, no button shows. */
"use strict";
(() => {
  const bar = document.querySelector("[data-aloud]");
  const voice = window.speechSynthesis;
  if (!bar || !voice) return;
  const go = bar.querySelector("[data-go]"), stop = bar.querySelector("[data-stop]");
  /* A long utterance is cut off by some browsers: one sentence at a time. */
  const LONGEST = 120;
  const digits = (text) => text.split("").join(" ");
  const sayable = (text) => text
    .replace(/\s+/g, " ")
    .replace(/〔(\d{4})〕\s*(\d+)\s*号/g, (_, year, number) => `${digits(year)}年，${number}号`)
    .replace(/[〔〕［］【】《》“”]/g, " ")
    .replace(/(\d{4})-(\d{1,2})-(\d{1,2})/g, (_, y, m, d) => `${y}年${+m}月${+d}日`)
    .replace(/(\d{4})年(?=\d{1,2}月)/g, (_, y) => `${digits(y)}年`)
    .replace(/0\d{2,3}-\d{7,8}|\d{7,}/g, (number) => digits(number.replace("-", "")))
    .replace(/(\d{1,2}):(\d{2})/g, (_, h, m) => `${+h}点${+m ? `${+m}分` : ""}`)
    .replace(/(\d),(?=\d{3})/g, "$1")
    .replace(/(\d+(?:\.\d+)?)%/g, "百分之$1")
    .replace(/([一-鿿])\/([一-鿿])/g, "$1每$2")
    .replace(/(\d|[一-鿿])\s*[—–-]{1,2}\s*(?=\d)/g, "$1到")
    .trim();
  const words = (node) => {
    if (node.tagName !== "TR") return node.textContent;
    const heads = [...(node.closest("table").rows[0]?.cells || [])].map((cell) => cell.textContent.trim());
    const isHead = node.rowIndex === 0;
    return [...node.cells].map((cell, n) => {
      const text = cell.textContent.trim();
      return isHead || node.cells.length !== heads.length || !text ? text : `${heads[n]}：${text}`;
    }).filter(Boolean).join("，") + "。";
  };
  const pieces = (text) => (text.match(/[^。；！？]+[。；！？]?/g) || [])
    .flatMap((one) => one.match(new RegExp(`.{1,${LONGEST}}`, "gs")) || []);
  const parts = [...document.querySelectorAll(".doc h1, .doc .body :is(h2, h3, p, li, tr, caption)")]
    .filter((node) => !node.parentElement.closest("td, th, li"))
    .flatMap((node) => pieces(sayable(words(node))).map((text) => ({ node, text })))
    .filter((part) => part.text.trim());
  let at = 0, round = 0, reading = false;
  const mark = (node) => {
    for (const old of document.querySelectorAll(".doc .aloud")) old.classList.remove("aloud");
    if (!node) return;
    node.classList.add("aloud");
    const box = node.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) node.scrollIntoView({ block: "center" });
  };
  const show = () => {
    go.textContent = reading ? "停一下" : at ? "接着读" : "读给我听";
    stop.hidden = !reading && !at;
  };
  const next = () => {
    if (at >= parts.length) return end();
    const mine = round, said = new SpeechSynthesisUtterance(parts[at].text);
    said.lang = "zh-CN";
    said.rate = 0.9;
    mark(parts[at].node);
    /* Pausing and stopping cancel the voice, which some browsers report as an end. */
    said.onend = said.onerror = () => { if (mine === round && reading) { at += 1; next(); } };
    voice.speak(said);
  };
  const halt = () => { round += 1; reading = false; voice.cancel(); };
  const end = () => { halt(); at = 0; mark(null); show(); };
  go.addEventListener("click", () => {
    if (reading) halt();
    else { round += 1; reading = true; next(); }
    show();
  });
  stop.addEventListener("click", () => { end(); go.focus(); });
  window.addEventListener("pagehide", halt);
  if (parts.length) bar.hidden = false;
})();
