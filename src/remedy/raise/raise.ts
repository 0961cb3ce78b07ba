import { schemeFor } from "../../advisories/index.ts";
import type { PlanMatch } from "../plan-subject.ts";
import type { VulnerablePackage } from "../vulnerable-packages.ts";

/** A package of a language, and the version that is to take the place of the one it has. */
export interface Raise {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Whether it lies inside of another package, which asked for it. */
  readonly nested: boolean;
}

/** What raising a package within its line comes to. */
export interface LineRaise {
  readonly raise: Raise;
  readonly closes: readonly PlanMatch[];
}

/** Names that advisories have for the ecosystems of purl types. */
const ecosystems: Readonly<Record<string, string>> = {
  npm: "npm",
  pypi: "PyPI",
  maven: "Maven",
  golang: "Go",
  cargo: "crates.io",
  gem: "RubyGems",
  composer: "Packagist",
  nuget: "NuGet",
  hex: "Hex",
  pub: "Pub",
};

/**
 * The smallest version of the same line that closes all that any version of it closes; undefined where only another line has a
 * fix. Never a downgrade.
 */
export function raiseInLine({ package: one, matches }: VulnerablePackage): LineRaise | undefined {
  const scheme = schemeFor(ecosystems[one.type] ?? "");
  if (!scheme) return undefined;
  const closes = matches.filter(
    ({ fixedIn }) =>
      fixedIn !== undefined && lineOf(fixedIn) === lineOf(one.version) && scheme.compare(fixedIn, one.version) > 0,
  );
  const to = closes
    .flatMap(({ fixedIn }) => fixedIn ?? [])
    .reduce<string | undefined>(
      (most, fix) => (most === undefined || scheme.compare(fix, most) > 0 ? fix : most),
      undefined,
    );
  if (to === undefined || !plainVersion.test(to) || !plainName.test(one.name)) return undefined;
  const nested = one.files.some((path) => path.split("node_modules/").length > 2);
  return { raise: { name: one.name, from: one.version, to, nested }, closes };
}

/** What goes into files and command lines: an image's names and versions are what whoever made it wrote. */
const plainVersion = /^v?\d[\w.+!-]{0,99}$/;
const plainName = /^@?\w[\w./:~+-]{0,199}$/;

/** Versions that promise to go in each other's place: of one major, below 1 of one minor. */
export function lineOf(version: string): string {
  const [major = "", minor = ""] = version.replace(/^v/, "").split(/[.\-+]/);
  return major === "0" ? `0.${minor}` : major;
}
