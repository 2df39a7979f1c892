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

// Azurite answers under every name, and its account key is public. A web page whose name leads to this machine could read
// everything, and any page could write with a signed address. Nobody else can own a name below localhost.
const ownHost = /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d{1,5})?$/i;
for (const { Server } of [require("http"), require("https")]) {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (event, request, response) {
    if (event !== "request") return emit.apply(this, arguments);
    const { host, origin } = request.headers;
    const status = !ownHost.test(host) ? 421 : origin !== undefined && !["GET", "HEAD"].includes(request.method) ? 403 : 0;
    if (status === 0) return emit.apply(this, arguments);
    response.writeHead(status, { Connection: "close" }).end();
    return true;
  };
}

require("./indexes.js")(azurite);

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
