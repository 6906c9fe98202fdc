/* Files are sent in pieces as soon as they are chosen, and go on where they stood after a lost connection (tus 1.0).
   Without this file a form sends them itself. */
"use strict";
(() => {
  const PIECE = 512 * 1024;
  const LONGEST = 120000; // milliseconds for a piece
  const WAITS = [1000, 3000, 8000, 20000];
  const AGAIN = "没有传成，请刷新这一页，再选一次文件。";
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  class Refused extends Error {}
  class Lost extends Error {}

  const ask = async (form, method, url, headers, body) => {
    const token = form.elements.csrfmiddlewaretoken.value;
    let answer;
    try {
      answer = await fetch(url, {
        method, body, credentials: "same-origin", signal: AbortSignal.timeout(LONGEST),
        headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers },
      });
    } catch {
      throw new Lost();
    }
    if (answer.status >= 500 || answer.status === 429) throw new Lost();
    return answer;
  };
  const said = async (answer) => {
    const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    throw new Refused(plain ? await answer.text() : AGAIN);
  };
  const pause = (ms) => new Promise((wake) => {
    const done = () => { clearTimeout(timer); window.removeEventListener("online", done); wake(); };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
  });

  const begin = async (form, slot, file) => {
    const about = { form: form.dataset.uploads, slot, filename: file.name };
    const answer = await ask(form, "POST", "/uploads/", {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Length": String(file.size),
      "Upload-Metadata": Object.entries(about).map(([key, value]) => `${key} ${base64(value)}`).join(","),
    }, file.slice(0, PIECE));
    if (answer.status !== 201) await said(answer);
    return { url: answer.headers.get("Location"), offset: Number(answer.headers.get("Upload-Offset")) };
  };
  const stands = async (form, url) => {
    const answer = await ask(form, "HEAD", url, {});
    if (!answer.ok) throw new Refused(AGAIN);
    return Number(answer.headers.get("Upload-Offset"));
  };
  const next = async (form, url, offset, file) => {
    const answer = await ask(form, "PATCH", url, {
      "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset),
    }, file.slice(offset, offset + PIECE));
    if (answer.status === 409) return stands(form, url);
    if (answer.status !== 204) await said(answer);
    return Number(answer.headers.get("Upload-Offset"));
  };

  /* One file from choice to end: what its row shows, and where it stands. */
  const send = async (form, slot, file, row) => {
    let at = null;
    for (let lost = 0; !row.given_up && (!at || at.offset < file.size);) {
      try {
        if (!at) at = await begin(form, slot, file);
        else if (lost) at.offset = await stands(form, at.url);
        else at.offset = await next(form, at.url, at.offset, file);
        lost = 0;
        row.url = at.url;
        row.show(at.offset);
      } catch (trouble) {
        if (!(trouble instanceof Lost)) throw trouble;
        row.say(`网断了，连上以后${at ? `从 ${row.percent()}% 接着` : "自动"}传，不用重选：${file.name}`);
        await pause(WAITS[Math.min(lost, WAITS.length - 1)]);
        lost += 1;
      }
    }
  };

  const drawn = (input, file) => {
    const box = document.createElement("div");
    box.className = "clock";
    const told = Object.assign(document.createElement("p"), { className: "hint" });
    told.setAttribute("role", "status");
    const bar = Object.assign(document.createElement("progress"), { max: file.size, value: 0 });
    bar.setAttribute("aria-label", `上传 ${file.name}`);
    const stop = Object.assign(document.createElement("button"), { type: "button", className: "btn quieter", textContent: "不要这个文件" });
    stop.setAttribute("aria-label", `不要这个文件：${file.name}`);
    box.append(told, bar, stop);
    input.parentElement.append(box);
    const row = {
      given_up: false, url: "", box, stop,
      percent: () => Math.floor((bar.value / file.size) * 100),
      say: (text) => { if (told.textContent !== text) told.textContent = text; },
      show: (offset) => { bar.value = offset; row.say(`正在上传：${file.name}`); },
      end: (text, tone) => { told.className = tone; bar.remove(); row.say(text); },
    };
    row.say(`等着上传：${file.name}`);
    return row;
  };

  for (const form of document.querySelectorAll("form[data-uploads]")) {
    const going = new Set();
    let queue = Promise.resolve();
    /* The button that was pressed while files were still on their way: it is pressed again when they are here. */
    let held = null;
    const waiting = Object.assign(document.createElement("p"), { className: "hint", hidden: true });
    waiting.setAttribute("role", "status");
    form.querySelector(".acts").after(waiting);
    const hold = (button) => {
      held = button;
      waiting.hidden = !button;
      waiting.textContent = button ? "还有文件在传，传完自动往下走，请不要关掉这一页。" : "";
    };
    const upload = (input, file) => {
      const row = drawn(input, file);
      const job = queue.then(async () => {
        try {
          await send(form, input.name.replace(/^file_/, ""), file, row);
          row.end(`√ 已传完：${file.name}，不用再选`, "done strong bare");
        } catch (trouble) {
          row.end(`错误：${file.name}没有传上去：${trouble instanceof Refused ? trouble.message : AGAIN}`, "error");
          row.stop.remove();
          hold(null);
        }
        going.delete(job);
        if (!going.size && held) form.requestSubmit(held);
      });
      queue = job;
      going.add(job);
      row.stop.addEventListener("click", async () => {
        row.given_up = true;
        row.box.remove();
        input.focus();
        if (row.url) await ask(form, "DELETE", row.url, {}).catch(() => {});
      });
    };
    for (const input of form.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";
        for (const file of files) upload(input, file);
      });
    }
    form.addEventListener("submit", (event) => {
      if (!going.size) return;
      event.preventDefault();
      delete form.dataset.sent;
      hold(event.submitter);
    });
  }
})();
