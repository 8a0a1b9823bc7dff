// Runs Python in Pyodide, offline. Arguments: its folder, a file of code, wheels to unpack; out: what the code prints.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, code, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: folder, stdout: (text) => console.log(text) });
for (const wheel of wheels) python.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel");
try {
  await python.runPythonAsync(readFileSync(code, "utf8"));
} catch (error) {
  console.error(String(error.message).slice(-3000));
  process.exit(1);
}
