/* A reader of identity cards types its line like a keyboard. The server tells the parts; the form is not sent.
   Keys that come faster than a hand are the reader's: its Tab and Enter part the line and do not leave the field. */
"use strict";
for (const input of document.querySelectorAll("[data-card]")) {
  const form = input.form, error = document.getElementById(`${input.id}-error`);
  const button = input.parentElement.querySelector("button");
  const FAST = 60, PAUSE = 250;
  let last = 0, waiting = 0;

  const say = (sentence) => {
    error.hidden = !sentence;
    error.className = "error";
    error.textContent = sentence ? `错误：${sentence}` : "";
    input.closest(".field").classList.toggle("bad", Boolean(sentence));
  };
  const fill = (fields) => {
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
    form.elements[input.name === "card" ? "phone" : "acting_phone"].focus();
  };
  const read = async () => {
    const line = input.value;
    waiting = 0;
    if (!line.trim()) return;
    const typed = Object.fromEntries(["id_number", "address", "csrfmiddlewaretoken"].map((name) => [name, form.elements[name].value]));
    try {
      const body = new URLSearchParams({ ...typed, reader: input.name, line });
      const answer = await fetch("/desk/cases/card", { method: "POST", body, credentials: "same-origin" });
      const found = await answer.json();
      input.value = "";
      say(found.said || "");
      if (found.fields) fill(found.fields);
    } catch {
      form.requestSubmit(button);
    }
  };
  const soon = (pause) => { clearTimeout(waiting); waiting = setTimeout(read, pause); };

  input.addEventListener("keydown", (event) => {
    const fast = event.timeStamp - last < FAST;
    last = event.timeStamp;
    if (event.key === "Enter" && input.value) {
      event.preventDefault();
      input.value += "|";
      soon(PAUSE);
    } else if (event.key === "Tab" && fast) {
      event.preventDefault();
      input.value += "|";
    } else if (waiting) soon(PAUSE);
  });
  input.addEventListener("input", (event) => { last = event.timeStamp; });
  button.addEventListener("click", (event) => { if (input.value) { event.preventDefault(); read(); } });
}
