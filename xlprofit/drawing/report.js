"use strict";
// Sorts the body of a table by a column: numbers by what they are, texts as the page's language has them, blanks last.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const body = table.tBodies[table.tBodies.length - 1];
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true });
  heads.forEach((head, at) => {
    const button = head.querySelector("button");
    if (!button) return;
    button.disabled = false;
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending" && head.classList.contains("n")
        || head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row, place) => {
        const cell = row.cells[at];
        const number = cell.dataset.v;
        return { row, place, text: cell.textContent.trim(), number: number === undefined ? NaN : Number(number) };
      });
      rows.sort((a, b) => {
        const blank = (a.text === "") - (b.text === "");
        if (blank) return blank;
        const both = !Number.isNaN(a.number) && !Number.isNaN(b.number);
        const order = both ? a.number - b.number : words.compare(a.text, b.text);
        return (down ? -order : order) || a.place - b.place;
      });
      body.append(...rows.map((one) => one.row));
    });
  });
}
