/* A table of a document is filled in cell by cell. Without the script its rows are typed as lines of the text area, which is what is sent either way. */
"use strict";
(() => {
  /* Longer tables come from a file: so many cells would make every key slow. */
  const MOST_ROWS = 300;
  const FIGURES = new Set(["money", "number", "count", "year"]);

  const element = (name, values, ...inside) => {
    const made = Object.assign(document.createElement(name), values);
    made.append(...inside);
    return made;
  };
  /* One line, without what parts cells; a line end between two Chinese characters is no blank. */
  const plain = (text) => text.replace(/[|\t]/g, "／").replace(/(?<=[\u3400-\u9fff，、；：])\s*\n\s*(?=[\u3400-\u9fff（])/g, "").replace(/\s+/g, " ").trim();

  /* Rows of cells as a spreadsheet copies them: tabs, line ends, and quotes around a cell that holds one of these. */
  function pasted(text) {
    const rows = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at];
      const row = rows[rows.length - 1];
      const cell = row.length - 1;
      if (quoted && sign === '"' && text[at + 1] === '"') { row[cell] += sign; at += 1; }
      else if (sign === '"' && (quoted || row[cell] === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) row.push("");
      else if (sign === "\n" && !quoted) rows.push([""]);
      else if (sign !== "\r") row[cell] += sign;
    }
    return rows.filter((row) => row.some((cell) => cell.trim()));
  }

  function control(column, value) {
    if (column.type === "choice" || column.type === "flag") {
      const options = column.type === "flag" ? ["否", "是"] : ["", ...column.options];
      if (!options.includes(value) && (value || column.type === "choice")) options.push(value);
      const select = element("select", {}, ...options.map((one) => new Option(one || "请选择", one)));
      select.value = value || options[0];
      return select;
    }
    if (column.type === "text" || column.type === "long") return element("textarea", { rows: 1, value });
    const input = element("input", { type: "text", value });
    if (FIGURES.has(column.type)) input.inputMode = "decimal";
    return input;
  }

  function grid(place) {
    const area = place.querySelector("textarea");
    const columns = JSON.parse(place.dataset.columns);
    const wrong = new Set(JSON.parse(place.dataset.wrong).map(([row, column]) => `${row}.${column}`));
    const typed = area.value.split("\n").map((line) => line.split(/\t|\|/).map((cell) => cell.trim())).filter((row) => row.some(Boolean));
    if (typed.length > MOST_ROWS || typed.some((row) => row.length > columns.length)) return;

    const title = place.querySelector("legend").textContent;
    const head = element("tr", {}, element("th", { scope: "col", textContent: "行" }));
    for (const column of columns) {
      const cell = element("th", { scope: "col" }, column.label);
      if (!column.required) cell.append(element("span", { className: "opt", textContent: "（可不填）" }));
      if (column.hint) cell.append(element("span", { className: "hint", textContent: column.hint }));
      head.append(cell);
    }
    head.append(element("td", {}));
    const body = element("tbody", {});
    const table = element("table", { className: "tab stacked cells", ariaLabel: title }, element("thead", {}, head), body);
    const said = element("p", { className: "quiet" });
    said.setAttribute("role", "status");
    const more = element("button", { type: "button", className: "mini", textContent: "加一行" });
    const frame = element("div", { className: "scroll", id: area.id, tabIndex: -1 }, table);
    const under = element("div", { className: "rowacts" }, more, said);
    const told = () => area.dispatchEvent(new Event("input", { bubbles: true }));
    const cells = (row) => [...row.querySelectorAll("input,textarea,select")];

    function numbered() {
      [...body.rows].forEach((row, at) => {
        row.cells[0].textContent = at + 1;
        cells(row).forEach((cell, column) => { cell.ariaLabel = `第 ${at + 1} 行，${columns[column].label}`; });
        row.lastChild.firstChild.ariaLabel = `删去第 ${at + 1} 行`;
      });
    }

    function add(values, before = null) {
      const row = element("tr", {}, element("th", { scope: "row" }));
      columns.forEach((column, at) => {
        const cell = element("td", {}, control(column, values[at] || ""));
        cell.dataset.head = column.label;
        row.append(cell);
      });
      row.append(element("td", {}, element("button", { type: "button", className: "mini", textContent: "删去" })));
      body.insertBefore(row, before);
      return row;
    }

    function say(sentence, act) {
      said.replaceChildren(sentence);
      if (act) said.append(" ", act);
    }

    function drop(row) {
      const after = row.nextSibling;
      const number = row.cells[0].textContent;
      row.remove();
      if (!body.rows.length) add([]);
      numbered();
      cells(after || body.lastChild)[0].focus();
      const back = element("button", { type: "button", className: "mini", textContent: "放回去" });
      back.addEventListener("click", () => {
        body.insertBefore(row, after && after.isConnected ? after : null);
        numbered();
        say("");
        cells(row)[0].focus();
        told();
      });
      say(`删去了第 ${number} 行。`, back);
      told();
    }

    const written = () => [...body.rows].map((row) => cells(row).map((cell) => plain(cell.value)))
      .filter((row) => row.some((cell, at) => cell && !(columns[at].type === "flag" && cell === "否")));

    function write() {
      area.value = written().map((row) => row.join(" | ")).join("\n");
    }

    /* More than a grid holds, or other columns: as lines, so that nothing that was pasted is lost. */
    function asLines(rows, sentence) {
      area.value = [...written(), ...rows.map((row) => row.map(plain))].map((row) => row.join(" | ")).join("\n");
      area.id = frame.id;
      area.hidden = false;
      frame.remove();
      more.remove();
      say(sentence);
      area.focus();
      told();
    }

    function paste(event) {
      const at = event.target.closest("td");
      const rows = pasted(event.clipboardData.getData("text/plain"));
      if (!at || rows.length < 2 && (rows[0] || []).length < 2) return;
      event.preventDefault();
      if (rows[0].length === columns.length && rows[0].every((cell, place) => plain(cell) === columns[place].label)) rows.shift();
      const first = at.cellIndex - 1;
      if (rows.some((row) => first + row.length > columns.length)) {
        asLines(rows, `粘贴的内容有 ${Math.max(...rows.map((row) => row.length))} 列，从这一格起放不下。已经接在下面，一行一条，请照表头改好。`);
        return;
      }
      const begin = at.parentNode.sectionRowIndex;
      if (begin + rows.length > MOST_ROWS) {
        asLines(rows, `超过 ${MOST_ROWS} 行，改成一行一条来写，粘贴的接在最后。`);
        return;
      }
      rows.forEach((values, place) => {
        const row = body.rows[begin + place] || add([]);
        const old = cells(row);
        values.forEach((value, column) => {
          const made = control(columns[first + column], plain(value));
          old[first + column].replaceWith(made);
        });
      });
      numbered();
      say(`粘贴了 ${rows.length} 行。`);
      told();
    }

    function key(event) {
      const cell = event.target;
      const row = cell.closest("tr");
      if (!row || event.isComposing || cell.tagName === "BUTTON" || event.ctrlKey || event.altKey || event.metaKey) return;
      const up = event.key === "ArrowUp" && cell.tagName !== "SELECT";
      const down = event.key === "Enter" || event.key === "ArrowDown" && cell.tagName !== "SELECT";
      if (!up && !down) return;
      event.preventDefault();
      const next = up ? row.previousSibling : row.nextSibling;
      if (next) {
        cells(next)[cells(row).indexOf(cell)].focus();
      } else if (event.key === "Enter" && body.rows.length < MOST_ROWS) {
        cells(add([]))[0].focus();
        numbered();
      }
    }

    typed.forEach((row) => add(row));
    if (!typed.length) add([]);
    numbered();
    const error = place.querySelector(".error");
    [...body.rows].forEach((row, at) => cells(row).forEach((cell, column) => {
      if (!wrong.has(`${at + 1}.${column}`)) return;
      cell.setAttribute("aria-invalid", "true");
      if (error) cell.setAttribute("aria-describedby", error.id);
    }));

    table.addEventListener("click", (event) => { if (event.target.tagName === "BUTTON") drop(event.target.closest("tr")); });
    table.addEventListener("paste", paste);
    table.addEventListener("keydown", key);
    more.addEventListener("click", () => {
      if (body.rows.length === MOST_ROWS) { asLines([], `超过 ${MOST_ROWS} 行，改成一行一条来写。`); return; }
      cells(add([]))[0].focus();
      numbered();
      told();
    });
    place.form.addEventListener("submit", () => { if (frame.isConnected) write(); });
    /* The error summary's link leads to the text area's id; so does the label. */
    area.id += "-lines";
    area.hidden = true;
    place.querySelector("label").hidden = true;
    const hint = place.querySelector(".hint");
    if (hint) hint.textContent = "一格一格填，回车到下一行；从表格软件里复制一整块，点第一格粘贴。";
    area.after(frame, under);
  }

  for (const place of document.querySelectorAll("fieldset[data-columns]")) grid(place);
})();
