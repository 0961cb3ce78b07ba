import type { Affected } from "../advisory.ts";
import type { VersionScheme } from "../scheme.ts";
import type { Feed, FeedItem } from "./feed.ts";
import { jsonMembers } from "./json-members.ts";
import { type JsonObject, objectIn, textIn } from "./json.ts";
import { urgencyOf } from "./osv-record.ts";

/** Debian's code names and the numbers by which advisories call them. */
const releases: Readonly<Record<string, string>> = {
  wheezy: "7",
  jessie: "8",
  stretch: "9",
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
  forky: "14",
  duke: "15",
  sid: "sid",
};

/**
 * The security tracker's JSON: source package → id → release → state. It knows what OSV's copy leaves out: what is not
 * affected, what will not be fixed or only later, and the ids without a CVE.
 */
export const debianTracker: Feed = {
  id: "debian-tracker",
  summary: "the state of every vulnerability in every Debian release",
  publisher: "Debian",
  licence: "none stated",
  address: "https://security-tracker.debian.org/tracker/data/",
  rank: 2,
  files: (ecosystems) =>
    ecosystems.some((ecosystem) => ecosystem === "Debian" || ecosystem.startsWith("Debian:"))
      ? [{ remote: "json", path: "debian-tracker/tracker.json", limit: 1 << 30 }]
      : [],
  reads: (path) => path === "debian-tracker/tracker.json",
  about: () => "Debian",
  *read(file, { path, scheme }) {
    const dpkg = scheme("Debian");
    for (const [name, vulnerabilities] of jsonMembers(file, path)) {
      if (textIn(name, 300) === undefined) continue;
      for (const [id, stated] of Object.entries(objectIn(vulnerabilities)))
        yield* readState(name, id, objectIn(stated), dpkg);
    }
  },
};

function* readState(
  name: string,
  id: string,
  stated: JsonObject,
  dpkg: VersionScheme | undefined,
): Generator<FeedItem> {
  if (!/^(?:CVE|TEMP)-[\w-]{1,60}$/.test(id)) return;
  const affected: Affected[] = [];
  for (const [codename, state] of Object.entries(objectIn(stated["releases"]))) {
    const number = Object.hasOwn(releases, codename) ? releases[codename] : undefined;
    const entry = number === undefined ? undefined : stateIn(`Debian:${number}`, name, objectIn(state), dpkg);
    if (entry) affected.push(entry);
  }
  if (affected.length === 0) return;
  const isCve = id.startsWith("CVE-");
  yield {
    kind: "advisory",
    advisory: { id: isCve ? `DEBIAN-${id}` : id, aliases: [], upstream: isCve ? [id] : [], severities: [], affected },
  };
}

function stateIn(
  ecosystem: string,
  name: string,
  state: JsonObject,
  dpkg: VersionScheme | undefined,
): Affected | undefined {
  const about = { ecosystem, name, versions: [] };
  const fixed = textIn(state["fixed_version"], 200);
  const severities = urgencyOf(state["urgency"]);
  const more = severities.length > 0 ? { severities } : {};
  if (state["status"] === "resolved" && fixed === "0") return { ...about, ranges: [], state: "not-affected" };
  if (state["status"] === "resolved" && fixed !== undefined && isReleased(fixed, state, dpkg))
    return { ...about, ranges: [{ events: [{ introduced: "0" }, { fixed }] }], ...more };
  if (state["status"] !== "open" && !(state["status"] === "resolved" && fixed !== undefined)) return undefined;
  return { ...about, ranges: [{ events: [{ introduced: "0" }] }], state: unfixedState(state), ...more };
}

/** A fix that no repository of the release has yet cannot be installed. */
function isReleased(fixed: string, state: JsonObject, dpkg: VersionScheme | undefined): boolean {
  const available = Object.values(objectIn(state["repositories"])).flatMap((version) => textIn(version, 200) ?? []);
  return available.length === 0 || !dpkg || available.some((version) => dpkg.compare(version, fixed) >= 0);
}

function unfixedState(state: JsonObject): NonNullable<Affected["state"]> {
  if (state["urgency"] === "end-of-life") return "end-of-life";
  if (state["nodsa_reason"] === "ignored") return "will-not-fix";
  if (state["nodsa_reason"] === "postponed") return "fix-deferred";
  return "affected";
}
