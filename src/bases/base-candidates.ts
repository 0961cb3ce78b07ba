import { distrolessAsOf, distrolessFor } from "./distroless.ts";
import type { OfficialImages } from "./official-images.ts";
import { suiteEnds } from "./table.ts";
import { compareVersions, osFamily, readTag, type TagParts } from "./tag.ts";

export type CandidateKind = "refresh" | "patch" | "slim" | "alpine" | "suite" | "line" | "line-slim" | "distroless";

/** An image that a Dockerfile could stand on in place of the one it names, by what is known without asking anybody. */
export interface BaseCandidate {
  readonly kind: CandidateKind;
  /** References of this one image, the most exact first; which of them a registry has is not known. */
  readonly names: readonly string[];
  /** Whether it is rebuilt; undefined where no table tells. */
  readonly live?: boolean;
  /** YYYY-MM-DD since when it is not. */
  readonly frozenSince?: string;
  /** The release of its distribution ("trixie", "alpine3.22"), where it is known. */
  readonly suite?: string;
  /** The line of its language or product as its tags write it ("3.12", "20.04"); "" where it has none. */
  readonly line: string;
  readonly musl: boolean;
  /** What it asks of the program beyond what its name says. */
  readonly needs?: string;
  /** YYYY-MM-DD of what is known. */
  readonly asOf: string;
}

/** Names tried of one image: those that say its line, of which some registries keep but few. */
const maximumNames = 8;

/** Distributions, whose code names say as much as their versions. */
const distributions: ReadonlySet<string> = new Set(["debian", "ubuntu"]);

interface Live {
  readonly tags: readonly string[];
  readonly version: readonly number[];
  /** As written. */
  readonly numbers: readonly string[];
  readonly suite: string | undefined;
  readonly flavours: readonly string[];
  readonly family: string;
  /** A release candidate or the like, which takes no other's place. */
  readonly preview: boolean;
}

/**
 * Candidates to take the place of an official image, one of a kind at most: the same tag anew, the newest patch of its line,
 * its slim and its Alpine variant, the newest release of its distribution, the next supported line (and that one slim), and the
 * distroless image of its language.
 * @param today YYYY-MM-DD, against which support ends are held
 */
export function baseCandidates(
  images: OfficialImages,
  name: string,
  tag: string,
  today: string,
): { readonly current: BaseCandidate; readonly candidates: readonly BaseCandidate[] } {
  const listed = images.live(name).map((tags) => readLive(name, tags));
  const all = listed.filter(({ preview }) => !preview);
  const precision = linePrecision(all);
  const own = listed.find(({ tags }) => tags.includes(tag));
  const facts = images.tag(name, tag);
  const named = (exact: string | undefined): Live | undefined =>
    exact === undefined ? undefined : listed.find(({ tags }) => tags.includes(exact));
  const wanted = own ?? likeLive(name, tag);
  const line = wanted.version.slice(0, precision);
  const found: BaseCandidate[] = [];
  const offer = (kind: CandidateKind, live: Live | undefined): void => {
    if (!live || live === own) return;
    const names = namesOf(name, live, precision).map((one) => `${name}:${one}`);
    found.push(candidate(kind, names, live, precision, images.asOf));
  };
  const choose = (flavours: readonly string[], family: string, of: readonly number[], suite?: string) =>
    best(
      all.filter(
        (one) =>
          one.family === family &&
          same(plain(one.flavours), flavours) &&
          of.length > 0 &&
          compareVersions(one.version.slice(0, precision), of) === 0,
      ),
      suite,
      today,
    );

  const flavours = plain(wanted.flavours);
  const without = flavours.filter((flavour) => flavour !== "slim");
  const slim = [...without, "slim"].sort();
  const isSlim = flavours.includes("slim");
  if (!own) offer("patch", choose(flavours, wanted.family, line, wanted.suite));
  const isDebian = wanted.family === "debian";
  if (wanted.family !== "alpine" && !isSlim) {
    const live = named(facts?.slim) ?? (isDebian ? choose(slim, "debian", line, wanted.suite) : undefined);
    if (live) offer("slim", live);
    else if (!own && isDebian) found.push(...frozenVariant(images, name, tag, wanted, "slim", line));
  }
  if (wanted.family !== "alpine") {
    const live = named(facts?.alpine) ?? (isDebian ? choose(without, "alpine", line) : undefined);
    if (live) offer("alpine", live);
    else if (!own && isDebian) found.push(...frozenVariant(images, name, tag, wanted, "alpine", line));
  }
  const newest = choose(flavours, wanted.family, line, "");
  const rank = suiteRank(wanted.suite);
  if (newest && rank > 0 && suiteRank(newest.suite) > rank) offer("suite", newest);
  const next = nextLine(all, precision, { ...wanted, flavours }, today);
  if (next) {
    offer("line", choose(flavours, wanted.family, next, wanted.suite));
    if (!isSlim) offer("line-slim", choose(slim, wanted.family, next, wanted.suite));
  }
  const distroless = distrolessFor(name, line);
  if (distroless)
    found.push({
      kind: "distroless",
      names: [distroless.reference],
      suite: distroless.suite,
      line: distroless.line?.join(".") ?? "",
      musl: false,
      needs: distroless.needs,
      asOf: distrolessAsOf,
    });
  const current: BaseCandidate = {
    ...candidate("refresh", [`${name}:${tag}`], wanted, precision, images.asOf),
    live: own !== undefined,
    ...(facts?.frozenSince === undefined ? {} : { frozenSince: facts.frozenSince }),
  };
  return { current, candidates: withoutRepeats([current, ...found]).slice(1) };
}

function candidate(
  kind: CandidateKind,
  names: readonly string[],
  { suite, numbers, family }: Live,
  precision: number,
  asOf: string,
): BaseCandidate {
  return {
    kind,
    names,
    live: true,
    ...(suite === undefined ? {} : { suite }),
    line: numbers.slice(0, precision).join("."),
    musl: family === "alpine",
    asOf,
  };
}

/** The same image is not offered twice: what an earlier kind names is not said again. */
function withoutRepeats(candidates: readonly BaseCandidate[]): readonly BaseCandidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ names: [first = ""] }) => !seen.has(first) && seen.add(first));
}

function readLive(name: string, tags: readonly string[]): Live {
  const parts = tags.map((tag) => ({ ...readTag(tag), tag }));
  const fullest = parts.reduce((a, b) => (b.version.length > a.version.length ? b : a));
  return live(name, tags, fullest, parts.find(({ suite }) => suite !== undefined)?.suite);
}

/** A tag that is no longer listed, read as though it were. */
function likeLive(name: string, tag: string): Live {
  const parts = { ...readTag(tag), tag };
  return live(name, [tag], parts, parts.suite);
}

/** @param fullest of the tags the one with most of the version */
function live(
  name: string,
  tags: readonly string[],
  { tag, ...parts }: TagParts & { readonly tag: string },
  written: string | undefined,
): Live {
  const { version, flavours, preview } = parts;
  const [major, minor] = version;
  // Alpine's own image names its release by its version.
  const own = name === "alpine" && major !== undefined && minor !== undefined ? `alpine${major}.${minor}` : undefined;
  const suite = written ?? own;
  const family = name === "alpine" ? "alpine" : osFamily(suite === undefined ? parts : { ...parts, suite });
  const numbers = (/^v?(\d+(?:[._]\d+)*)/.exec(tag)?.[1] ?? "").split(/[._]/).filter((one) => one !== "");
  return { tags, version, numbers, suite, flavours, family, preview };
}

/** How many numbers name a line: two where several minors of one major are rebuilt side by side, else one. */
function linePrecision(all: readonly Live[]): number {
  const minors = new Map<number, number>();
  for (const { version } of all) {
    const [major, minor] = version;
    if (major === undefined || minor === undefined) continue;
    if ((minors.get(major) ?? minor) !== minor) return 2;
    minors.set(major, minor);
  }
  return 1;
}

function plain(flavours: readonly string[]): string[] {
  return flavours.filter((flavour) => flavour !== "alpine").sort();
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** The newest; of several the one of the suite asked for, else the one that the tags without a suite name, else the longest supported. */
function best(found: readonly Live[], suite: string | undefined, today: string): Live | undefined {
  const isDefault = ({ tags }: Live): boolean => tags.some((tag) => readTag(tag).suite === undefined);
  const prefer = (one: Live): number =>
    suite === "" ? suiteRank(one.suite) : Number(one.suite === suite && isSupported(one.suite, today));
  return found.toSorted(
    (a, b) =>
      compareVersions(b.version, a.version) ||
      prefer(b) - prefer(a) ||
      Number(isDefault(b)) - Number(isDefault(a)) ||
      suiteRank(b.suite) - suiteRank(a.suite) ||
      ((a.tags[0] ?? "") < (b.tags[0] ?? "") ? -1 : 1),
  )[0];
}

/** Releases of one family in the order in which their support ends; 0 for one nobody knows. */
function suiteRank(suite: string | undefined): number {
  const alpine = /^alpine(\d+)\.(\d+)$/.exec(suite ?? "");
  if (alpine) return Number(alpine[1]) * 1000 + Number(alpine[2]);
  return Number((suiteEnds[suite ?? ""] ?? "0").replaceAll("-", ""));
}

function isSupported(suite: string | undefined, today: string): boolean {
  const end = suite === undefined ? undefined : suiteEnds[suite];
  return end === undefined || end >= today;
}

/** The lowest line above whose distribution is still supported: the least that changes. */
function nextLine(
  all: readonly Live[],
  precision: number,
  { version, flavours, family }: Live,
  today: string,
): readonly number[] | undefined {
  const line = version.slice(0, precision);
  if (line.length === 0) return undefined;
  const above = all
    .filter(
      (one) =>
        one.family === family &&
        one.version.length > 0 &&
        same(plain(one.flavours), flavours) &&
        isSupported(one.suite, today),
    )
    .map((one) => one.version.slice(0, precision))
    .filter((one) => compareVersions(one, line) > 0);
  return above.sort(compareVersions)[0];
}

/** Tags that say the line, or a code name that is one. */
function namesOf(name: string, { tags }: Live, precision: number): readonly string[] {
  const telling = tags.filter((tag) => {
    const { version, suite } = readTag(tag);
    return version.length >= precision || (suite !== undefined && distributions.has(name));
  });
  return (telling.length > 0 ? telling : tags).slice(0, maximumNames);
}

/** The slim or Alpine variant of a line that has ended: it may still be there, and is rebuilt as little. */
function frozenVariant(
  images: OfficialImages,
  name: string,
  tag: string,
  { numbers, suite }: Live,
  variant: "slim" | "alpine",
  line: readonly number[],
): readonly BaseCandidate[] {
  const number = numbers.join(".") || tag;
  const written = suite !== undefined && tag.endsWith(`-${suite}`) && variant === "slim" ? `-${suite}` : "";
  const names = [`${number}-${variant}${written}`].filter((one) => one !== tag);
  const since = images.tag(name, names[0] ?? "");
  if (names.length === 0 || since?.frozenSince === undefined || since.state === "unknown") return [];
  return [
    {
      kind: variant,
      names: names.map((one) => `${name}:${one}`),
      live: false,
      frozenSince: since.frozenSince,
      ...(variant === "slim" && suite !== undefined ? { suite } : {}),
      line: numbers.slice(0, line.length).join("."),
      musl: variant === "alpine",
      asOf: images.asOf,
    },
  ];
}
