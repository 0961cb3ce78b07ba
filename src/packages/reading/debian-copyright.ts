const longestName = 200;

/**
 * The licences a Debian copyright file names: the short names of its `License` fields in SPDX's spelling where they have one
 * (Debian policy, "Machine-readable debian/copyright file"), else the common licences it refers to. Sorted, one each.
 */
export function copyrightLicenses(text: string): string[] {
  const found = new Set<string>();
  if (/^Format(?:-Specification)?:/im.test(text.slice(0, 4096))) {
    for (let at = lineWith(text, "License:", 0); at >= 0; at = lineWith(text, "License:", at + 1)) {
      const end = text.indexOf("\n", at);
      const name = text.slice(at + "License:".length, end < 0 ? undefined : end).trim();
      if (name !== "" && name.length <= longestName) found.add(spdxExpression(name));
    }
  } else {
    // As written: a reference to the GPL's text does not say whether later versions are meant.
    for (const [, name = ""] of text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9.-]{1,40})/g))
      found.add(name.replace(/[.-]+$/, ""));
  }
  return [...found].sort();
}

/** Where a line that starts with a word begins, from a place on; -1 where there is none. */
function lineWith(text: string, word: string, from: number): number {
  if (from === 0 && text.startsWith(word)) return 0;
  const at = text.indexOf(`\n${word}`, Math.max(from - 1, 0));
  return at < 0 ? -1 : at + 1;
}

/** "GPL-2+ or Artistic-2.0": names as SPDX has them, operators in capitals. Text that is no expression stays as it is. */
function spdxExpression(written: string): string {
  const words = written.split(/\s+/);
  const isExpression = words.every((word, index) =>
    index % 2 === 0 ? /^[\w.+-]+$/.test(word) : /^(?:and|or)$/i.test(word),
  );
  if (!isExpression || words.length % 2 === 0) return written;
  return words.map((word, index) => (index % 2 === 0 ? spdxName(word) : word.toUpperCase())).join(" ");
}

const renamed: Readonly<Record<string, string>> = {
  expat: "MIT",
  "bsd-2-clause": "BSD-2-Clause",
  "bsd-3-clause": "BSD-3-Clause",
  "bsd-4-clause": "BSD-4-Clause",
  isc: "ISC",
  zlib: "Zlib",
  "apache-2": "Apache-2.0",
};

function spdxName(name: string): string {
  const gnu = /^(A?GPL|LGPL|GFDL)-(\d)(?:\.(\d))?(\+?)$/.exec(name);
  if (gnu) return `${gnu[1]}-${gnu[2]}.${gnu[3] ?? "0"}-${gnu[4] ? "or-later" : "only"}`;
  return renamed[name.toLowerCase()] ?? name;
}
