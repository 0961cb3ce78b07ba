import type { Package } from "../../packages/index.ts";
import type { Advisory, Affected } from "../advisory.ts";
import type { AdvisoryStore } from "../store/store.ts";
import type { MatchRelease, Unmatched } from "./match.ts";

/** How the packages of one kind are looked for. */
export interface MatchFamily {
  readonly id: string;
  /** Whether a package is of this kind; of several families the first that says so has it. */
  has(one: Package, release: MatchRelease | undefined): boolean;
  /** What to look for, or why there is nothing to look for. */
  lookUp(
    one: Package,
    release: MatchRelease | undefined,
    store: AdvisoryStore,
  ): readonly LookUp[] | Unmatched["reason"];
}

export interface LookUp {
  readonly ecosystem: string;
  readonly name: string;
  /** The version its advisories speak of. */
  readonly version: string;
  /** One side's epoch is not known when the other has one: both are compared without (rpm names no epoch in SOURCERPM). */
  readonly epochMayLack?: boolean;
  /** Advisories about the name that do not hold for the package. */
  readonly accepts?: (advisory: Advisory, affected: Affected) => boolean;
}

/** Look-ups in the first ecosystem of the release that the store knows; in all when it knows none, which makes the gap. */
export function inRelease(
  release: MatchRelease | undefined,
  store: AdvisoryStore,
  of: (ecosystem: string) => LookUp,
): readonly LookUp[] {
  const ecosystems = release?.ecosystems ?? [];
  const known = ecosystems.find((ecosystem) => store.covers(ecosystem));
  return (known === undefined ? ecosystems.slice(0, 1) : [known]).map(of);
}
