/* Small comforts only: everything works without this file. */
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
/* After the load: who came by the skip link still has #main in the address, and the browser would focus that last. */
const errors = document.querySelector("[data-focus]");
if (errors) window.addEventListener("load", () => requestAnimationFrame(() => errors.focus()));
/* A file that was chosen is to be uploaded. */
for (const input of document.querySelectorAll("fieldset input[type=file]")) {
  const upload = input.closest("fieldset").querySelector("input[type=radio][value=upload]");
  if (upload) input.addEventListener("change", () => { if (input.files.length) upload.checked = true; });
}
/* One submission for one press; the server refuses a second one anyway. */
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));
