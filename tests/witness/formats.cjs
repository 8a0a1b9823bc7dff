// Formats numbers by codes as SheetJS does. In: JSON pairs [code, value]; out: the texts, or {fault}.
const { SSF } = require("@e965/xlsx");
const pairs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const shown = pairs.map(([code, value]) => {
  try {
    return SSF.format(code, value);
  } catch (error) {
    return { fault: String(error && error.message ? error.message : error) };
  }
});
console.log(JSON.stringify(shown));
