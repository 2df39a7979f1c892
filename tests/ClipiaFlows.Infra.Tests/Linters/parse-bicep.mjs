// Parses Bicep files with the tree-sitter grammar. Arguments: the folder with node_modules, then files. Prints a line an error.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [packages, ...files] = process.argv.slice(2);
const { Parser, Language } = await import(pathToFileURL(`${packages}/node_modules/web-tree-sitter/web-tree-sitter.js`));
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(`${packages}/node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm`));

function tell(file, node) {
  if (node.isError || node.isMissing) console.log(`${file}:${node.startPosition.row + 1}: cannot be parsed`);
  else for (const child of node.children) tell(file, child);
}

for (const file of files) tell(file, parser.parse(await readFile(file, "utf8")).rootNode);
