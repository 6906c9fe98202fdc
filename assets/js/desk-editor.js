/* The text editor of the desk. Without it lines are typed into the text area; the server cleans what comes either way. */
"use strict";
(() => {
  const form = document.querySelector("form[data-editor]");
  const area = document.getElementById("id_body");
  const source = document.getElementById("body-source");
  if (!form || !area || !source) return;

  const KEPT = new Set("P H2 H3 UL OL LI TABLE CAPTION THEAD TBODY TR TH TD STRONG EM SUB SUP A BR".split(" "));
  const RENAMED = { B: "STRONG", I: "EM", H1: "H2", H4: "H3", H5: "H3", H6: "H3" };
  const DROPPED = new Set("SCRIPT STYLE IFRAME OBJECT SVG IMG HEAD META LINK TITLE BUTTON INPUT SELECT TEXTAREA XML".split(" "));
  const BLOCKS = new Set("P DIV H1 H2 H3 H4 H5 H6 UL OL TABLE SECTION ARTICLE BLOCKQUOTE PRE CENTER".split(" "));

  /* A copy of a foreign tree that holds nothing but what a document may hold: Word's own tags and styles fall away. */
  function cleaned(node, into) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        into.append(child.data.replace(/[\r\n\t]+/g, " "));
        continue;
      }
      if (child.nodeType !== Node.ELEMENT_NODE || DROPPED.has(child.tagName)) continue;
      const name = RENAMED[child.tagName] || child.tagName;
      const bold = child.tagName === "SPAN" && /font-weight:\s*(bold|[6-9]00)/i.test(child.dataset.style || "");
      if (KEPT.has(name) || bold || name === "DIV" || name === "CENTER") {
        const holdsBlocks = [...child.children].some((inner) => BLOCKS.has(inner.tagName));
        const kept = bold ? "STRONG" : name === "DIV" || name === "CENTER" ? (holdsBlocks ? "" : "P") : name;
        if (!kept) { cleaned(child, into); continue; }
        const copy = document.createElement(kept);
        for (const attribute of ["colspan", "rowspan"]) {
          const span = parseInt(child.getAttribute(attribute), 10);
          if ((kept === "TD" || kept === "TH") && span > 1) copy.setAttribute(attribute, span);
        }
        if (kept === "A" && /^(https?:|mailto:|tel:|\/)/i.test(child.getAttribute("href") || "")) {
          copy.setAttribute("href", child.getAttribute("href"));
        }
        cleaned(child, copy);
        into.append(copy);
      } else {
        cleaned(child, into);
      }
    }
    return into;
  }

  const pad = document.createElement("div");
  pad.className = "pad body";
  pad.contentEditable = "true";
  pad.setAttribute("role", "textbox");
  pad.setAttribute("aria-multiline", "true");
  pad.setAttribute("aria-labelledby", "id_body-label");
  pad.append(source.content.cloneNode(true));
  if (!pad.childElementCount) pad.append(document.createElement("p"));

  const tools = document.createElement("div");
  tools.className = "tools";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "正文格式");
  const command = (name, value) => { pad.focus(); document.execCommand(name, false, value); mark(); };
  const ACTS = [
    ["一级标题", "h2", () => command("formatBlock", "h2")],
    ["二级标题", "h3", () => command("formatBlock", "h3")],
    ["正文", "p", () => command("formatBlock", "p")],
    ["加粗", "bold", () => command("bold")],
    ["列表", "ul", () => command("insertUnorderedList")],
    ["编号", "ol", () => command("insertOrderedList")],
    ["撤销", "", () => command("undo")],
  ];
  const buttons = ACTS.map(([label, key, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.dataset.key = key;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", act);
    tools.append(button);
    return button;
  });

  /* Which formats hold where the cursor stands. */
  function mark() {
    if (!pad.contains(document.getSelection().anchorNode)) return;
    const block = document.queryCommandValue("formatBlock").toLowerCase();
    const on = { bold: document.queryCommandState("bold"), ul: document.queryCommandState("insertUnorderedList"),
                 ol: document.queryCommandState("insertOrderedList") };
    for (const button of buttons) {
      const key = button.dataset.key;
      if (key) button.setAttribute("aria-pressed", String(key in on ? on[key] : block === key));
    }
  }

  let changed = false;
  pad.addEventListener("input", () => { changed = true; });
  form.addEventListener("input", () => { changed = true; });
  document.addEventListener("selectionchange", mark);
  pad.addEventListener("focus", () => {
    document.execCommand("defaultParagraphSeparator", false, "p");
    document.execCommand("styleWithCSS", false, false);
  });
  pad.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    event.preventDefault();
    const page = data.getData("text/html");
    const holder = document.createElement("div");
    if (page) {
      /* Styles are read, never applied: the page's policy would refuse them with a warning for each. */
      const quiet = page.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=/gi, " data-style=");
      cleaned(new DOMParser().parseFromString(quiet, "text/html").body, holder);
    } else {
      for (const line of data.getData("text/plain").split(/\r?\n/)) {
        if (!line.trim()) continue;
        const paragraph = document.createElement("p");
        paragraph.textContent = line.trim();
        holder.append(paragraph);
      }
      if (holder.childElementCount === 1) holder.replaceChildren(holder.textContent);
    }
    document.execCommand("insertHTML", false, holder.innerHTML);
  });

  area.hidden = true;
  document.getElementById("id_body-hint").textContent = "可以直接打字，也可以从 Word 里复制粘贴，标题、加粗、列表和表格会保留。";
  area.after(pad);
  area.after(tools);
  document.getElementById("id_body-label").addEventListener("click", () => pad.focus());
  /* The error summary's link leads to the text area's id. */
  area.id = "id_body_source";
  pad.id = "id_body";
  form.addEventListener("submit", () => {
    area.value = cleaned(pad, document.createElement("div")).innerHTML;
    form.elements.body_form.value = "html";
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
