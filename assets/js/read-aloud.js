/* Reads a page aloud where the browser can; without it, and without this file, the words stand there all the same. */
"use strict";
if ("speechSynthesis" in window) {
  for (const button of document.querySelectorAll("[data-read]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      window.speechSynthesis.cancel();
      const said = new SpeechSynthesisUtterance(button.dataset.read);
      said.lang = "zh-CN";
      said.rate = 0.85;
      window.speechSynthesis.speak(said);
    });
  }
  window.addEventListener("pagehide", () => window.speechSynthesis.cancel());
}
