import type { ScanDocument, ScannedMatch, ScannedPackage } from "../../src/report/index.ts";

const base = { kind: "base", reference: "debian:12" } as const;
const line = {
  kind: "instruction",
  at: { kind: "source", path: "app/Dockerfile", range: { start: 15, end: 60 } },
  line: 3,
  text: "RUN npm ci && pip install flask",
  certainty: "aligned",
} as const;
const [first, second] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}` as const);

function deb(name: string, version: string, source: string, more: Partial<ScannedPackage> = {}): ScannedPackage {
  return {
    purl: `pkg:deb/debian/${name}@${encodeURIComponent(version).replaceAll("%3A", ":")}?arch=amd64&distro=debian-12`,
    type: "deb",
    name,
    version,
    source: { name: source, version: version.replace(/^\d+:/, "") },
    arch: "amd64",
    licenses: ["GPL-2.0-or-later", "LGPL-2.1-only", "public-domain and more"],
    files: ["var/lib/dpkg/status", `var/lib/dpkg/info/${name}.list`],
    vendor: "Debian Maintainers <maintainers@example.org>",
    installedBytes: 4096,
    ...(first && { layer: first }),
    layerIndex: 0,
    origin: base,
    ...more,
  };
}

const packages: readonly ScannedPackage[] = [
  deb("bsdutils", "1:2.38.1-5", "util-linux"),
  deb("libc-bin", "2.36-9", "glibc", { requires: ["libc6"] }),
  deb("libc6", "2.36-9", "glibc"),
  deb("python3-flask", "2.2.2-3", "flask", { requires: ["libc6"] }),
  {
    purl: "pkg:npm/%40scope/left-pad@1.0.0",
    type: "npm",
    name: "@scope/left-pad",
    version: "1.0.0",
    licenses: ["MIT OR Apache-2.0"],
    files: ["srv/node_modules/@scope/left-pad/package.json"],
    ...(second && { layer: second }),
    layerIndex: 1,
    origin: line,
  },
  {
    purl: "pkg:pypi/flask@2.2.2",
    type: "pypi",
    name: "flask",
    version: "2.2.2",
    licenses: ["BSD-3-Clause"],
    files: ["usr/lib/python3/dist-packages/Flask-2.2.2.dist-info/METADATA"],
    owner: "pkg:deb/debian/python3-flask@2.2.2-3?arch=amd64&distro=debian-12",
    ...(first && { layer: first }),
    layerIndex: 0,
    origin: base,
  },
];

function matchOf(purl: string, id: string, more: Partial<ScannedMatch>): ScannedMatch {
  const one = packages.find((each) => each.purl === purl);
  if (!one) throw new Error(`the sample has no ${purl}`);
  const version = one.source?.version ?? one.version;
  return {
    id,
    aliases: [],
    advisories: [],
    because: {
      ecosystem: "Debian:12",
      name: one.source?.name ?? one.name,
      version,
      scheme: "dpkg",
      range: { events: [{ introduced: "0" }, { fixed: "2.36-10" }] },
      comparison: `0 <= ${version} < 2.36-10`,
    },
    state: "affected",
    severities: [],
    purl,
    name: one.name,
    version: one.version,
    level: "unknown",
    ...(one.layerIndex === undefined ? {} : { layerIndex: one.layerIndex }),
    ...(one.origin ? { origin: one.origin } : {}),
    ...more,
  };
}

const glibc: Partial<ScannedMatch> = {
  aliases: ["DEBIAN-CVE-2024-2961"],
  advisories: [
    {
      id: "DEBIAN-CVE-2024-2961",
      aliases: [],
      upstream: ["CVE-2024-2961"],
      summary: "Out-of-bounds write in iconv",
      url: "https://security-tracker.debian.org/tracker/CVE-2024-2961",
      severities: [],
      affected: [],
      published: "2024-04-17",
    },
  ],
  fixedIn: "2.36-10",
  state: "fixed",
  level: "high",
  severity: {
    severity: "high",
    source: "nvd",
    by: "vector",
    score: 7.3,
    vector: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:L/A:L",
  },
  severities: [
    { source: "nvd", vector: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:L/A:L" },
    { source: "debian", severity: "medium" },
  ],
  exploited: { since: "2024-05-01", byRansomware: true },
  epss: { probability: 0.4321, percentile: 0.97 },
};

/** A scan as small as it can be with one of everything in it. */
export const sampleScan: ScanDocument = {
  schemaVersion: 1,
  tool: { name: "plimsoll", version: "0.1.0" },
  target: {
    kind: "image",
    reference: "registry.example.com/app:1.2",
    digest: `sha256:${"d".repeat(64)}`,
    platform: "linux/amd64",
    created: "2024-05-06T01:02:03.123456789Z",
    layers: [first ?? "", second ?? ""],
  },
  release: {
    family: "debian",
    name: "Debian GNU/Linux 12 (bookworm)",
    release: "12",
    id: "debian",
    version: "12",
    codename: "bookworm",
    ecosystems: ["Debian:12"],
    endOfLife: "2026-06-10",
    pastEnd: true,
  },
  store: { revision: "0123456789ab", asOf: "2026-08-22", ageDays: 10, kind: "fetched" },
  packages,
  matches: [
    matchOf("pkg:deb/debian/libc-bin@2.36-9?arch=amd64&distro=debian-12", "CVE-2024-2961", glibc),
    matchOf("pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12", "CVE-2024-2961", glibc),
    matchOf("pkg:npm/%40scope/left-pad@1.0.0", "GHSA-aaaa-bbbb-cccc", {
      level: "medium",
      because: {
        ecosystem: "npm",
        name: "@scope/left-pad",
        version: "1.0.0",
        scheme: "semver",
        comparison: "1.0.0 is listed",
      },
      severity: { severity: "medium", source: "ghsa", by: "word" },
      severities: [{ source: "ghsa", severity: "medium" }],
    }),
    matchOf("pkg:deb/debian/bsdutils@1:2.38.1-5?arch=amd64&distro=debian-12", "CVE-2022-0563", {}),
  ],
  suppressed: [
    {
      ...matchOf("pkg:pypi/flask@2.2.2", "CVE-2023-30861", { level: "high" }),
      suppression: {
        reason: "owned",
        by: "pkg:deb/debian/python3-flask@2.2.2-3?arch=amd64&distro=debian-12",
        why: "the distribution's advisories decide",
      },
    },
  ],
  counts: { critical: 0, high: 2, medium: 1, low: 0, info: 0, unknown: 1 },
  verdict: "fail",
  gaps: [{ subject: "layer 3", reason: "a foreign layer" }],
  unusedIgnores: ["CVE-1999-0001"],
};

/**
 * The same with every text that an image, an advisory or a user brings replaced, addresses and versions among them; what the
 * rest of the document is looked up by stays the same everywhere.
 */
export function hostileScan(evil: string): ScanDocument {
  const kept = new Set([
    "kind",
    "level",
    "state",
    "by",
    "scheme",
    "reason",
    "severity",
    "type",
    "verdict",
    "certainty",
    "schemaVersion",
    "asOf",
  ]);
  const poisoned = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return kept.has(key) && key !== "reason" ? value : evil + value;
    if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]));
  };
  const { packages: found, matches, suppressed, target, release, gaps, unusedIgnores } = sampleScan;
  return {
    ...sampleScan,
    target: poisoned(target, "") as ScanDocument["target"],
    ...(release ? { release: poisoned(release, "") as NonNullable<ScanDocument["release"]> } : {}),
    packages: poisoned(found, "") as ScanDocument["packages"],
    matches: poisoned(matches, "") as ScanDocument["matches"],
    suppressed: suppressed.map((one) => ({
      ...(poisoned(one, "") as (typeof suppressed)[number]),
      suppression: { ...one.suppression, by: evil, why: evil },
    })),
    gaps: gaps.map(() => ({ subject: evil, reason: evil })),
    unusedIgnores: unusedIgnores.map(() => evil),
  };
}
