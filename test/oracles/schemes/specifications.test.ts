import { expect, it } from "vitest";
import { builtInSchemes } from "../../../src/advisories/index.ts";

/** Chains that specifications and manuals print, in rising order. */
const chains: readonly (readonly [scheme: string, where: string, rising: string])[] = [
  [
    "semver",
    "SemVer 2.0.0 § 11",
    "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0",
  ],
  [
    "hex",
    "SemVer 2.0.0 § 11",
    "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 2.0.0 2.1.0 2.1.1",
  ],
  [
    "pub",
    "SemVer 2.0.0-rc.1 § 12, which pub kept",
    "1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0-rc.1+build.1 1.0.0 1.0.0+0.3.7 1.3.7+build 1.3.7+build.2.b8f12d7 1.3.7+build.11.e0f985a",
  ],
  [
    "nuget",
    "NuGet's manual, Package versioning",
    "1.0.1-aaa 1.0.1-alpha10 1.0.1-alpha2 1.0.1-beta 1.0.1-open 1.0.1-rc.2 1.0.1-rc.10 1.0.1-zzz 1.0.1",
  ],
  [
    "pep440",
    "PEP 440, Summary of permitted suffixes and relative ordering",
    "1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1",
  ],
  ["opam", "opam manual, Version ordering", "~~ ~ ~beta2 ~beta10 0.1 1.0~beta 1.0 1.0-test 1.0.1 1.0.10 dev trunk"],
];

for (const [id, where, rising] of chains)
  it(`${id} rises as in ${where}`, () => {
    const scheme = builtInSchemes.find((one) => one.id === id);
    const versions = rising.split(" ");
    const wrong = versions.flatMap((a, i) =>
      versions.filter((b, j) => Math.sign(scheme?.compare(a, b) ?? Number.NaN) !== Math.sign(i - j)).map((b) => [a, b]),
    );
    expect(wrong).toEqual([]);
    expect(versions.filter((version) => !scheme?.valid(version))).toEqual([]);
  });
