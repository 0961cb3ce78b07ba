import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Package } from "../../packages/index.ts";
import type { Advisory, Affected } from "../advisory.ts";
import { detectRelease } from "../release.ts";
import { builtInSchemes } from "../schemes/list.ts";
import { createStoreBuilder } from "../store/build.ts";
import { openStore } from "../store/open.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";
import { matchPackages } from "./match-packages.ts";
import type { MatchOptions, MatchRelease, MatchResult } from "./match.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-match-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fixed = (version: string): Pick<Affected, "ranges"> => ({
  ranges: [{ events: [{ introduced: "0" }, { fixed: version }] }],
});
const open: Pick<Affected, "ranges"> = { ranges: [{ events: [{ introduced: "0" }] }] };

function advisory(id: string, key: string, affected: Partial<Affected>, more: Partial<Advisory> = {}): Advisory {
  const slash = key.indexOf("/");
  const about = { ecosystem: key.slice(0, slash), name: key.slice(slash + 1), ranges: [], versions: [] };
  return { id, aliases: [], upstream: [], severities: [], ...more, affected: [{ ...about, ...affected }] };
}

function installed(type: string, name: string, version: string, more: Partial<Package> = {}): Package {
  return { purl: `pkg:${type}/${name}@${version}`, type, name, version, licenses: [], files: [], ...more };
}

function match(
  advisories: readonly Advisory[],
  packages: readonly Package[],
  release?: MatchRelease,
  options: MatchOptions = {},
  facts: Readonly<Record<string, VulnerabilityFacts>> = {},
): MatchResult {
  const path = join(root, "store");
  const builder = createStoreBuilder(path);
  for (const one of advisories) builder.add(one, 1);
  for (const [id, fact] of Object.entries(facts)) builder.describe(id, fact);
  builder.finish([]);
  const store = openStore(path);
  try {
    return matchPackages(packages, release, store, builtInSchemes, options);
  } finally {
    store.close();
  }
}

const found = ({ matches }: MatchResult): readonly string[] =>
  matches.map(({ package: one, id, fixedIn, state }) => [one.name, id, fixedIn ?? state].join(" "));
const aside = ({ suppressed }: MatchResult): readonly string[] =>
  suppressed.map(({ package: one, id, suppressed: why }) => [one.name, id, why?.reason].join(" "));

const debian: MatchRelease = { family: "debian", ecosystems: ["Debian:12"] };
const cve = (number: number): Partial<Advisory> => ({ upstream: [`CVE-2024-${number}`] });

describe("Debian and Ubuntu", () => {
  it("are matched by source name and source version, epochs and all", () => {
    const result = match(
      [advisory("DEBIAN-CVE-2024-1000", "Debian:12/util-linux", fixed("2.38.1-5+deb12u2"), cve(1000))],
      [
        installed("deb", "bsdutils", "1:2.38.1-5+deb12u1", {
          source: { name: "util-linux", version: "2.38.1-5+deb12u1" },
        }),
        installed("deb", "mount", "2.38.1-5+deb12u2", { source: { name: "util-linux", version: "2.38.1-5+deb12u2" } }),
      ],
      debian,
    );
    expect(found(result)).toEqual(["bsdutils CVE-2024-1000 2.38.1-5+deb12u2"]);
    expect(result.matches[0]?.because).toMatchObject({
      name: "util-linux",
      scheme: "dpkg",
      comparison: "0 <= 2.38.1-5+deb12u1 < 2.38.1-5+deb12u2",
    });
  });

  it("what is not fixed is reported with its state, what is denied is not", () => {
    const result = match(
      [
        advisory("DEBIAN-CVE-2024-1001", "Debian:12/a", { ...open, state: "will-not-fix" }, cve(1001)),
        advisory("DEBIAN-CVE-2024-1002", "Debian:12/a", { state: "not-affected" }, cve(1002)),
        advisory("DSA-1", "Debian:12/a", open, { upstream: ["CVE-2024-1002", "CVE-2024-1003"] }),
      ],
      [installed("deb", "a", "1")],
      debian,
    );
    expect(found(result)).toEqual(["a CVE-2024-1001 will-not-fix", "a CVE-2024-1003 affected"]);
  });

  it("packages of third parties are not in the distribution's advisories", () => {
    const result = match(
      [advisory("DEBIAN-CVE-2024-1000", "Debian:12/docker-ce", open, cve(1000))],
      [installed("deb", "docker-ce", "5:26", { vendor: "Docker <support@docker.com>" })],
      debian,
    );
    expect(found(result)).toEqual([]);
    expect(result.unmatched).toMatchObject([{ reason: "third-party" }]);
  });

  it("Ubuntu Pro's advisories count before those for everybody, where the store has them", () => {
    const advisories = [
      advisory("UBUNTU-CVE-2024-1000", "Ubuntu:18.04:LTS/a", open, cve(1000)),
      advisory("UBUNTU-CVE-2024-1000", "Ubuntu:Pro:18.04:LTS/a", fixed("1-0ubuntu1+esm1"), cve(1000)),
    ];
    const pro: MatchRelease = { family: "ubuntu", ecosystems: ["Ubuntu:Pro:18.04:LTS", "Ubuntu:18.04:LTS"] };
    expect(found(match(advisories, [installed("deb", "a", "1-0ubuntu1")], pro))).toEqual([
      "a CVE-2024-1000 1-0ubuntu1+esm1",
    ]);
    expect(found(match(advisories.slice(0, 1), [installed("deb", "a", "1-0ubuntu1")], pro))).toEqual([
      "a CVE-2024-1000 affected",
    ]);
  });
});

describe("Red Hat and those made of it", () => {
  const rocky: MatchRelease = { family: "rocky", ecosystems: ["Rocky Linux:8"] };

  it("a package of a module is held to advisories of modules, another to the others", () => {
    const result = match(
      [
        advisory("RLSA-1", "Rocky Linux:8/nodejs", fixed("1:12.22.5-1.module+el8.4.0+1"), cve(1000)),
        advisory("RLSA-2", "Rocky Linux:8/nodejs", fixed("1:16.0.0-1.el8"), cve(1001)),
      ],
      [
        installed("rpm", "nodejs", "1:12.22.1-1.module+el8.4.0+1", { modularity: "nodejs:12:8040:abc" }),
        installed("rpm", "nodejs", "1:10.0.0-1.el8"),
      ],
      rocky,
    );
    expect(found(result)).toEqual([
      "nodejs CVE-2024-1001 1:16.0.0-1.el8",
      "nodejs CVE-2024-1000 1:12.22.5-1.module+el8.4.0+1",
    ]);
  });

  it("a stream's own advisories are found under its name", () => {
    const result = match(
      [advisory("RHSA-1", "Red Hat:8/nodejs:12::nodejs", fixed("1:12.22.5-1"), cve(1000))],
      [installed("rpm", "nodejs", "1:12.22.1-1", { modularity: "nodejs:12:8040:abc" })],
      { family: "rhel", ecosystems: ["Red Hat:8"] },
    );
    expect(found(result)).toEqual(["nodejs CVE-2024-1000 1:12.22.5-1"]);
  });

  it("an advisory for some machines holds for packages of those, and of all", () => {
    const arches = ["aarch64", "x86_64"];
    const result = match(
      [advisory("RLSA-1", "Rocky Linux:8/glibc", { ...fixed("2.28-200.el8"), arches }, cve(1000))],
      ["x86_64", "s390x", "noarch", undefined].map((arch, at) =>
        installed("rpm", "glibc", `2.28-10${at}.el8`, arch === undefined ? {} : { arch }),
      ),
      rocky,
    );
    expect(result.matches.map(({ package: one }) => one.version)).toEqual([
      "2.28-100.el8",
      "2.28-102.el8",
      "2.28-103.el8",
    ]);
  });

  it("Oracle's packages are held to advisories of their flavour: as they are, for ksplice, for FIPS", () => {
    const advisories = [
      advisory("ELSA-1", "Oracle Linux:9/glibc", fixed("2:2.34-60.ksplice1.el9"), cve(1000)),
      advisory("ELSA-2", "Oracle Linux:9/glibc", fixed("2.34-40.el9"), cve(1001)),
      advisory("ELSA-3", "Oracle Linux:9/glibc", fixed("10:2.34-40.el9_fips"), cve(1002)),
    ];
    const versions = ["2.34-28.el9", "2:2.34-28.ksplice1.el9", "10:2.34-28.el9_fips", "2.34-40.el9"];
    const result = match(
      advisories,
      versions.map((version) => installed("rpm", "glibc", version)),
      { family: "oracle", ecosystems: ["Oracle Linux:9"] },
    );
    expect(result.matches.map(({ package: one, id }) => `${one.version} ${id}`)).toEqual([
      "10:2.34-28.el9_fips CVE-2024-1002",
      "2.34-28.el9 CVE-2024-1001",
      "2:2.34-28.ksplice1.el9 CVE-2024-1000",
    ]);
  });

  it("Red Hat's advisories count where an image has their repository: the same package has another fix in another", () => {
    const advisories = [
      advisory("RHSA-1", "Red Hat:enterprise_linux:9::baseos/openssl", fixed("1:3.0.7-30.el9"), cve(1000)),
      advisory("RHSA-2", "Red Hat:rhel_eus:9.2::baseos/openssl", fixed("1:3.0.7-18.el9_2"), cve(1000)),
    ];
    const manifest = JSON.stringify({ content_sets: ["rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2"] });
    const text = (path: string) => (path === "etc/os-release" ? 'ID="rhel"\nVERSION_ID="9.2"\n' : undefined);
    const fixedBy = (manifests: readonly string[]): readonly string[] =>
      found(match(advisories, [installed("rpm", "openssl", "1:3.0.7-20.el9_2")], detectRelease(text, manifests)));
    expect(fixedBy([])).toEqual(["openssl CVE-2024-1000 1:3.0.7-30.el9"]);
    expect(fixedBy([manifest])).toEqual([]);
  });

  it("EPEL's packages are another's", () => {
    const result = match([], [installed("rpm", "htop", "3-1", { vendor: "Fedora Project" })], rocky);
    expect(result.unmatched).toMatchObject([{ reason: "third-party" }]);
  });

  it("Photon's source versions have no epoch, and are compared without", () => {
    const result = match(
      [advisory("PHSA-1", "Photon OS:5.0/perl", fixed("4:5.26.0-1"), cve(1000))],
      [installed("rpm", "perl-Errno", "0:1.28-1", { source: { name: "perl", version: "5.26.0-1" } })],
      { family: "photon", ecosystems: ["Photon OS:5.0"] },
    );
    expect(found(result)).toEqual([]);
  });
});

describe("languages", () => {
  it("Go: the standard library and golang.org/x are judged by the Go team alone, and only for Linux", () => {
    const result = match(
      [
        advisory("GO-2024-1", "Go/stdlib", fixed("1.21.5"), { aliases: ["CVE-2024-1000"] }),
        advisory("GO-2024-2", "Go/stdlib", { ...fixed("1.21.5"), goos: ["windows"] }, { aliases: ["CVE-2024-1001"] }),
        advisory("GHSA-2222-3333-4444", "Go/golang.org/x/net", fixed("0.20.0"), { aliases: ["CVE-2024-1002"] }),
      ],
      [
        installed("golang", "stdlib", "1.21.0"),
        installed("golang", "golang.org/x/net", "v0.1.0"),
        installed("golang", "main", "(devel)"),
      ],
    );
    expect(found(result)).toEqual(["stdlib CVE-2024-1000 1.21.5"]);
    expect(result.unmatched).toMatchObject([{ reason: "no-version" }]);
  });

  it("names are exact but for what the registry does not tell apart, and a gem's platform is no part of its version", () => {
    const result = match(
      [
        advisory("GHSA-1", "RubyGems/http_parser", open),
        advisory("GHSA-2", "RubyGems/nokogiri", fixed("1.19.4")),
        advisory("PYSEC-1", "PyPI/Flask_Thing", open),
      ],
      [
        installed("gem", "http_parser.rb", "0.6.0"),
        installed("gem", "nokogiri", "1.19.3-aarch64-linux-gnu"),
        installed("pypi", "flask-thing", "1.0"),
      ],
    );
    expect(found(result)).toEqual(["nokogiri GHSA-2 1.19.4", "flask-thing PYSEC-1 affected"]);
  });

  it.each([
    // What is published, what is installed, whether they are one package.
    ["NuGet", "nuget", "newtonsoft.json", "Newtonsoft.Json", true],
    ["NuGet", "nuget", "System.Text.Json", "system.text.json", true],
    ["PyPI", "pypi", "Zope.Event", "zope-event", true],
    ["PyPI", "pypi", "ruamel-yaml", "ruamel.yaml", true],
    ["PyPI", "pypi", "Flask__Thing", "flask-thing", true],
    ["PyPI", "pypi", "flaskthing", "flask-thing", false],
    ["Packagist", "composer", "Twig/Twig", "twig/twig", true],
    ["Hex", "hex", "Plug", "plug", true],
    ["Pub", "pub", "http", "Http", true],
    ["RubyGems", "gem", "RedCloth", "RedCloth", true],
    ["RubyGems", "gem", "redcloth", "RedCloth", false],
    ["npm", "npm", "JSONStream", "JSONStream", true],
    ["npm", "npm", "jsonstream", "JSONStream", false],
    ["Go", "golang", "github.com/Masterminds/goutils", "github.com/Masterminds/goutils", true],
    ["Go", "golang", "github.com/Masterminds/goutils", "github.com/masterminds/goutils", false],
    ["Maven", "maven", "xerces:xercesImpl", "xerces:xercesImpl", true],
    ["Maven", "maven", "xerces:xercesImpl", "xerces:xercesimpl", false],
    ["crates.io", "cargo", "serde_json", "serde-json", false],
    ["CRAN", "cran", "readxl", "readxl", true],
    ["Hackage", "hackage", "aeson", "aeson", true],
    ["opam", "opam", "cohttp", "cohttp", true],
    ["Julia", "julia", "HTTP", "HTTP", true],
    ["Bitnami", "bitnami", "nginx", "nginx", true],
    ["ConanCenter", "conan", "zlib", "zlib", true],
    ["SwiftURL", "swift", "https://github.com/vapor/vapor.git", "github.com/vapor/vapor", true],
  ])("%s (%s): what is published about %s counts for %s: %s", (ecosystem, type, published, name, isOne) => {
    const result = match([advisory("GHSA-1", `${ecosystem}/${published}`, open)], [installed(type, name, "1.0.0")]);
    expect(result.gaps).toEqual([]);
    expect(found(result)).toEqual(isOne ? [`${name} GHSA-1 affected`] : []);
  });

  it("a listed version counts also where its scheme does not accept it, and the fix is the next above it", () => {
    const result = match(
      [advisory("PYSEC-1", "PyPI/a", { ...fixed("2.0"), versions: ["1.0-custom-build", "9.9"] })],
      [installed("pypi", "a", "1.0-custom-build")],
    );
    expect(result.matches[0]?.because.comparison).toBe("1.0-custom-build is listed");
  });

  it("a packaging of a version is past its fix, in Bitnami's order; in R's one number more is later", () => {
    const advisories = [
      advisory("BIT-1", "Bitnami/nginx", fixed("1.25.3")),
      advisory("RSEC-1", "CRAN/readxl", fixed("1.4-1")),
    ];
    const packages = [
      installed("bitnami", "nginx", "1.25.3-2"),
      installed("bitnami", "nginx", "1.25.2-9"),
      installed("cran", "readxl", "1.4.1"),
      installed("cran", "readxl", "1.4"),
    ];
    expect(found(match(advisories, packages))).toEqual(["nginx BIT-1 1.25.3", "readxl RSEC-1 1.4-1"]);
  });

  it("what is withdrawn does not count, or only from that day on", () => {
    const withdrawn = [advisory("GHSA-1", "npm/a", open, { withdrawn: "2024-05-05" })];
    expect(found(match(withdrawn, [installed("npm", "a", "1.0.0")]))).toEqual([]);
    expect(found(match(withdrawn, [installed("npm", "a", "1.0.0")], undefined, { today: "2024-05-04" }))).toHaveLength(
      1,
    );
  });

  it("the fix is the smallest above the installed version, and the highest of those that several advisories name", () => {
    const events = [{ introduced: "0" }, { fixed: "1.9.9" }, { introduced: "2.0.0" }, { fixed: "2.3.4" }];
    const result = match(
      [
        advisory("GHSA-1", "npm/a", { ranges: [{ events }] }, { aliases: ["CVE-2024-1000"] }),
        advisory("NSWG-1", "npm/a", fixed("2.3.5"), { aliases: ["CVE-2024-1000"] }),
      ],
      [installed("npm", "a", "2.1.0")],
    );
    expect(found(result)).toEqual(["a CVE-2024-1000 2.3.5"]);
    expect(result.matches[0]?.because.comparison).toBe("2.0.0 <= 2.1.0 < 2.3.4");
  });
});

describe("what another's word decides", () => {
  const owner = installed("apk", "py3-a", "1.0-r1", { source: { name: "py3-a", version: "1.0-r1" } });
  const owned = installed("pypi", "a", "1.0", { owner: owner.purl });
  const alpine: MatchRelease = { family: "alpine", ecosystems: ["Alpine:v3.20"] };
  const upstream = [1000, 1001, 1002].map((n) =>
    advisory(`PYSEC-${n}`, "PyPI/a", open, { aliases: [`CVE-2024-${n}`] }),
  );

  it("a language package of the distribution is set aside for each CVE the distribution has judged, and kept for others", () => {
    const result = match(
      [
        ...upstream,
        advisory("ALPINE-CVE-2024-1000", "Alpine:v3.20/py3-a", fixed("1.0-r1"), cve(1000)),
        advisory("ALPINE-CVE-2024-1001", "Alpine:v3.20/py3-a", { state: "not-affected" }, cve(1001)),
      ],
      [owner, owned],
      alpine,
    );
    expect(found(result)).toEqual(["a CVE-2024-1002 affected"]);
    expect(aside(result)).toEqual(["a CVE-2024-1000 owned", "a CVE-2024-1001 not-affected"]);
    expect(result.suppressed[0]?.suppressed?.by).toBe(owner.purl);
  });

  it("what nobody has judged yet is set aside", () => {
    const wolfi: MatchRelease = { family: "wolfi", ecosystems: ["Wolfi"] };
    const result = match(
      [advisory("CGA-1", "Wolfi/a", { ...open, state: "under-investigation" }, cve(1000))],
      [installed("apk", "a", "1-r0")],
      wolfi,
    );
    expect(aside(result)).toEqual(["a CVE-2024-1000 under-investigation"]);
  });
});

describe("what is said beside a match", () => {
  it("statements of severity come from the package, its advisories, then the vulnerability; KEV and EPSS marks are there", () => {
    const result = match(
      [
        advisory(
          "DEBIAN-CVE-2024-1000",
          "Debian:12/a",
          { ...open, severities: [{ source: "debian", severity: "low" }] },
          { ...cve(1000), severities: [{ source: "osv", severity: "high" }] },
        ),
      ],
      [installed("deb", "a", "1")],
      debian,
      {},
      {
        "CVE-2024-1000": {
          severities: [{ source: "nvd", score: 9.8 }],
          exploited: { since: "2024-02-03", byRansomware: false },
          epss: { probability: 0.25, percentile: 0.75 },
        },
      },
    );
    expect(result.matches[0]).toMatchObject({
      severity: { severity: "low", source: "debian", by: "word" },
      severities: [{ source: "debian" }, { source: "osv" }, { source: "nvd" }],
      exploited: { since: "2024-02-03" },
      epss: { probability: 0.25 },
    });
  });

  it("an ecosystem the store lacks is a gap, and so is a distribution nobody could tell", () => {
    const result = match([], [installed("deb", "a", "1"), installed("npm", "b", "1.0.0")], debian);
    expect(result.gaps.map(({ subject }) => subject)).toEqual(["Debian:12", "npm"]);
    expect(match([], [installed("deb", "a", "1")]).gaps).toMatchObject([
      { subject: "deb packages without a known release" },
    ]);
  });
});
