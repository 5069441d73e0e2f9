"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const pageSize = 100;
  const state = { sort: -1, descending: false, page: 0, words: [], chips: new Map(), view: data.views[0].id };
  const table = document.getElementById("cells");
  const head = table.tHead, body = table.tBodies[0];
  const count = document.getElementById("count"), pager = document.getElementById("pager"), sortby = document.getElementById("sortby");
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const rows = data.rows.map((row, index) => ({ row, index, kind: data.kinds[index], words: row.map(cell => typeof cell === "object" && cell ? cell.t + " " + (cell.s || "") : cell).join(" ").toLowerCase() }));

  const key = (entry, column) => {
    const cell = entry.row[column];
    return cell && typeof cell === "object" && "v" in cell ? cell.v : (data.columns[column].n ? null : String(cell && typeof cell === "object" ? cell.t : cell));
  };
  const compare = (a, b) => {
    if (state.sort < 0) return a.index - b.index;
    const x = key(a, state.sort), y = key(b, state.sort);
    // What has no figure comes last in both directions.
    if (x === null || y === null) return (x === null) - (y === null) || a.index - b.index;
    // So does, among figures, what is not ranked, and a tier stays apart from the next: neither direction makes it look best.
    const standing = data.columns[state.sort].g ? data.standing[a.index] - data.standing[b.index] : 0;
    if (standing !== 0) return standing;
    const order = typeof x === "number" ? x - y : x.localeCompare(y, "en", { numeric: true });
    return (state.descending ? -order : order) || a.index - b.index;
  };
  const inView = (entry, view) => view.kinds.includes(entry.kind);
  const view = () => data.views.find(candidate => candidate.id === state.view);
  const shown = () => rows.filter(entry =>
    inView(entry, view()) &&
    state.words.every(word => entry.words.includes(word)) &&
    [...state.chips].every(([column, values]) => values.size === 0 || values.has(key(entry, column)))).sort(compare);

  // Columns of the view that hold anything in the rows found.
  const visible = found => data.columns.map((_, index) => index).filter(index => {
    const column = data.columns[index];
    if (column.g && state.view !== "all" && !column.g.includes(state.view)) return false;
    return found.length === 0 || index === state.sort || found.some(entry => { const cell = entry.row[index]; return cell && (typeof cell !== "object" || cell.t !== ""); });
  });
  const renderHead = columns => {
    const focused = head.contains(document.activeElement) ? document.activeElement.dataset.column : null;
    head.replaceChildren();
    const line = head.insertRow();
    columns.forEach(index => {
      const column = data.columns[index];
      const th = make("th");
      th.scope = "col";
      if (column.n) th.className = "num";
      const sorted = state.sort === index;
      th.setAttribute("aria-sort", sorted ? (state.descending ? "descending" : "ascending") : "none");
      const button = make("button", column.t);
      button.type = "button";
      button.dataset.column = String(index);
      if (sorted) button.append(make("span", state.descending ? " ↓" : " ↑", "arrow"));
      if (column.u) button.append(make("small", column.u));
      button.addEventListener("click", () => sort(index, true));
      th.append(button);
      line.append(th);
    });
    if (focused !== null) head.querySelector(`[data-column="${focused}"]`)?.focus();
  };
  const renderCell = (cell, column) => {
    const td = make("td");
    td.dataset.label = column.t + (column.u ? " (" + column.u + ")" : "");
    td.className = column.n ? "num" : column.r ? "reason" : "text";
    const span = make("span");
    if (cell && typeof cell === "object") {
      if (cell.b) {
        span.append(make("b", "★ " + cell.t));
        td.classList.add("best");
      } else if (cell.c) span.append(make("span", cell.t, "badge " + cell.c));
      else span.append(cell.t);
      if (cell.s) span.append(make("small", cell.s));
    } else {
      span.append(cell ?? "");
      if (cell === "") td.classList.add("none");
    }
    td.append(span);
    return td;
  };
  const render = () => {
    const found = shown();
    const columns = visible(found);
    renderHead(columns);
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    state.page = Math.min(state.page, pages - 1);
    const first = state.page * pageSize;
    body.replaceChildren(...found.slice(first, first + pageSize).map(entry => {
      const tr = make("tr");
      if (data.standing[entry.index] === data.unranked) tr.className = "unranked";
      columns.forEach(column => tr.append(renderCell(entry.row[column], data.columns[column])));
      return tr;
    }));
    count.textContent = found.length === rows.length ? rows.length + " cells" : found.length + " of " + rows.length + " cells";
    if (pages > 1) count.textContent += ", page " + (state.page + 1) + " of " + pages;
    pager.replaceChildren();
    if (pages > 1) {
      for (const [text, step] of [["Previous", -1], ["Next", 1]]) {
        const button = make("button", text);
        button.type = "button";
        button.disabled = state.page + step < 0 || state.page + step >= pages;
        button.addEventListener("click", () => { state.page += step; render(); table.scrollIntoView({ block: "start" }); });
        pager.append(button);
      }
    }
  };
  const sort = (column, toggles) => {
    if (toggles && state.sort === column) state.descending = !state.descending;
    else { state.sort = column; state.descending = column >= 0 && data.columns[column].d === true; }
    state.page = 0;
    sortby.value = String(state.sort);
    render();
  };
  const renderViews = () => {
    const box = document.getElementById("views");
    if (data.views.length < 2) return;
    data.views.forEach(candidate => {
      const button = make("button", candidate.t + " (" + rows.filter(entry => inView(entry, candidate)).length + ")");
      button.type = "button";
      button.setAttribute("aria-pressed", String(candidate.id === state.view));
      button.addEventListener("click", () => {
        state.view = candidate.id;
        state.page = 0;
        [...box.children].forEach(other => other.setAttribute("aria-pressed", String(other === button)));
        render();
      });
      box.append(button);
    });
  };
  const renderChips = () => {
    const box = document.getElementById("chips");
    data.columns.forEach((column, index) => {
      if (!column.chip) return;
      const values = [...new Set(rows.map(entry => key(entry, index)))].filter(value => value !== "");
      if (values.length < 2) return;
      state.chips.set(index, new Set());
      const group = make("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", column.t);
      group.append(make("span", column.t, "name"));
      values.forEach(value => {
        const chip = make("button", value, "chip");
        chip.type = "button";
        chip.setAttribute("aria-pressed", "false");
        chip.addEventListener("click", () => {
          const chosen = state.chips.get(index);
          const on = !chosen.delete(value) && !!chosen.add(value);
          chip.setAttribute("aria-pressed", String(on));
          state.page = 0;
          render();
        });
        group.append(chip);
      });
      box.append(group);
    });
  };

  const filter = document.getElementById("filter");
  filter.addEventListener("input", () => { state.words = filter.value.toLowerCase().split(/\s+/).filter(Boolean); state.page = 0; render(); });
  document.getElementById("clear").addEventListener("click", () => {
    filter.value = "";
    state.words = [];
    state.chips.forEach(values => values.clear());
    document.querySelectorAll(".chip").forEach(chip => chip.setAttribute("aria-pressed", "false"));
    state.page = 0;
    render();
  });
  sortby.append(new Option("plan order", "-1"), ...data.columns.map((column, index) => new Option(column.t, String(index))));
  sortby.addEventListener("change", () => sort(Number(sortby.value), false));
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  renderChips();
  renderViews();
  render();
})();
