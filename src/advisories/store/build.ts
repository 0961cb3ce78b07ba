import type { Advisory, Affected, StatedSeverity } from "../advisory.ts";
import { canonicalName } from "../ecosystem.ts";
import { createFileWriter, makeWorkDirectory } from "../../host/index.ts";
import { dirname } from "node:path";
import { type PackageAdvisory, readAdvisory, writeAdvisory } from "./advisory-code.ts";
import { factsParts, readFacts } from "./facts-code.ts";
import { parseValue, parts } from "./json-value.ts";
import { artifactKey, idKey, packageKey, splitPackageKey } from "./keys.ts";
import { createRecordWriter, type RecordWriter } from "./records.ts";
import { createSpill, type Spill } from "./spill.ts";
import type { StoreFeed, StoreInfo } from "./store.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";

/** Makes a store out of advisories that come in any order, in memory that does not grow with their number. */
export interface StoreBuilder {
  /** Of two advisories with the same id about the same package the one with the higher rank stands, or else the later one. */
  add(advisory: Advisory, rank: number): void;
  /** Facts about an id; what several say of one is joined. Those of ids no advisory names are kept only when it is exploited. */
  describe(id: string, facts: VulnerabilityFacts): void;
  /** Writes the store; the file appears whole or not at all. */
  finish(feeds: readonly StoreFeed[]): void;
  /** Removes everything unfinished. */
  discard(): void;
}

interface EcosystemCount {
  packages: number;
  advisories: number;
  asOf: string;
}

/** @throws PlimsollError output.unwritable */
export function createStoreBuilder(path: string): StoreBuilder {
  const work = makeWorkDirectory(dirname(path), ".plimsoll-store-");
  const packages = createSpill(work.path, "packages");
  const described = createSpill(work.path, "facts");
  const file = createFileWriter(`${work.path}/store`);
  const discard = (): void => {
    packages.discard();
    described.discard();
    file.discard();
    work.remove();
  };
  return {
    add(advisory, rank) {
      for (const [key, piece] of byPackage(advisory)) packages.add(key, `${rank} ${writeAdvisory(piece)}`);
    },
    describe(id, facts) {
      described.add(id, JSON.stringify(factsParts(facts)));
    },
    finish(feeds) {
      const records = createRecordWriter(file);
      const ecosystems = writePackages(records, packages, described);
      writeIds(records, described);
      records.finish((contents) => Buffer.from(JSON.stringify(describeStore(contents, ecosystems, feeds))));
      file.commit(path);
      discard();
    },
    discard,
  };
}

/** An advisory's parts by package key. */
function byPackage({ affected, ...head }: Advisory): ReadonlyMap<string, PackageAdvisory> {
  const parts = new Map<string, { head: PackageAdvisory["head"]; affected: Omit<Affected, "ecosystem" | "name">[] }>();
  for (const { ecosystem, name, ...rest } of affected) {
    if (ecosystem.includes("\t") || ecosystem === "" || name === "") continue;
    const key = packageKey(ecosystem, canonicalName(ecosystem, name));
    const part = parts.get(key);
    if (part) part.affected.push(rest);
    else parts.set(key, { head, affected: [rest] });
  }
  return parts;
}

function writePackages(records: RecordWriter, packages: Spill, described: Spill): ReadonlyMap<string, EcosystemCount> {
  const ecosystems = new Map<string, EcosystemCount>();
  const groupsOf = new Map<string, string[]>();
  for (const { key, pieces } of packages.groups()) {
    const { ecosystem, name } = splitPackageKey(key) ?? { ecosystem: key, name: "" };
    const standing = standingPieces(pieces, ecosystem, name);
    const offset = records.add(key, `[${standing.map(({ written }) => written).join(",")}]`);

    const count = ecosystems.get(ecosystem) ?? { packages: 0, advisories: 0, asOf: "" };
    ecosystems.set(ecosystem, count);
    count.packages++;
    count.advisories += standing.length;
    for (const { modified } of standing) if (modified > count.asOf) count.asOf = modified;
    for (const id of new Set(standing.flatMap(({ ids }) => ids))) described.add(id, String(offset));
    const [group, artifact] = name.split(":");
    if (ecosystem === "Maven" && group !== undefined && artifact !== undefined)
      groupsOf.set(artifact, [...(groupsOf.get(artifact) ?? []), group]);
  }
  for (const [artifact, groups] of groupsOf) records.add(artifactKey(artifact), JSON.stringify(groups.sort()));
  return ecosystems;
}

interface Piece {
  readonly rank: number;
  /** As JSON. */
  readonly written: string;
  /** Its own first. */
  readonly ids: readonly string[];
  readonly modified: string;
}

/** One piece for each advisory id, sorted by id. */
function standingPieces(pieces: readonly string[], ecosystem: string, name: string): readonly Piece[] {
  const byId = new Map<string, Piece>();
  for (const piece of pieces) {
    const space = piece.indexOf(" ");
    const rank = Number(piece.slice(0, space));
    const written = piece.slice(space + 1);
    const { id, upstream, aliases, modified = "" } = readAdvisory(parseValue(written), ecosystem, name);
    if (rank >= (byId.get(id)?.rank ?? 0))
      byId.set(id, { rank, written, ids: [id, ...upstream, ...aliases], modified });
  }
  return [...byId.keys()].sort().flatMap((id) => byId.get(id) ?? []);
}

/** What is said of each id, and where its advisories lie: each place by how far it is from the one before. */
function writeIds(records: RecordWriter, described: Spill): void {
  for (const { key, pieces } of described.groups()) {
    const places: number[] = [];
    let facts: VulnerabilityFacts = { severities: [] };
    for (const piece of pieces) {
      const value = parseValue(piece);
      if (typeof value === "number") places.push(value);
      else facts = joinFacts(facts, readFacts(value));
    }
    if (places.length === 0 && !facts.exploited) continue;
    places.sort((a, b) => a - b);
    const steps = places.map((place, i) => place - (places[i - 1] ?? 0));
    records.add(idKey(key), JSON.stringify([factsParts(facts), ...parts(steps)]));
  }
}

function joinFacts(a: VulnerabilityFacts, b: VulnerabilityFacts): VulnerabilityFacts {
  const stated = new Map<string, StatedSeverity>();
  for (const severity of [...a.severities, ...b.severities]) {
    const { source, vector = "", score = "", severity: word = "" } = severity;
    stated.set([source, vector, score, word].join("\t"), severity);
  }
  const exploited = b.exploited ?? a.exploited;
  const epss = b.epss ?? a.epss;
  return {
    severities: [...stated.keys()].sort().flatMap((key) => stated.get(key) ?? []),
    ...(exploited ? { exploited } : {}),
    ...(epss ? { epss } : {}),
  };
}

function describeStore(
  contents: string,
  counts: ReadonlyMap<string, EcosystemCount>,
  feeds: readonly StoreFeed[],
): Omit<StoreInfo, "bytes"> {
  const ecosystems = [...counts.keys()].sort().map((name) => ({ name, ...(counts.get(name) as EcosystemCount) }));
  return {
    schema: "plimsoll.store/1",
    revision: contents.slice(0, 12),
    asOf: ecosystems.reduce((newest, { asOf }) => (asOf > newest ? asOf : newest), ""),
    ecosystems,
    feeds,
    packages: ecosystems.reduce((sum, { packages }) => sum + packages, 0),
    advisories: ecosystems.reduce((sum, { advisories }) => sum + advisories, 0),
  };
}
