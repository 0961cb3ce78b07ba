import type { Package } from "../../../packages/index.ts";
import type { Advisory, Affected } from "../../advisory.ts";
import { languageEcosystems } from "../../ecosystem.ts";
import type { LookUp, MatchFamily } from "../family.ts";

/** Packages of languages: by name in their registry's spelling, in its order of versions. */
export const language: MatchFamily = {
  id: "language",
  has: (one) => Object.hasOwn(languageEcosystems, one.type),
  lookUp(one) {
    const ecosystem = languageEcosystems[one.type] ?? "";
    if (one.type === "golang") return golang(one, ecosystem);
    const version = one.type === "gem" ? gemVersion(one.version) : one.version;
    return version === "" ? "no-version" : [{ ecosystem, name: one.name, version }];
  },
};

/**
 * The standard library and the modules below golang.org/x are judged by the Go team's own advisories alone: GitHub's copies name
 * other ranges. An advisory for other systems or machines than the binary's does not count.
 */
function golang(one: Package, ecosystem: string): readonly LookUp[] | "no-version" {
  const version = one.version.replace(/^(?:v|go)(?=\d)/, "");
  // A main module without a version, and the pseudo-version of no commit, name no version at all.
  if (version === "" || version === "(devel)" || /^0\.0\.0-0*$/.test(version) || version === "0.0.0")
    return "no-version";
  const official = one.name === "stdlib" || one.name === "toolchain" || one.name.startsWith("golang.org/x/");
  const accepts = (advisory: Advisory, affected: Affected): boolean =>
    (!official || !advisory.id.startsWith("GHSA-")) && runsOn(one, affected);
  return [{ ecosystem, name: one.name, version, accepts }];
}

/** Images hold programs for Linux; the machine is told by the purl where the cataloger knows it. */
function runsOn(one: Package, { goos, arches }: Affected): boolean {
  return (!goos || goos.includes("linux")) && (!arches || one.arch === undefined || arches.includes(one.arch));
}

/** Without the platform it was built for: "1.19.3-aarch64-linux-gnu", "1.0-java". */
function gemVersion(version: string): string {
  return version.replace(
    /-(?:java|jruby|ruby|arm|aarch|x86|x64|universal|mswin|mingw|musl|linux|darwin|i[3-6]86)\S*$/i,
    "",
  );
}
