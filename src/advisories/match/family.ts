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

/**
 * Look-ups in the ecosystems of the release that the store knows: in all of them where each is a repository of its own, or in the
 * first where each says all there is to say. Where it knows none, the first is asked for, which makes the gap.
 */
export function inRelease(
  release: MatchRelease | undefined,
  store: AdvisoryStore,
  which: "all" | "first",
  of: (ecosystem: string) => LookUp,
): readonly LookUp[] {
  const ecosystems = release?.ecosystems ?? [];
  const known = ecosystems.filter((ecosystem) => store.covers(ecosystem));
  return (known.length === 0 ? ecosystems.slice(0, 1) : which === "first" ? known.slice(0, 1) : known).map(of);
}
