import type { Affected, RangeEvent, VersionRange } from "../advisory.ts";
import type { VersionScheme } from "../scheme.ts";
import type { LookUp } from "./family.ts";
import type { Because } from "./match.ts";

export interface Evaluation {
  readonly because: Because;
  /** The smallest fix above the version in what matched; undefined where there is none. */
  readonly fixedIn?: string;
}

/**
 * Whether a version is affected: it is listed, or lies in a range (OSV schema, "Evaluation"). A version that the scheme does not
 * accept can only be listed.
 */
export function evaluate(
  affected: Affected,
  lookUp: LookUp,
  scheme: VersionScheme | undefined,
): Evaluation | undefined {
  const { ecosystem, name, version } = lookUp;
  const about = { ecosystem, name, version, scheme: scheme?.id ?? "equality" };
  const order = scheme?.valid(version) ? comparison(scheme, lookUp) : undefined;
  let found: Evaluation | undefined;
  for (const range of order ? affected.ranges : []) {
    const hit = order && inRange(range, version, order);
    if (!hit) continue;
    const fixedIn = smaller(found?.fixedIn, hit.fixedIn, order);
    found = {
      because: found?.because ?? { ...about, range, comparison: hit.comparison },
      ...(fixedIn === undefined ? {} : { fixedIn }),
    };
  }
  if (found || !affected.versions.includes(version)) return found;
  const fixedIn = order && smallestFix(affected.ranges, version, order);
  return {
    because: { ...about, comparison: `${version} is listed` },
    ...(fixedIn === undefined ? {} : { fixedIn }),
  };
}

type Order = (a: string, b: string) => number;

/** "0" as a lower end is below every version, also of schemes where it is none. */
function comparison(scheme: VersionScheme, { epochMayLack }: LookUp): Order {
  if (!epochMayLack) return (a, b) => scheme.compare(a, b);
  const bare = (version: string): string => version.replace(/^\d+:/, "");
  return (a, b) => (/^\d+:/.test(a) === /^\d+:/.test(b) ? scheme.compare(a, b) : scheme.compare(bare(a), bare(b)));
}

function inRange(
  range: VersionRange,
  version: string,
  order: Order,
): { comparison: string; fixedIn?: string } | undefined {
  const limits = range.events.flatMap((event) => ("limit" in event ? [event.limit] : []));
  if (limits.length > 0 && !limits.some((limit) => order(version, limit) < 0)) return undefined;
  let lower: string | undefined;
  let upper = "";
  for (const event of sorted(range.events, order)) {
    if ("introduced" in event) {
      if (event.introduced !== "0" && order(version, event.introduced) < 0) continue;
      lower = event.introduced;
      upper = "";
    } else if ("fixed" in event) {
      if (order(version, event.fixed) >= 0) lower = undefined;
      else if (lower !== undefined && upper === "") upper = ` < ${event.fixed}`;
    } else if ("lastAffected" in event) {
      if (order(version, event.lastAffected) > 0) lower = undefined;
      else if (lower !== undefined && upper === "") upper = ` <= ${event.lastAffected}`;
    }
  }
  if (lower === undefined) return undefined;
  const limit = upper === "" && limits[0] !== undefined ? ` < ${limits[0]}` : upper;
  const fixedIn = smallestFix([range], version, order);
  return { comparison: `${lower} <= ${version}${limit}`, ...(fixedIn === undefined ? {} : { fixedIn }) };
}

/** By version; the order among equals stays as written. */
function sorted(events: readonly RangeEvent[], order: Order): readonly RangeEvent[] {
  return [...events].sort((a, b) => {
    const [left, right] = [versionOf(a), versionOf(b)];
    if ("introduced" in a && left === "0") return "introduced" in b && right === "0" ? 0 : -1;
    if ("introduced" in b && right === "0") return 1;
    return order(left, right);
  });
}

function versionOf(event: RangeEvent): string {
  if ("introduced" in event) return event.introduced;
  if ("fixed" in event) return event.fixed;
  return "lastAffected" in event ? event.lastAffected : event.limit;
}

function smallestFix(ranges: readonly VersionRange[], version: string, order: Order): string | undefined {
  let smallest: string | undefined;
  for (const { events } of ranges)
    for (const event of events)
      if ("fixed" in event && order(event.fixed, version) > 0) smallest = smaller(smallest, event.fixed, order);
  return smallest;
}

function smaller(a: string | undefined, b: string | undefined, order: Order | undefined): string | undefined {
  if (a === undefined || b === undefined || !order) return a ?? b;
  return order(b, a) < 0 ? b : a;
}
