import type { Advisory, Affected, StatedSeverity } from "../advisory.ts";
import { canonicalName } from "../ecosystem.ts";
import { createFileWriter, makeWorkDirectory } from "../../host/index.ts";
import { dirname } from "node:path";
import { type PackageAdvisory, readAdvisory, writeAdvisory, writeList } from "./advisory-code.ts";
import { createByteReader, createByteWriter } from "./bytes.ts";
import { readFacts, writeFacts } from "./facts-code.ts";
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
  const writer = createByteWriter();
  const file = createFileWriter(`${work.path}/store`);
  const discard = (): void => {
    packages.discard();
    described.discard();
    file.discard();
    work.remove();
  };
  return {
    add(advisory, rank) {
      for (const [key, piece] of byPackage(advisory)) {
        writer.byte(rank);
        writeAdvisory(writer, piece);
        packages.add(key, writer.take());
      }
    },
    describe(id, facts) {
      writer.byte(0);
      writeFacts(writer, facts);
      described.add(id, writer.take());
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
  const writer = createByteWriter();
  const reference = createByteWriter();
  for (const { key, pieces } of packages.groups()) {
    const { ecosystem, name } = splitPackageKey(key) ?? { ecosystem: key, name: "" };
    const standing = standingPieces(pieces, ecosystem, name);
    writer.number(standing.length);
    for (const { bytes } of standing) writer.bytes(bytes);
    const offset = records.add(key, writer.take());

    const count = ecosystems.get(ecosystem) ?? { packages: 0, advisories: 0, asOf: "" };
    ecosystems.set(ecosystem, count);
    count.packages++;
    count.advisories += standing.length;
    for (const { modified } of standing) if (modified > count.asOf) count.asOf = modified;
    reference.byte(1);
    reference.number(offset);
    const piece = Buffer.from(reference.take());
    for (const id of new Set(standing.flatMap(({ ids }) => ids))) described.add(id, piece);
    const [group, artifact] = name.split(":");
    if (ecosystem === "Maven" && group !== undefined && artifact !== undefined)
      groupsOf.set(artifact, [...(groupsOf.get(artifact) ?? []), group]);
  }
  for (const [artifact, groups] of groupsOf) {
    writeList(writer, groups.sort(), (_, group) => writer.text(group));
    records.add(artifactKey(artifact), writer.take());
  }
  return ecosystems;
}

interface Piece {
  readonly rank: number;
  readonly bytes: Uint8Array;
  /** Its own first. */
  readonly ids: readonly string[];
  readonly modified: string;
}

/** One piece for each advisory id, sorted by id. */
function standingPieces(pieces: readonly Uint8Array[], ecosystem: string, name: string): readonly Piece[] {
  const byId = new Map<string, Piece>();
  const reader = createByteReader(new Uint8Array());
  for (const piece of pieces) {
    const bytes = piece.subarray(1);
    const rank = piece[0] ?? 0;
    const { id, upstream, aliases, modified = "" } = readAdvisory(reader.over(bytes), ecosystem, name);
    if (rank >= (byId.get(id)?.rank ?? 0)) byId.set(id, { rank, bytes, ids: [id, ...upstream, ...aliases], modified });
  }
  return [...byId.keys()].sort().flatMap((id) => byId.get(id) ?? []);
}

/** What is said of each id, and where its advisories lie. */
function writeIds(records: RecordWriter, described: Spill): void {
  const writer = createByteWriter();
  const reader = createByteReader(new Uint8Array());
  for (const { key, pieces } of described.groups()) {
    const places: number[] = [];
    let facts: VulnerabilityFacts = { severities: [] };
    for (const piece of pieces) {
      if (reader.over(piece).byte() === 1) places.push(reader.number());
      else facts = joinFacts(facts, readFacts(reader));
    }
    if (places.length === 0 && !facts.exploited) continue;
    writeFacts(writer, facts);
    let before = 0;
    writeList(
      writer,
      places.sort((a, b) => a - b),
      (_, place) => {
        writer.number(place - before);
        before = place;
      },
    );
    records.add(idKey(key), writer.take());
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
