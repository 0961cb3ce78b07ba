import type { Gap } from "../../core/index.ts";
import type { Package } from "../../packages/index.ts";
import type { StatedSeverity } from "../advisory.ts";
import { ecosystemFamily } from "../ecosystem.ts";
import type { VersionScheme } from "../scheme.ts";
import { schemeFor } from "../schemes/scheme-for.ts";
import { chooseSeverity } from "../severity.ts";
import { sourceOf } from "../feeds/osv-record.ts";
import type { AdvisoryStore } from "../store/store.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";
import { matchFamilies } from "./families/list.ts";
import type { LookUp } from "./family.ts";
import { createFinder, type Hit, packagesByPurl, type Verdicts } from "./find-in-store.ts";
import { groupByVulnerability, type VulnerabilityGroup } from "./group-by-vulnerability.ts";
import type { MatchOptions, MatchRelease, MatchResult, Suppression, Unmatched, VulnerabilityMatch } from "./match.ts";

/**
 * Says which vulnerabilities packages have: each is looked for where and by the version that the advisories of its kind speak of,
 * what they say is put together by vulnerability, and what the distribution has judged otherwise is set aside, said why.
 * @param release the image's distribution; without one its packages are a gap
 * @throws PlimsollError store.damaged
 */
export function matchPackages(
  packages: readonly Package[],
  release: MatchRelease | undefined,
  store: AdvisoryStore,
  schemes: readonly VersionScheme[],
  options: MatchOptions = {},
): MatchResult {
  const find = createFinder(store, schemes, options);
  const factsOf = rememberFacts(store);
  const byPurl = packagesByPurl(packages);
  const matches: VulnerabilityMatch[] = [];
  const suppressed: VulnerabilityMatch[] = [];
  const unmatched: Unmatched[] = [];
  const lacking = new Map<string, number>();
  for (const one of packages) {
    const lookUps = lookUpsOf(one, release, store);
    if (typeof lookUps === "string") {
      unmatched.push({ package: one, reason: lookUps });
      continue;
    }
    const missing = lookUps.length === 0 ? `${one.type} packages without a known release` : undefined;
    for (const ecosystem of missing === undefined ? lookUps.map((lookUp) => lookUp.ecosystem) : [missing])
      if (missing !== undefined || !store.covers(ecosystem)) lacking.set(ecosystem, (lacking.get(ecosystem) ?? 0) + 1);
    const verdicts = find(lookUps);
    const owner = one.owner === undefined ? undefined : byPurl.get(one.owner);
    const ownerLookUps = owner && lookUpsOf(owner, release, store);
    const word = owner && typeof ownerLookUps === "object" ? ownersWord(owner, ownerLookUps, find, store) : undefined;
    for (const group of groupByVulnerability(verdicts.hits, verdicts.spokenFor)) {
      const match = describe(one, group, factsOf, schemes, options);
      const reason = word?.(match) ?? suppression(one, match, verdicts);
      if (reason) suppressed.push({ ...match, suppressed: reason });
      else matches.push(match);
    }
  }
  return { matches: inOrder(matches), suppressed: inOrder(suppressed), gaps: gapsOf(lacking), unmatched };
}

function lookUpsOf(
  one: Package,
  release: MatchRelease | undefined,
  store: AdvisoryStore,
): readonly LookUp[] | Unmatched["reason"] {
  if (one.version === "") return "no-version";
  const family = matchFamilies.find((candidate) => candidate.has(one, release));
  return family ? family.lookUp(one, release, store) : "no-advisories-exist";
}

/** From so many packages on, an ecosystem's data are taken to hold all that its distribution knows. */
const completeFrom = 1000;
/** Distributions that state what is affected and not fixed, so that their silence means something too. */
const comprehensive = new Set(["Debian", "Ubuntu", "Red Hat", "Azure Linux", "Mariner"]);

/**
 * A language package that an OS package installed may hold fixes its version does not show. What the distribution has judged, it
 * has judged for it; where it states all it knows, its silence is a judgement as well.
 */
function ownersWord(
  owner: Package,
  lookUps: readonly LookUp[],
  find: (lookUps: readonly LookUp[]) => Verdicts,
  store: AdvisoryStore,
): (match: VulnerabilityMatch) => Suppression | undefined {
  const { judged, notAffected } = find(lookUps);
  const complete = lookUps.some(
    ({ ecosystem }) =>
      comprehensive.has(ecosystemFamily(ecosystem)) &&
      store.info.ecosystems.some(({ name, packages }) => name === ecosystem && packages >= completeFrom),
  );
  return ({ id, aliases }) => {
    const ids = [id, ...aliases];
    if (ids.some((one) => notAffected.has(one))) return { reason: "not-affected", by: owner.purl };
    return complete || ids.some((one) => judged.has(one)) ? { reason: "owned", by: owner.purl } : undefined;
  };
}

function suppression(one: Package, match: VulnerabilityMatch, { notAffected }: Verdicts): Suppression | undefined {
  const denied = [match.id, ...match.aliases].some((id) => notAffected.has(id));
  if (denied) return { reason: "not-affected", by: one.purl };
  return match.state === "under-investigation" ? { reason: "under-investigation", by: one.purl } : undefined;
}

/** All packages of one source have its vulnerabilities: each is looked up once. */
function rememberFacts(store: AdvisoryStore): AdvisoryStore["facts"] {
  const known = new Map<string, VulnerabilityFacts | undefined>();
  return (id) => {
    if (!known.has(id)) known.set(id, store.facts(id));
    return known.get(id);
  };
}

function describe(
  one: Package,
  { id, aliases, members }: VulnerabilityGroup<Hit>,
  factsOf: AdvisoryStore["facts"],
  schemes: readonly VersionScheme[],
  options: MatchOptions,
): VulnerabilityMatch {
  const [deciding] = members;
  if (!deciding) throw new RangeError("a vulnerability without an advisory");
  const fixedIn = fixFor(members, schemes);
  const facts = factsOf(id);
  const ofPackage = statements(members.flatMap(({ affected }) => affected.severities ?? []));
  const general = statements([...members.flatMap(({ advisory }) => advisory.severities), ...(facts?.severities ?? [])]);
  const severity = chooseSeverity({
    ids: [id, ...aliases],
    ofPackage,
    general,
    matchedBy: sourceOf(deciding.id),
    ...(options.severitySources ? { preferred: options.severitySources } : {}),
  });
  return {
    package: one,
    id,
    aliases,
    advisories: members.map(({ advisory }) => advisory),
    because: deciding.evaluation.because,
    ...(fixedIn === undefined ? {} : { fixedIn }),
    state: fixedIn === undefined ? stateOf(members) : "fixed",
    ...(severity ? { severity } : {}),
    severities: statements([...ofPackage, ...general]),
    ...(facts?.exploited ? { exploited: facts.exploited } : {}),
    ...(facts?.epss ? { epss: facts.epss } : {}),
  };
}

/** The version in which all that know a fix call it fixed. */
function fixFor(members: readonly Hit[], schemes: readonly VersionScheme[]): string | undefined {
  let highest: string | undefined;
  for (const { evaluation, lookUp } of members) {
    const { fixedIn } = evaluation;
    const order = schemeFor(lookUp.ecosystem, schemes);
    if (fixedIn !== undefined && (highest === undefined || (order?.compare(fixedIn, highest) ?? 0) > 0))
      highest = fixedIn;
  }
  return highest;
}

function stateOf(members: readonly Hit[]): VulnerabilityMatch["state"] {
  for (const { affected } of members)
    if (affected.state !== undefined && affected.state !== "not-affected") return affected.state;
  return "affected";
}

function statements(all: readonly StatedSeverity[]): readonly StatedSeverity[] {
  const seen = new Map<string, StatedSeverity>();
  for (const stated of all) {
    const key = [stated.source, stated.severity, stated.vector, stated.score].join("\t");
    if (!seen.has(key)) seen.set(key, stated);
  }
  return [...seen.values()];
}

function inOrder(matches: readonly VulnerabilityMatch[]): readonly VulnerabilityMatch[] {
  const key = (match: VulnerabilityMatch): string => `${match.package.purl}\t${match.id}`;
  return matches.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function gapsOf(lacking: ReadonlyMap<string, number>): readonly Gap[] {
  return [...lacking.keys()].sort().map((ecosystem) => {
    const count = lacking.get(ecosystem) ?? 0;
    const what = `${count} ${count === 1 ? "package" : "packages"}`;
    return {
      subject: ecosystem,
      reason: `the advisory store knows nothing of it, so nothing is said of ${what}`,
    };
  });
}
