// Reads workbooks with ExcelJS or SheetJS. Arguments: the reader and files; out: {file: {sheet: {address: value}}}.
const fs = require("fs");
const [reader, ...files] = process.argv.slice(2);

const plain = (value) => {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime() / 86400000 + 25569;
  if (typeof value !== "object") return value;
  if ("error" in value) return value.error;
  if ("result" in value || "formula" in value || "sharedFormula" in value) return plain(value.result);
  if ("richText" in value) return value.richText.map((run) => run.text).join("");
  if ("text" in value) return plain(value.text);
  return JSON.stringify(value);
};

const byExcelJS = async (file) => {
  const { Workbook } = require("exceljs");
  const book = new Workbook();
  await book.xlsx.readFile(file);
  const sheets = {};
  for (const sheet of book.worksheets) {
    const cells = (sheets[sheet.name] = {});
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.isMerged && cell.master !== cell) return;
        const value = plain(cell.value);
        if (value !== null && value !== "") cells[cell.address] = value;
      })
    );
  }
  return sheets;
};

const bySheetJS = (file) => {
  const XLSX = require("@e965/xlsx");
  const book = XLSX.read(fs.readFileSync(file), { cellFormula: false, cellHTML: false, cellText: false });
  const sheets = {};
  for (const name of book.SheetNames) {
    const cells = (sheets[name] = {});
    for (const [address, cell] of Object.entries(book.Sheets[name])) {
      if (address[0] === "!" || cell.v === undefined || cell.v === "") continue;
      cells[address] = cell.t === "e" ? XLSX.utils.format_cell(cell) : cell.v;
    }
  }
  return sheets;
};

(async () => {
  const found = {};
  for (const file of files) found[file] = await (reader === "exceljs" ? byExcelJS(file) : bySheetJS(file));
  console.log(JSON.stringify(found));
})();
