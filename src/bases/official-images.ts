import { deprecatedImages } from "./publishers.ts";
import type { RepositoryFacts, TagFacts } from "./facts.ts";
import { compareVersions, osFamily, readTag, type TagParts } from "./tag.ts";

export interface OfficialImages {
  /** YYYY-MM-DD of the table. */
  readonly asOf: string;
  /** Every name that is or was official, sorted. */
  readonly names: readonly string[];
  repository(name: string): RepositoryFacts | undefined;
  tag(name: string, tag: string): TagFacts | undefined;
  /** What is rebuilt today of an image: the tags of each, the most exact first. Nothing for a name nobody knows. */
  live(name: string): readonly (readonly string[])[];
}

interface Repository {
  readonly retired: string | undefined;
  /** Tags of one image, most exact first. */
  readonly live: readonly (readonly string[])[];
  readonly byTag: ReadonlyMap<string, readonly string[]>;
  readonly gone: ReadonlyMap<string, { readonly since: string; readonly exact: string }>;
}

/** Answers kept: several rules ask about the same tag, and a project names few. */
const maximumAnswers = 4096;

/** A text of which parts are read: a string is one, and so is a file that is not read whole. Positions count ASCII characters. */
export interface TextParts {
  slice(start: number, end: number): string;
}

/** Names and places of all repositories take half of this; the format puts them first. */
const maximumHead = 1 << 14;

/** Opens the compiled table; a repository's part is read when it is first asked for. */
export function openOfficialImages(text: TextParts): OfficialImages {
  const beginning = text.slice(0, maximumHead);
  const headEnd = beginning.indexOf("\n\n");
  const [title = "", , ...rows] = beginning.slice(0, headEnd).split("\n");
  const asOf = title.slice(-10);
  const places = new Map(
    rows
      .map((row) => row.split(" "))
      .map(([name = "", offset, length]) => [name, [Number(offset), Number(length)] as const]),
  );
  const read = new Map<string, Repository>();
  const answers = new Map<string, TagFacts | undefined>();
  const open = (name: string): Repository | undefined => {
    const place = places.get(name);
    if (!place) return undefined;
    let repository = read.get(name);
    if (!repository) {
      const start = headEnd + 2 + place[0];
      repository = readRepository(text.slice(start, start + place[1]));
      read.set(name, repository);
    }
    return repository;
  };
  return {
    asOf,
    names: [...places.keys()],
    repository: (name) => {
      const found = open(name);
      const replacement = deprecatedImages[name];
      return (
        found && {
          official: true,
          asOf,
          ...(found.retired ? { retired: found.retired } : {}),
          ...(replacement ? { replacement } : {}),
        }
      );
    },
    live: (name) => open(name)?.live ?? [],
    tag: (name, tag) => {
      const key = `${name}:${tag}`;
      if (answers.has(key)) return answers.get(key);
      const found = open(name);
      const facts = found && tagFacts(found, tag, asOf);
      if (answers.size < maximumAnswers) answers.set(key, facts);
      return facts;
    },
  };
}

function readRepository(block: string): Repository {
  let retired: string | undefined;
  const live: string[][] = [];
  const byTag = new Map<string, readonly string[]>();
  const gone = new Map<string, { since: string; exact: string }>();
  for (const line of block.split("\n")) {
    if (line.startsWith("X ")) retired = line.slice(2);
    else if (line.startsWith("L ")) {
      const tags = frontDecode(line.slice(2).split(" "));
      live.push(tags);
      for (const tag of tags) byTag.set(tag, tags);
    } else if (line.startsWith("R ")) {
      const since = `${line.slice(2, 6)}-${line.slice(6, 8)}-${line.slice(8, 10)}`;
      const [exact = "", ...tags] = frontDecode(line.slice(11).split(" "));
      const ended = { since, exact };
      for (const tag of tags) gone.set(tag, ended);
    }
  }
  return { retired, live, byTag, gone };
}

function frontDecode(words: readonly string[]): string[] {
  let before = "";
  return words.map((word) => {
    const code = word.charCodeAt(0);
    // Base 36: digits, then letters.
    before = before.slice(0, code < 0x3a ? code - 0x30 : code - 0x57) + word.slice(1);
    return before;
  });
}

function tagFacts(repository: Repository, tag: string, asOf: string): TagFacts {
  const same = repository.byTag.get(tag);
  if (same) {
    const exact = same[0];
    return {
      live: true,
      sameImage: same,
      asOf,
      ...(exact !== undefined && exact !== tag && isMoreExact(exact, tag) ? { exact } : {}),
      ...variants(repository, exact ?? tag),
    };
  }
  const parts = readTag(tag);
  const gone = repository.gone.get(tag) ?? lineGone(repository, parts);
  const newest = newestOfLine(repository, parts);
  const next = newest === undefined ? nextLine(repository, parts) : undefined;
  const known = gone !== undefined || newest !== undefined || parts.version.length > 0;
  return {
    live: false,
    sameImage: [],
    asOf,
    state:
      newest !== undefined
        ? "superseded"
        : gone !== undefined || repository.retired !== undefined
          ? "ended"
          : known && next !== undefined && parts.version.length > 0 && isOlder(repository, parts)
            ? "ended"
            : "unknown",
    ...(gone ? { frozenSince: gone.since } : repository.retired ? { frozenSince: repository.retired } : {}),
    ...(newest === undefined ? {} : { newest }),
    ...(next === undefined ? {} : { nextLine: next }),
  };
}

function isMoreExact(exact: string, tag: string): boolean {
  const [x, y] = [readTag(exact), readTag(tag)];
  return (
    (x.day && !y.day) ||
    x.version.length > y.version.length ||
    (x.version.length === y.version.length && x.suite !== undefined && y.suite === undefined)
  );
}

/** When the shorter tags of the same line went, for a patch version whose own day is not in the table. */
function lineGone(repository: Repository, parts: TagParts): { since: string } | undefined {
  for (let length = parts.version.length - 1; length > 0; length--) {
    for (const flavours of [[...parts.flavours, ...(parts.suite ? [parts.suite] : [])], parts.flavours]) {
      const version = parts.version.slice(0, length);
      for (const [tag, gone] of repository.gone) {
        const other = readTag(tag);
        if (compareVersions(other.version, version) !== 0 || other.version.length !== length || other.preview) continue;
        if (sameSet([...other.flavours, ...(other.suite ? [other.suite] : [])], flavours)) return gone;
      }
    }
  }
  return undefined;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

interface LiveTag {
  readonly tag: string;
  readonly parts: TagParts;
}

/** Live images with the flavours and family asked for, each by its most exact tag. */
function candidates(repository: Repository, parts: TagParts): LiveTag[] {
  return repository.live
    .map((tags) => ({ tag: tags[0] ?? "", parts: readTag(tags[0] ?? "") }))
    .filter(
      ({ parts: other }) =>
        !other.preview && osFamily(other) === osFamily(parts) && sameSet(withoutOs(other), withoutOs(parts)),
    );
}

function withoutOs(parts: TagParts): string[] {
  return parts.flavours.filter((flavour) => flavour !== "alpine");
}

function newestOfLine(repository: Repository, parts: TagParts): string | undefined {
  if (parts.version.length === 0) return undefined;
  const line = parts.version.length > 2 ? parts.version.slice(0, 2) : parts.version;
  const found = candidates(repository, parts).filter(({ parts: other }) =>
    line.every((number, i) => other.version[i] === number),
  );
  found.sort(
    (a, b) =>
      compareVersions(b.parts.version, a.parts.version) ||
      Number(b.parts.suite === parts.suite) - Number(a.parts.suite === parts.suite),
  );
  return found[0]?.tag;
}

/** The lowest supported line above: the least that changes. */
function nextLine(repository: Repository, parts: TagParts): string | undefined {
  const found = candidates(repository, parts);
  const above = found.filter(
    ({ parts: other }) =>
      other.version.length > 0 && parts.version.length > 0 && compareVersions(other.version, parts.version) > 0,
  );
  above.sort((a, b) => compareVersions(a.parts.version, b.parts.version));
  const tag = above[0]?.tag;
  if (tag === undefined) return undefined;
  const length = Math.max(1, Math.min(2, parts.version.length));
  const tags = repository.byTag.get(tag) ?? [tag];
  return (
    tags.findLast(
      (one) => readTag(one).version.length === length && sameSet(withoutOs(readTag(one)), withoutOs(parts)),
    ) ?? tag
  );
}

function isOlder(repository: Repository, parts: TagParts): boolean {
  return repository.live.some((tags) => compareVersions(readTag(tags[0] ?? "").version, parts.version) > 0);
}

/** Live siblings of the same version that differ in flavour alone. */
function variants(repository: Repository, exact: string): { slim?: string; alpine?: string } {
  const parts = readTag(exact);
  const result: { slim?: string; alpine?: string } = {};
  for (const tags of repository.live) {
    const tag = tags[0] ?? "";
    const other = readTag(tag);
    if (compareVersions(other.version, parts.version) !== 0) continue;
    const isAlpine = osFamily(other) === "alpine";
    if (
      !isAlpine &&
      other.suite === parts.suite &&
      !parts.flavours.includes("slim") &&
      sameSet(other.flavours, [...withoutOs(parts), "slim"])
    )
      result.slim ??= tag;
    if (
      isAlpine &&
      osFamily(parts) !== "alpine" &&
      sameSet(
        withoutOs(other),
        parts.flavours.filter((flavour) => flavour !== "slim"),
      )
    )
      result.alpine ??= tag;
  }
  return result;
}
