import type { Package } from "../package.ts";
import { formatPurl } from "../purl.ts";

/** What a language cataloger read; the purl is made from it. */
export interface LanguagePackage {
  readonly type:
    | "npm"
    | "pypi"
    | "golang"
    | "maven"
    | "cargo"
    | "gem"
    | "composer"
    | "nuget"
    | "conda"
    | "pub"
    | "hex"
    | "bitnami"
    | "brew"
    | "cocoapods"
    | "conan"
    | "cpan"
    | "cran"
    | "hackage"
    | "julia"
    | "luarocks"
    | "opam"
    | "otp"
    | "pear"
    | "swift"
    | "generic";
  /** As the ecosystem writes it: "@scope/name", "group:artifact", "vendor/name". */
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly licenses?: readonly string[];
  readonly requires?: readonly string[];
  readonly installedBytes?: number;
  readonly dev?: boolean;
  readonly arch?: string;
  readonly vendor?: string;
  readonly qualifiers?: Readonly<Record<string, string>>;
  /** False where `version` says that it is not known ("(devel)"): the purl then has none. */
  readonly versioned?: boolean;
}

/**
 * The package, or nothing where name or version are such as no ecosystem has (empty, over 512 characters, control
 * characters or spaces): a hostile file cannot bring them into a report.
 */
export function* languagePackage(read: LanguagePackage): Generator<Package> {
  const name = read.type === "pypi" ? pythonName(read.name) : read.name;
  if (!isPlain(name) || !isPlain(read.version)) return;
  const [namespace, last] = splitName(read.type, name);
  if (last === "") return;
  yield {
    purl: formatPurl({
      type: read.type,
      ...(namespace === "" ? {} : { namespace }),
      name: last,
      ...(read.versioned === false ? {} : { version: read.version }),
      ...(read.qualifiers ? { qualifiers: read.qualifiers } : {}),
    }),
    type: read.type,
    name,
    version: read.version,
    licenses: [...new Set((read.licenses ?? []).map((one) => one.trim()))].filter(
      (one) => one !== "" && one.length <= 500,
    ),
    files: read.files,
    ...(read.installedBytes === undefined ? {} : { installedBytes: read.installedBytes }),
    ...(read.requires?.length ? { requires: sortedOnce(read.requires) } : {}),
    ...(read.dev ? { dev: true } : {}),
    ...(read.arch === undefined ? {} : { arch: read.arch }),
    ...(read.vendor === undefined ? {} : { vendor: read.vendor }),
  };
}

/** PyPI's canonical form of a name (PEP 503). */
export function pythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

function isPlain(text: string): boolean {
  return text.length > 0 && text.length <= 512 && !/[\s\p{Cc}\p{Cf}]/u.test(text);
}

const withNamespace = new Set(["npm", "golang", "composer", "swift", "pear", "cpan"]);

function splitName(type: string, name: string): [namespace: string, name: string] {
  const at = type === "maven" ? name.indexOf(":") : withNamespace.has(type) ? name.lastIndexOf("/") : -1;
  return at < 0 ? ["", name] : [name.slice(0, at), name.slice(at + 1)];
}

function sortedOnce(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
