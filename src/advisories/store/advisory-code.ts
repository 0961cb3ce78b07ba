import type { Advisory, Affected, RangeEvent, StatedSeverity, VersionRange } from "../advisory.ts";
import { damaged } from "./damaged.ts";
import { dayValue, readDay } from "./day.ts";
import { empty, itemsIn, listIn, parts, textIn, wholeIn } from "./json-value.ts";
import { readSeverity, severityParts } from "./severity-code.ts";
import { readVersions, versionsValue } from "./version-list.ts";

/** What an advisory says of one package, without the package's own names: those are the key it is kept under. */
export interface PackageAdvisory {
  readonly head: Omit<Advisory, "affected">;
  readonly affected: readonly Omit<Affected, "ecosystem" | "name">[];
}

const states = [
  undefined,
  "affected",
  "will-not-fix",
  "fix-deferred",
  "end-of-life",
  "under-investigation",
  "not-affected",
] as const;
/** Kinds of range events, by their place. */
const kinds = ["introduced", "fixed", "lastAffected", "limit"] as const;
/** Stands for a range from the first version on without an end. */
const open = 1;
/** Stands for the upstream id that an id ends in: DEBIAN-CVE-2024-1 is nearly always about CVE-2024-1 alone. */
const inId = 1;

/** As JSON: id, what is affected, upstream ids, aliases, the day of withdrawal; then what no look-up decides by. */
export function writeAdvisory({ head, affected }: PackageAdvisory): string {
  const { id, upstream, aliases, withdrawn, severities, summary, url, published, modified } = head;
  const about = upstream.length === 1 && upstream[0] === withoutPrefix(id) ? inId : upstream;
  const details = parts(severities.map(severityParts), dayValue(published), dayValue(modified), summary, url);
  return JSON.stringify(parts(id, affected.map(entryValue), about, aliases, dayValue(withdrawn), details));
}

export function readAdvisory(value: unknown, ecosystem: string, name: string): Advisory & { toJSON(): Advisory } {
  return new StoredAdvisory(listIn(value), ecosystem, name);
}

type Details = Pick<Advisory, "severities" | "summary" | "url" | "published" | "modified">;

/** Prose, dates and severities are asked for only where a package is affected, and read only then. */
class StoredAdvisory implements Advisory {
  readonly id: string;
  readonly affected: readonly StoredEntry[];
  readonly upstream: readonly string[];
  readonly aliases: readonly string[];
  declare readonly withdrawn?: string;
  readonly #written: unknown;
  #details: Details | undefined;

  constructor(written: readonly unknown[], ecosystem: string, name: string) {
    this.id = textIn(written[0]);
    this.affected = readEntries(written[1], ecosystem, name);
    this.upstream = written[2] === inId ? [withoutPrefix(this.id)] : itemsIn(written[2], textIn);
    this.aliases = itemsIn(written[3], textIn);
    if ((written[4] ?? 0) !== 0) this.withdrawn = readDay(written[4]);
    this.#written = written[5];
  }

  get severities(): readonly StatedSeverity[] {
    return this.#told().severities;
  }

  get summary(): string | undefined {
    return this.#told().summary;
  }

  get url(): string | undefined {
    return this.#told().url;
  }

  get published(): string | undefined {
    return this.#told().published;
  }

  get modified(): string | undefined {
    return this.#told().modified;
  }

  /** All of it as a plain object. */
  toJSON(): Advisory {
    const { id, upstream, aliases, withdrawn } = this;
    const affected = this.affected.map((entry) => entry.toJSON());
    return { id, affected, upstream, aliases, ...this.#told(), ...(withdrawn === undefined ? {} : { withdrawn }) };
  }

  #told(): Details {
    this.#details ??= readDetails(this.#written);
    return this.#details;
  }
}

function readDetails(value: unknown): Details {
  const [severities, published = 0, modified = 0, summary = 0, url = 0] = itemsIn(value, (item) => item);
  return {
    severities: itemsIn(severities, readSeverity),
    ...(published === 0 ? {} : { published: readDay(published) }),
    ...(modified === 0 ? {} : { modified: readDay(modified) }),
    ...(summary === 0 ? {} : { summary: textIn(summary) }),
    ...(url === 0 ? {} : { url: textIn(url) }),
  };
}

function withoutPrefix(id: string): string {
  return id.slice(id.indexOf("-") + 1);
}

/** Ranges and versions, then what few entries have; a range alone, where it has a short form, stands for the whole. */
function entryValue(entry: PackageAdvisory["affected"][number]): unknown {
  const { ranges, versions, state, severities = [], goos = [], arches = [] } = entry;
  const written = parts(
    ranges.map(rangeValue),
    versions.length === 0 ? 0 : versionsValue(versions),
    states.indexOf(state),
    severities.map(severityParts),
    goos,
    arches,
  );
  const [range, another] = ranges.map(rangeValue);
  return written.length === 1 && another === undefined && !Array.isArray(range) ? range : written;
}

function readEntries(value: unknown, ecosystem: string, name: string): readonly StoredEntry[] {
  const list = value === 0 || value === undefined ? empty : listIn(value);
  if (list.length === 1) return [new StoredEntry(list[0], ecosystem, name)];
  return list.map((entry) => new StoredEntry(entry, ecosystem, name));
}

/** Lists of versions are long, and asked for only where no range holds: they are read when they are. */
class StoredEntry implements Affected {
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly VersionRange[];
  declare readonly state?: NonNullable<Affected["state"]>;
  declare readonly severities?: readonly StatedSeverity[];
  declare readonly goos?: readonly string[];
  declare readonly arches?: readonly string[];
  readonly #written: unknown;
  #versions: readonly string[] | undefined;

  constructor(written: unknown, ecosystem: string, name: string) {
    this.ecosystem = ecosystem;
    this.name = name;
    if (!Array.isArray(written)) {
      this.ranges = [readRange(written)];
      return;
    }
    const list = listIn(written);
    this.ranges = itemsIn(list[0], readRange);
    this.#written = list[1];
    if (list.length <= 2) return;
    const [, , state = 0, severities = 0, goos = 0, arches = 0] = list;
    if (state !== 0) this.state = stateIn(state);
    if (severities !== 0) this.severities = itemsIn(severities, readSeverity);
    if (goos !== 0) this.goos = itemsIn(goos, textIn);
    if (arches !== 0) this.arches = itemsIn(arches, textIn);
  }

  get versions(): readonly string[] {
    this.#versions ??= readVersions(this.#written ?? 0);
    return this.#versions;
  }

  /** All of it as a plain object. */
  toJSON(): Affected {
    return Object.assign({ versions: this.versions }, this);
  }
}

function stateIn(value: unknown): NonNullable<Affected["state"]> {
  const state = states[wholeIn(value)];
  if (state === undefined) throw damaged("a state is unknown");
  return state;
}

/** Kinds and versions of its events in turn; in short the version of the fix, where it begins with the first version. */
function rangeValue({ events }: VersionRange): unknown {
  const [first, second, another] = events;
  if (another === undefined && first && "introduced" in first && first.introduced === "0") {
    if (second === undefined) return open;
    if ("fixed" in second) return second.fixed;
  }
  return events.flatMap((event) => {
    const kind = kinds.findIndex((one) => one in event);
    return [kind, (event as Readonly<Record<string, string>>)[kinds[kind] ?? ""]];
  });
}

const fromTheFirst: RangeEvent = Object.freeze({ introduced: "0" });

function readRange(value: unknown): VersionRange {
  if (typeof value === "string") return { events: [fromTheFirst, { fixed: value }] };
  if (value === open) return { events: [fromTheFirst] };
  const written = listIn(value);
  if (written.length === 4) return { events: [readEvent(written, 0), readEvent(written, 2)] };
  const events: RangeEvent[] = [];
  for (let at = 0; at < written.length; at += 2) events.push(readEvent(written, at));
  return { events };
}

function readEvent(written: readonly unknown[], at: number): RangeEvent {
  const version = textIn(written[at + 1]);
  switch (written[at]) {
    case 0:
      return { introduced: version };
    case 1:
      return { fixed: version };
    case 2:
      return { lastAffected: version };
    case 3:
      return { limit: version };
    default:
      throw damaged("a range event is of an unknown kind");
  }
}
