import type { Package } from "../../packages/index.ts";
import type { Advisory, Affected } from "../advisory.ts";
import type { VersionScheme } from "../scheme.ts";
import { schemeFor } from "../schemes/scheme-for.ts";
import type { AdvisoryStore } from "../store/store.ts";
import { type Evaluation, evaluate } from "./evaluate.ts";
import type { LookUp } from "./family.ts";
import { cvesOf, type Identified, idsOf } from "./group-by-vulnerability.ts";
import type { MatchOptions } from "./match.ts";

/** An advisory that says a package is affected. */
export interface Hit extends Identified {
  readonly advisory: Advisory;
  readonly affected: Affected;
  readonly evaluation: Evaluation;
  readonly lookUp: LookUp;
}

/** All that the store says of what is looked for. */
export interface Verdicts {
  readonly hits: readonly Hit[];
  /** Ids of every advisory about it, whether it is affected or not. */
  readonly judged: ReadonlySet<string>;
  /** Ids that it is said not to have. */
  readonly notAffected: ReadonlySet<string>;
  /** CVEs with an advisory of their own. */
  readonly spokenFor: ReadonlySet<string>;
}

/** Looks packages up; the same look-up is made once. */
export function createFinder(store: AdvisoryStore, schemes: readonly VersionScheme[], options: MatchOptions) {
  const known = new Map<string, readonly Advisory[]>();
  const find = (ecosystem: string, name: string): readonly Advisory[] => {
    const key = `${ecosystem}\t${name}`;
    const found = known.get(key) ?? store.find(ecosystem, name).filter((advisory) => stands(advisory, options));
    known.set(key, found);
    return found;
  };
  return (lookUps: readonly LookUp[]): Verdicts => {
    const hits: Hit[] = [];
    const judged = new Set<string>();
    const notAffected = new Set<string>();
    const spokenFor = new Set<string>();
    for (const lookUp of lookUps) {
      const scheme = schemeFor(lookUp.ecosystem, schemes);
      for (const advisory of find(lookUp.ecosystem, lookUp.name)) {
        const affected = advisory.affected.filter((one) => lookUp.accepts?.(advisory, one) ?? true);
        if (affected.length === 0) continue;
        for (const id of idsOf(advisory)) judged.add(id);
        const [cve, another] = cvesOf(advisory);
        if (cve !== undefined && another === undefined) spokenFor.add(cve);
        if (affected.every(({ state }) => state === "not-affected")) {
          for (const id of idsOf(advisory)) notAffected.add(id);
          continue;
        }
        for (const one of affected) {
          const evaluation = evaluate(one, lookUp, scheme);
          if (!evaluation) continue;
          const { id, aliases, upstream } = advisory;
          hits.push({ id, aliases, upstream, advisory, affected: one, evaluation, lookUp });
          break;
        }
      }
    }
    return { hits, judged, notAffected, spokenFor };
  };
}

function stands({ withdrawn }: Advisory, { today }: MatchOptions): boolean {
  return withdrawn === undefined || (today !== undefined && withdrawn > today);
}

/** The OS packages by their purl: who owns a language package's files. */
export function packagesByPurl(packages: readonly Package[]): ReadonlyMap<string, Package> {
  return new Map(packages.map((one) => [one.purl, one]));
}
