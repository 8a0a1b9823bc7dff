// Opens a page in Chromium, headless, and prints what a reader would meet there, as JSON.
//
//   node page.cjs CHROMIUM PAGE PICTURES
//
// What is fetched and what the page's policy refuses; what axe-core finds wrong; whether a table is sorted by the keys
// alone; whether anything is wider than the window. Pictures of it, wide, narrow and printed, are left in PICTURES.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const WebSocket = require("ws");

const [, , chromium, page, pictures] = process.argv;
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "xlprofit-chromium-"));

function start() {
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const browser = spawn(chromium, flags, { stdio: ["ignore", "ignore", "pipe"] });
  const address = new Promise((found, fail) => {
    let said = "";
    browser.stderr.on("data", (data) => {
      said += data;
      const told = said.match(/DevTools listening on (ws:\S+)/);
      if (told) found(told[1]);
    });
    browser.on("exit", () => fail(new Error(`Chromium ended: ${said.slice(-500)}`)));
  });
  return [browser, address];
}

class Session {
  constructor(socket) {
    this.socket = socket;
    this.number = 0;
    this.waiting = new Map();
    this.events = [];
    this.listeners = [];
    socket.on("message", (data) => {
      const message = JSON.parse(data);
      if (message.id) {
        const [done, fail] = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if (message.error) fail(new Error(message.error.message));
        else done(message.result);
      } else {
        this.events.push(message);
        this.listeners = this.listeners.filter(([name, done]) => name !== message.method || done());
      }
    });
  }

  ask(method, params = {}, sessionId = this.sessionId) {
    const id = ++this.number;
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((done, fail) => this.waiting.set(id, [done, fail]));
  }

  wait(method) {
    return new Promise((done) => this.listeners.push([method, () => done(true) && false]));
  }

  async look(expression) {
    const told = await this.ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (told.exceptionDetails) throw new Error(told.exceptionDetails.exception.description);
    return told.result.value;
  }

  async press(key, code) {
    const text = key === "Enter" ? "\r" : undefined;
    await this.ask("Input.dispatchKeyEvent", { type: "keyDown", key, code: key, windowsVirtualKeyCode: code, text });
    await this.ask("Input.dispatchKeyEvent", { type: "keyUp", key, code: key, windowsVirtualKeyCode: code });
  }

  async size(width, height) {
    await this.ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  }

  async draw(name, whole = false) {
    const { data } = await this.ask("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole });
    fs.writeFileSync(path.join(pictures, name), Buffer.from(data, "base64"));
  }
}

const COLUMN = `(() => {
  const head = document.activeElement.closest("th"), table = head.closest("table");
  const at = [...head.parentElement.cells].indexOf(head);
  const rows = [...table.tBodies[table.tBodies.length - 1].rows];
  return { sorted: head.getAttribute("aria-sort"), values: rows.map((row) => Number(row.cells[at].dataset.v)) };
})()`;

async function sortByKeys(session) {
  const where = "document.activeElement.tagName + ' ' + (document.activeElement.closest('th.n') ? 'n' : '')";
  for (let step = 0; step < 200; step++) {
    await session.press("Tab", 9);
    if ((await session.look(where)) === "BUTTON n") {
      await session.press("Enter", 13);
      const first = await session.look(COLUMN);
      await session.press("Enter", 13);
      return [first, await session.look(COLUMN)];
    }
  }
  return [];
}

async function main() {
  const [browser, address] = start();
  const socket = new WebSocket(await address, { perMessageDeflate: false, maxPayload: 1 << 30 });
  await new Promise((open) => socket.on("open", open));
  const session = new Session(socket);
  const { targetId } = await session.ask("Target.createTarget", { url: "about:blank" });
  ({ sessionId: session.sessionId } = await session.ask("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Network", "Log", "Runtime"]) await session.ask(`${domain}.enable`);
  await session.size(1600, 1000);
  const loaded = session.wait("Page.loadEventFired");
  await session.ask("Page.navigate", { url: pathToFileURL(page).href });
  await loaded;
  await session.draw("wide.png");
  const told = { wide: await session.look("document.documentElement.scrollWidth") };
  told.keys = await sortByKeys(session);
  told.alerts = await session.look("String(window.hit)");
  await session.look(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8") + "; true");
  const found = await session.look(`axe.run(document, { resultTypes: ["violations", "incomplete"] }).then((r) => ({
    violations: r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary]),
    passes: r.passes.map((v) => v.id) }))`);
  Object.assign(told, found);
  await session.size(400, 900);
  told.narrow = await session.look("document.documentElement.scrollWidth");
  await session.draw("narrow.png");
  const { data } = await session.ask("Page.printToPDF", { preferCSSPageSize: true, printBackground: true });
  fs.writeFileSync(path.join(pictures, "printed.pdf"), Buffer.from(data, "base64"));
  told.requests = session.events.filter((e) => e.method === "Network.requestWillBeSent").map((e) => e.params.request.url);
  told.refused = session.events.filter((e) => e.method === "Log.entryAdded").map((e) => e.params.entry.text);
  told.thrown = session.events.filter((e) => e.method === "Runtime.exceptionThrown").length;
  process.stdout.write(JSON.stringify(told));
  const ended = new Promise((done) => browser.on("exit", done));
  browser.removeAllListeners("exit");
  browser.on("exit", () => fs.rmSync(profile, { recursive: true, force: true }));
  await session.ask("Browser.close", {}, undefined).catch(() => {});
  socket.close();
  setTimeout(() => browser.kill("SIGKILL"), 5000).unref();
  void ended;
}

main().catch((error) => {
  process.stderr.write(String(error.stack));
  process.exit(1);
});
