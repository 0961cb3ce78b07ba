/** An OSV ecosystem without its release: "Debian:12" is of "Debian". */
export function ecosystemFamily(ecosystem: string): string {
  const colon = ecosystem.indexOf(":");
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

const caseless = new Set(["npm", "NuGet", "RubyGems", "Packagist", "Pub", "Hex"]);

/**
 * A package's name in the one spelling under which it is kept and looked for. PyPI: lower case with runs of `-`, `_` and `.` as
 * one dash (PEP 503); registries that do not tell case apart: lower case; Swift: without scheme and `.git`; others as written.
 */
export function canonicalName(ecosystem: string, name: string): string {
  const family = ecosystemFamily(ecosystem);
  if (family === "PyPI") return name.toLowerCase().replace(/[-_.]+/g, "-");
  if (family === "SwiftURL") return name.replace(/^https?:\/\//, "").replace(/\.git$/, "");
  return caseless.has(family) ? name.toLowerCase() : name;
}
