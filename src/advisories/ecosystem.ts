/** An OSV ecosystem without its release: "Debian:12" is of "Debian". */
export function ecosystemFamily(ecosystem: string): string {
  const colon = ecosystem.indexOf(":");
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** OSV's ecosystem of each type of package URL that has advisories of its own. */
export const languageEcosystems: Readonly<Record<string, string>> = {
  npm: "npm",
  pypi: "PyPI",
  golang: "Go",
  maven: "Maven",
  cargo: "crates.io",
  gem: "RubyGems",
  composer: "Packagist",
  nuget: "NuGet",
  pub: "Pub",
  hex: "Hex",
  swift: "SwiftURL",
  conan: "ConanCenter",
  cran: "CRAN",
  hackage: "Hackage",
  julia: "Julia",
  opam: "opam",
  bitnami: "Bitnami",
};

const caseless = new Set(["NuGet", "Packagist", "Pub", "Hex"]);

/**
 * A package's name in the one spelling under which it is kept and looked for. PyPI: lower case with runs of `-`, `_` and `.` as
 * one dash (PEP 503); registries that do not tell case apart: lower case; Swift: without scheme and `.git`; others as written:
 * npm has packages from before 2017 whose names differ in nothing but case ("JSONStream", "jsonstream").
 */
export function canonicalName(ecosystem: string, name: string): string {
  const family = ecosystemFamily(ecosystem);
  if (family === "PyPI") return name.toLowerCase().replace(/[-_.]+/g, "-");
  if (family === "SwiftURL") return name.replace(/^https?:\/\//, "").replace(/\.git$/, "");
  return caseless.has(family) ? name.toLowerCase() : name;
}
