// Writes src/ClipiaFlows/Manifests/unicode.txt, what normal forms need of the Unicode Character Database, as this Node knows it:
//   node build/unicode-data.mjs > src/ClipiaFlows/Manifests/unicode.txt
const hex = (text) => [...text].map((c) => c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join(" ");

// A mark of each canonical combining class. Two marks change places exactly when the first has the higher class.
const marks = {
  1: 0x0334, 6: 0x16ff0, 7: 0x093c, 8: 0x3099, 9: 0x094d, 10: 0x05b0, 11: 0x05b1, 12: 0x05b2, 13: 0x05b3, 14: 0x05b4, 15: 0x05b5, 16: 0x05b6,
  17: 0x05b7, 18: 0x05b8, 19: 0x05b9, 20: 0x05bb, 21: 0x05bc, 22: 0x05bd, 23: 0x05bf, 24: 0x05c1, 25: 0x05c2, 26: 0xfb1e, 27: 0x064b, 28: 0x064c,
  29: 0x064d, 30: 0x0618, 31: 0x0619, 32: 0x061a, 33: 0x0651, 34: 0x0652, 35: 0x0670, 36: 0x0711, 84: 0x0c55, 91: 0x0c56, 103: 0x0e38,
  107: 0x0e48, 118: 0x0eb8, 122: 0x0ec8, 129: 0x0f71, 130: 0x0f72, 132: 0x0f74, 202: 0x0321, 214: 0x1dce, 216: 0x031b, 218: 0x302a,
  220: 0x0316, 222: 0x059a, 224: 0x302e, 226: 0x1d16d, 228: 0x05ae, 230: 0x0300, 232: 0x0315, 233: 0x035c, 234: 0x035d, 240: 0x0345,
};
const classes = Object.keys(marks).map(Number).sort((a, b) => a - b);
const isBefore = (a, b) => `a${b}${a}`.normalize("NFD") !== `a${b}${a}` && `a${b}${a}`.normalize("NFD") === `a${a}${b}`;

function combiningClass(c) {
  if (c.normalize("NFD") !== c) return 0;
  if (!isBefore(c, "\u0345")) return c === "\u0345" ? 240 : 0;
  return classes.find((k) => k === 240 || !isBefore(String.fromCodePoint(marks[k]), c));
}

console.log(`# Unicode ${process.versions.unicode}, written by build/unicode-data.mjs from the Unicode Character Database (Unicode License v3).`);
console.log("# Code point, then = for a canonical decomposition that is composed again, - for one that is not, ~ for a compatibility one.");
console.log("# After that the combining classes that are not 0, as first..last:class. Hangul syllables are computed.");
let run = null;
const runs = [];
for (let code = 0x80; code <= 0x10ffff; code++) {
  if ((code >= 0xac00 && code <= 0xd7a3) || (code >= 0xd800 && code <= 0xdfff)) continue;
  const c = String.fromCodePoint(code);
  const canonical = c.normalize("NFD"), compatible = c.normalize("NFKD");
  if (canonical !== c) console.log(`${hex(c)}${c.normalize("NFC") === c ? "=" : "-"}${hex(canonical)}`);
  if (compatible !== canonical) console.log(`${hex(c)}~${hex(compatible)}`);
  const k = /\p{M}/u.test(c) ? combiningClass(c) : 0;
  if (run && run.last === code - 1 && run.k === k) run.last = code;
  else if (k) runs.push((run = { first: code, last: code, k }));
}
const plain = (code) => code.toString(16).toUpperCase().padStart(4, "0");
for (const { first, last, k } of runs) console.log(`${plain(first)}..${plain(last)}:${k}`);
