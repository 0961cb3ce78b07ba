import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentWith, shownMatches } from "../../../test/support/scan-documents.ts";
import { levels } from "../count-matches.ts";
import { applyScanPolicy } from "./apply-scan-policy.ts";
import type { ScanDocument } from "../../report/index.ts";
import { grypeNamespaces } from "./grype-terms.ts";
import { readGrypeConfig } from "./read-grype-config.ts";
import { readTrivyIgnore } from "./read-trivyignore.ts";
import { readTrivyIgnoreYaml } from "./read-trivyignore-yaml.ts";
import { readVulnerabilityIgnores } from "./read-vulnerability-ignores.ts";
import type { VexStatement } from "./vex/statement.ts";
import { parsePurl } from "../../packages/index.ts";
import { defaultScanPolicy, type ScanPolicy } from "./scan-policy.ts";
import { unfixed } from "./trivy-statuses.ts";

const id = fc.integer({ min: 1, max: 12 }).map((number) => `CVE-2024-${number}`);
const purl = fc
  .tuple(fc.constantFrom("deb/debian", "npm", "pypi"), fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"))
  .map(([type, name, version]) => `pkg:${type}/${name}@${version}`);
const sketch = fc.record({
  id,
  purl,
  level: fc.constantFrom(...levels),
  state: fc.constantFrom("fixed" as const, ...unfixed),
});
const documents = fc
  .uniqueArray(sketch, { maxLength: 25, selector: (one) => `${one.id} ${one.purl}` })
  .map(documentWith);
const under = (policy: Partial<ScanPolicy>): ScanPolicy => ({ ...defaultScanPolicy, today: "2026-06-01", ...policy });
const example = documentWith([
  { id: "CVE-2024-1", purl: "pkg:deb/debian/openssl@3.0.1?distro=debian-12", level: "critical", state: "fixed" },
  { id: "CVE-2024-2", purl: "pkg:deb/debian/openssl@3.0.1?distro=debian-12", level: "low" },
  { id: "CVE-2024-3", purl: "pkg:npm/%40a/b@1.0.0", level: "medium", file: "srv/app/node_modules/@a/b/package.json" },
]);
/** The same as matches of a distribution are: one by its source's name; and by the registry of its language. */
const forGrype: ScanDocument = {
  ...example,
  packages: example.packages.map((one) =>
    one.type === "deb" ? { ...one, name: "libopenssl3", source: { name: "openssl", version: one.version } } : one,
  ),
  matches: example.matches.map((match) => {
    if (match.id === "CVE-2024-1") return { ...match, name: "libopenssl3" };
    return match.id === "CVE-2024-3" ? { ...match, because: { ...match.because, ecosystem: "npm" } } : match;
  }),
};
const left = (policy: Partial<ScanPolicy>): readonly string[] =>
  applyScanPolicy(example, under(policy)).matches.map((match) => match.id);

describe("what is left of a scan", () => {
  it("is all of it under no policy, and ignoring moves matches without losing or adding any", () => {
    fc.assert(
      fc.property(
        documents,
        fc.subarray(Array.from({ length: 12 }, (_, i) => `CVE-2024-${i + 1}`)),
        (document, ids) => {
          expect(shownMatches(applyScanPolicy(document, under({})).matches)).toEqual(shownMatches(document.matches));
          const ignores = readTrivyIgnore({ path: ".trivyignore", text: ids.join("\n") });
          const applied = applyScanPolicy(document, under({ ignores }));
          expect(shownMatches([...applied.matches, ...applied.suppressed])).toEqual(shownMatches(document.matches));
          expect(applied.matches.some((match) => ids.includes(match.id))).toBe(false);
          expect(applied.suppressed.every((match) => ids.includes(match.id))).toBe(true);
          const idle = ids.filter((one) => !document.matches.some((match) => match.id === one));
          expect(applied.unusedIgnores.map((text) => text.split(" ")[1])).toEqual(idle);
          expect(Object.values(applied.counts).reduce((sum, count) => sum + count, 0)).toBe(applied.matches.length);
          const again = applyScanPolicy(applied, under({}));
          expect(shownMatches(again.matches)).toEqual(shownMatches(applied.matches));
        },
      ),
    );
  });

  it("is what each filter lets through, and filters fail only for what they show", () => {
    const filters = fc.record({
      levels: fc.subarray([...levels]),
      ignoreStates: fc.subarray([...unfixed]),
      packageTypes: fc.subarray(["os", "npm", "library"]),
      failOn: fc.constantFrom("any" as const, "none" as const, "critical" as const, "low" as const),
    });
    fc.assert(
      fc.property(documents, filters, (document, filter) => {
        const { matches, verdict } = applyScanPolicy(document, under(filter));
        const expected = document.matches.filter(
          ({ level, state, purl: of }) =>
            (filter.levels.length === 0 || filter.levels.includes(level)) &&
            !(filter.ignoreStates as readonly string[]).includes(state) &&
            (filter.packageTypes.length === 0 ||
              filter.packageTypes.includes(of.startsWith("pkg:deb/") ? "os" : "library") ||
              (filter.packageTypes.includes("npm") && of.startsWith("pkg:npm/"))),
        );
        expect(shownMatches(matches)).toEqual(shownMatches(expected));
        const known = { any: levels, none: [], critical: ["critical"], low: ["critical", "high", "medium", "low"] };
        const fails = expected.some(({ level }) => (known[filter.failOn] as readonly string[]).includes(level));
        expect(verdict).toBe(fails ? "fail" : "pass");
      }),
    );
  });

  it("leaves out what lies below skipped directories and in skipped files, named from the root", () => {
    expect(left({ skipDirectories: ["srv/app"] })).toEqual(["CVE-2024-1", "CVE-2024-2"]);
    expect(left({ skipDirectories: ["/srv/*/node_modules/"] })).toEqual(["CVE-2024-1", "CVE-2024-2"]);
    expect(left({ skipDirectories: ["app", "node_modules"] })).toHaveLength(3);
    expect(left({ skipFiles: ["**/package.json"] })).toEqual(["CVE-2024-1", "CVE-2024-2"]);
  });

  it("fails for a release past its end when asked to, and is incomplete with gaps", () => {
    const old = { ...example, release: { family: "debian", name: "Debian 9", release: "9", pastEnd: true } };
    expect(applyScanPolicy(old, under({ failOn: "none", failOnEndOfLife: true })).verdict).toBe("fail");
    const gap = { ...example, gaps: [{ subject: "x", reason: "y" }] };
    expect(applyScanPolicy(gap, under({ failOn: "none" })).verdict).toBe("incomplete");
    expect(applyScanPolicy(gap, under({})).verdict).toBe("fail");
  });
});

describe("ignore files", () => {
  it(".trivyignore: ids, comments and days; ids of other scanners are let be", () => {
    const text =
      "# all of it\nCVE-2024-1 exp:2026-06-01\n\ncve-2024-2 # why not\nDS002\nAVD-DS-0002\nprivate-key\nGPL-3.0\n";
    const rules = readTrivyIgnore({ path: ".trivyignore", text });
    expect(rules.map(({ by, names, until, why }) => [by, names, until, why])).toEqual([
      [".trivyignore:2", "CVE-2024-1", "2026-06-01", undefined],
      [".trivyignore:4", "cve-2024-2", undefined, "why not"],
    ]);
    expect(left({ ignores: rules })).toEqual(["CVE-2024-3"]);
    expect(left({ ignores: rules, today: "2026-06-02" })).toEqual(["CVE-2024-1", "CVE-2024-3"]);
  });

  it(".trivyignore.yaml: paths, purls, days and statements", async () => {
    const text = `vulnerabilities:
  - id: CVE-2024-3
    paths: ["srv/**/package.json"]
    statement: not reachable
  - id: CVE-2024-1
    purls: ["pkg:deb/debian/openssl"]
    expired_at: 2026-01-01
  - id: CVE-2024-2
    purls: ["pkg:deb/debian/openssl@9"]
misconfigurations:
  - id: AVD-DS-0001
`;
    const applied = applyScanPolicy(example, under({ ignores: await readTrivyIgnoreYaml({ path: "f.yaml", text }) }));
    expect(applied.suppressed.map((match) => [match.id, match.suppression])).toEqual([
      ["CVE-2024-3", { reason: "ignored", by: "f.yaml: vulnerabilities[0]", why: "not reachable" }],
    ]);
    expect(applied.unusedIgnores).toEqual([
      "f.yaml: vulnerabilities[1]: CVE-2024-1 (no longer holds: it ended on 2026-01-01)",
      "f.yaml: vulnerabilities[2]: CVE-2024-2",
    ]);
  });

  it("purls of rules name packages as their registries tell them apart", () => {
    const document = documentWith([
      { id: "CVE-2024-1", purl: "pkg:nuget/Newtonsoft.Json@13.0.0" },
      { id: "CVE-2024-2", purl: "pkg:npm/JSONStream@1.3.5" },
      { id: "CVE-2024-3", purl: "pkg:pypi/zope-event@4.5.0" },
    ]);
    const names = ["pkg:nuget/newtonsoft.json", "pkg:npm/jsonstream", "pkg:pypi/Zope.Event@4.5.0"];
    const ignores = readVulnerabilityIgnores([{ purls: names }], "plimsoll.yaml");
    expect(applyScanPolicy(document, under({ ignores })).matches.map((match) => match.id)).toEqual(["CVE-2024-2"]);
  });

  it.each([
    ["vulnerability: CVE-2024-1", ["CVE-2024-1"]],
    ["fix-state: fixed", ["CVE-2024-1"]],
    ["fix-state: not-fixed", ["CVE-2024-2", "CVE-2024-3"]],
    ["package: { name: '.*open.*', type: deb }", ["CVE-2024-1", "CVE-2024-2"]],
    ["package: { name: open, type: deb }", []],
    ["package: { name: b, version: 1.0.0, location: '/srv/**' }", ["CVE-2024-3"]],
    ["package: { language: javascript }", ["CVE-2024-3"]],
    ["{ vulnerability: CVE-2024-1, fix-state: not-fixed }", []],
    ["namespace: debian:distro:debian:12", ["CVE-2024-1", "CVE-2024-2"]],
    ["namespace: debian:distro:debian:11", []],
    ["namespace: github:language:javascript", ["CVE-2024-3"]],
    ["match-type: exact-direct-match", ["CVE-2024-2", "CVE-2024-3"]],
    ["match-type: exact-indirect-match", ["CVE-2024-1"]],
    ["match-type: cpe-match", []],
    ["package: { upstream-name: 'openss.' }", ["CVE-2024-1"]],
    ["package: { location: '/var/lib/dpkg/status' }", ["CVE-2024-1", "CVE-2024-2"]],
    ["reason: no condition at all", []],
  ])(".grype.yaml: %s", async (rule, ids) => {
    const text = `ignore:\n  - ${rule}\n`;
    const ignores = await readGrypeConfig({ path: ".grype.yaml", text });
    const { suppressed } = applyScanPolicy(forGrype, under({ ignores }));
    expect(suppressed.map((match) => match.id).sort()).toEqual(ids);
  });

  it.each([
    ["package: { name: openssl, platform: linux }", "package.platform is no field that is known"],
    ["{ vulnerability: CVE-2024-1, severity: low }", "severity is no field that is known"],
    ["package: { name: openssl, version: 3.0 }", "package.version must be a text"],
    ["{ vulnerability: CVE-2024-1, match-type: fuzzy }", "match-type is none of exact-direct-match"],
    ["{ vulnerability: CVE-2024-1, fix-state: broken }", "fix-state is none of fixed, not-fixed"],
    ["package: { type: debian }", "package.type is none of apk"],
    ["package: { language: cobol }", "package.language is none of"],
    ["{ vulnerability: CVE-2024-1, vex-status: unsure }", "vex-status is none of not_affected"],
    ["reason: nothing", "it names nothing"],
  ])(".grype.yaml: %s holds nothing back, and that is said", async (rule, fault) => {
    const ignores = await readGrypeConfig({ path: ".grype.yaml", text: `ignore:\n  - ${rule}\n` });
    const { suppressed, unusedIgnores } = applyScanPolicy(forGrype, under({ ignores }));
    expect(suppressed).toEqual([]);
    expect(unusedIgnores).toHaveLength(1);
    expect(unusedIgnores[0]).toContain(`(holds nothing back: ${fault}`);
  });

  it.each([
    ["vex-status: affected", ["CVE-2024-2"]],
    ["vex-status: under_investigation", []],
    ["vex-status: not_affected", []],
    ["{ vex-status: affected, vulnerability: CVE-2024-1 }", []],
    ["vex-justification: component_not_present", []],
  ])(".grype.yaml and a VEX document: %s holds back what is not held back already", async (rule, ids) => {
    const purl = parsePurl("pkg:deb/debian/openssl");
    if (!purl) throw new Error("no purl");
    const about = { by: "vex.json", products: [{ purl, parts: [] }], at: "2026-01-01" };
    const statements: VexStatement[] = [
      { ...about, ids: ["CVE-2024-1"], status: "not_affected", justification: "component_not_present" },
      { ...about, ids: ["CVE-2024-2"], status: "affected" },
    ];
    const ignores = await readGrypeConfig({ path: ".grype.yaml", text: `ignore:\n  - ${rule}\n` });
    const { suppressed, unusedIgnores } = applyScanPolicy(example, under({ ignores, statements }));
    expect(suppressed.filter((one) => one.suppression.reason === "vex").map(({ id: of }) => of)).toEqual([
      "CVE-2024-1",
    ]);
    expect(suppressed.filter((one) => one.suppression.reason === "ignored").map(({ id: of }) => of)).toEqual(ids);
    // What a statement settles already is what the rule is about too: it is in use.
    expect(unusedIgnores).toHaveLength(/under|vulnerability/.test(rule) ? 1 : 0);
  });

  it.each([
    ["Ubuntu:22.04:LTS", "ubuntu:distro:ubuntu:22.04"],
    ["Ubuntu:Pro:18.04:LTS", "ubuntu:distro:ubuntu:18.04"],
    ["Alpine:v3.18", "alpine:distro:alpine:3.18"],
    ["Alpine:edge", "alpine:distro:alpine:edge"],
    ["Red Hat:enterprise_linux:9::baseos", "redhat:distro:redhat:9"],
    ["Oracle Linux:8", "oracle:distro:oraclelinux:8"],
    ["SUSE:Linux Enterprise Server 15 SP5", "sles:distro:sles:15.5"],
    ["Amazon Linux:2023", "amazon:distro:amazonlinux:2023"],
    ["Azure Linux:2", "mariner:distro:mariner:2.0"],
    ["Wolfi", "wolfi:distro:wolfi:rolling"],
    ["PyPI", "github:language:python"],
    ["Hex", "github:language:erlang"],
    ["runtimes", "nvd:cpe"],
  ])("advisories of %s lie in Grype's namespace %s", (ecosystem, namespace) => {
    const [match] = example.matches;
    if (!match) throw new Error("no match");
    expect(grypeNamespaces({ ...match, because: { ...match.because, ecosystem } })).toContain(namespace);
  });

  it("refuse what cannot be meant: broken purls and days, rules that name nothing, expressions that never end", async () => {
    expect(() => readVulnerabilityIgnores([{ reason: "all" }], "p")).toThrow(/names nothing/);
    expect(() => readVulnerabilityIgnores([{ id: "CVE-1", until: "soon" }], "p")).toThrow(/must be a day/);
    expect(() => readVulnerabilityIgnores([{ purl: "lodash" }], "p")).toThrow(/no package URL/);
    expect(() => readVulnerabilityIgnores([{ idd: "CVE-1" }], "p")).toThrow(/unknown key/);
    for (const name of ["(a+)+b", "(a|aa)*", ".*.*.*.*x", "(a)\\\\1", "["])
      await expect(
        readGrypeConfig({ path: "g", text: `ignore:\n  - package: { name: "${name}" }\n` }),
      ).rejects.toMatchObject({ code: "config.invalid" });
  });
});
