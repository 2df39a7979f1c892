// Runs Azurite for as long as somebody holds the other end of standard input, so that it ends with its owner even when
// the owner is killed. Usage: node launch.js <azurite.js> [--location DIR] <Azurite's own options>
"use strict";
const fs = require("fs");
const path = require("path");

const [node, , azurite, ...options] = process.argv;
process.argv = [node, azurite, ...options];

// Ctrl+C reaches every process of the terminal; the owner stops the programs that still write before it stops Azurite.
const once = process.once;
process.once = (event, listener) => (event === "SIGINT" ? process : once.call(process, event, listener));
process.on("SIGINT", () => {});

// What Azurite stores is for its owner only.
process.umask(0o077);

process.stdin.resume();
process.stdin.once("close", () => {
  if (!process.emit("message", "shutdown")) process.exit(0);
  setTimeout(() => process.exit(0), 10_000).unref();
});

const at = options.indexOf("--location");
(at < 0 ? Promise.resolve() : predecessorGone(path.join(options[at + 1], "azurite.pid"))).then(() => require(azurite));

// An Azurite whose owner was killed may still be saving into the same folder.
async function predecessorGone(pidFile) {
  for (let wait = 0; wait < 150 && isAlive(read(pidFile)); wait++) await new Promise((done) => setTimeout(done, 100));
  fs.writeFileSync(pidFile, String(process.pid));
  process.once("exit", () => fs.rmSync(pidFile, { force: true }));
}

function read(file) {
  return fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
