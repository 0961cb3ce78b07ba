import { canonicalName, languageEcosystems, type MatchState } from "../../advisories/index.ts";
import type { ScannedMatch } from "../../report/index.ts";

/** Grype's `fix-state`, and the states that mean it. */
export const grypeFixStates: Readonly<Record<string, readonly MatchState[]>> = {
  fixed: ["fixed"],
  "not-fixed": ["affected", "fix-deferred", "end-of-life", "under-investigation"],
  "wont-fix": ["will-not-fix"],
  // It says so of sources that do not tell; here each match has a state.
  unknown: [],
};

/** Grype's names of package types, by those of package URLs. */
export const grypeTypes: Readonly<Record<string, string>> = {
  apk: "apk",
  alpm: "alpm",
  "alpm-package": "alpm",
  binary: "generic",
  bitnami: "bitnami",
  conan: "conan",
  conda: "conda",
  "dart-pub": "pub",
  deb: "deb",
  dotnet: "nuget",
  "erlang-otp": "otp",
  gem: "gem",
  "go-module": "golang",
  hackage: "hackage",
  hex: "hex",
  homebrew: "brew",
  "java-archive": "maven",
  "jenkins-plugin": "maven",
  "lua-rocks": "luarocks",
  npm: "npm",
  opam: "opam",
  opkg: "opkg",
  "php-composer": "composer",
  "php-pear": "pear",
  "php-pecl": "pear",
  pod: "cocoapods",
  python: "pypi",
  "R-package": "cran",
  rpm: "rpm",
  "rust-crate": "cargo",
  swift: "swift",
};

/** Grype's names of languages, by the types of their package URLs. */
export const grypeLanguages: Readonly<Record<string, string>> = {
  "c++": "conan",
  dart: "pub",
  dotnet: "nuget",
  elixir: "hex",
  erlang: "hex",
  go: "golang",
  haskell: "hackage",
  java: "maven",
  javascript: "npm",
  php: "composer",
  python: "pypi",
  R: "cran",
  ruby: "gem",
  rust: "cargo",
  swift: "swift",
};

/** How Grype came to a match: by the package's own name, by that of its source, or by guessing at a CPE. */
export const grypeMatchTypes: readonly string[] = ["exact-direct-match", "exact-indirect-match", "cpe-match"];

/** What Grype would call the way this match was found. Interpreters without a package it finds by their CPE. */
export function grypeMatchType({ because, name }: ScannedMatch): string {
  if (because.ecosystem === "runtimes") return "cpe-match";
  const asked = because.name.slice(because.name.lastIndexOf("::") + 1).replace(/^:/, "");
  const same = canonicalName(because.ecosystem, asked) === canonicalName(because.ecosystem, name);
  return same ? "exact-direct-match" : "exact-indirect-match";
}

/** Beginning of an OSV ecosystem, and the namespace Grype keeps the same advisories under; `$1` is the release. */
const namespaces: readonly (readonly [ecosystem: RegExp, ...namespaces: string[]])[] = [
  [/^Debian:(\w+)$/, "debian:distro:debian:$1"],
  [/^Ubuntu:(?:Pro:)?([\d.]+).*$/, "ubuntu:distro:ubuntu:$1"],
  [/^Alpine:v?([\w.]+)$/, "alpine:distro:alpine:$1"],
  [/^Red Hat:enterprise_linux:(\d+).*$/, "redhat:distro:redhat:$1"],
  [/^AlmaLinux:(\d+).*$/, "almalinux:distro:almalinux:$1", "redhat:distro:redhat:$1"],
  [/^Rocky Linux:(\d+).*$/, "rockylinux:distro:rockylinux:$1", "redhat:distro:redhat:$1"],
  [/^Oracle Linux:(\d+).*$/, "oracle:distro:oraclelinux:$1"],
  [/^Amazon Linux:(\d+).*$/, "amazon:distro:amazonlinux:$1"],
  [/^SUSE:Linux Enterprise .* (\d+) SP(\d+)$/, "sles:distro:sles:$1.$2"],
  [/^SUSE:Linux Enterprise .* (\d+)$/, "sles:distro:sles:$1"],
  [/^Azure Linux:2(?:\.0)?$/, "mariner:distro:mariner:2.0"],
  [/^Azure Linux:(\d+)(?:\.0)?$/, "mariner:distro:azurelinux:$1.0"],
  [/^Photon OS:([\d.]+)$/, "photon:distro:photon:$1"],
  [/^Wolfi$/, "wolfi:distro:wolfi:rolling"],
  [/^Chainguard$/, "chainguard:distro:chainguard:rolling"],
  [/^MinimOS$/, "minimos:distro:minimos:rolling"],
  [/^Echo$/, "echo:distro:echo:rolling"],
  [/^runtimes$/, "nvd:cpe"],
];

/** Under which namespaces Grype keeps the advisories by which this was matched. */
export function grypeNamespaces({ because: { ecosystem } }: ScannedMatch): readonly string[] {
  const type = Object.keys(languageEcosystems).find((one) => languageEcosystems[one] === ecosystem);
  if (type !== undefined)
    return Object.keys(grypeLanguages).flatMap((one) =>
      grypeLanguages[one] === type ? [`github:language:${one}`] : [],
    );
  for (const [pattern, ...names] of namespaces)
    if (pattern.test(ecosystem)) return names.map((name) => ecosystem.replace(pattern, name));
  return [];
}
