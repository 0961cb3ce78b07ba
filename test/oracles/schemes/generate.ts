import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** A small seeded generator of pseudo-random numbers (mulberry32): the same pairs on every machine. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

export type Pick = (below: number) => number;

export function one<T>(pick: Pick, from: readonly T[]): T {
  return from[pick(from.length)] as T;
}

/** What a scheme's versions are made of. */
export interface Alphabet {
  /** How a version may begin. */
  readonly starts: readonly string[];
  /** What may follow, again and again. */
  readonly pieces: readonly string[];
}

/** The largest number that the tool itself holds decides whether the long ones are among the pieces. */
export const numbers: readonly string[] = [
  "0",
  "1",
  "2",
  "9",
  "10",
  "11",
  "00",
  "01",
  "010",
  "09",
  "100",
  "20240131",
  "007",
];

function generated(pick: Pick, { starts, pieces }: Alphabet): string[] {
  return [one(pick, starts), ...Array.from({ length: pick(7) }, () => one(pick, pieces))];
}

/** Another version that shares most of its pieces with this one: pairs that differ late are the hard ones. */
function changed(pick: Pick, version: readonly string[], alphabet: Alphabet): string[] {
  const copy = [...version];
  for (let n = 1 + pick(2); n > 0; n--) {
    const at = pick(copy.length);
    const how = pick(4);
    if (how === 0 && copy.length > 1) copy.splice(at, 1);
    else if (how === 1) copy.splice(at + 1, 0, one(pick, alphabet.pieces));
    else if (at === 0) copy[0] = one(pick, alphabet.starts);
    else copy[at] = one(pick, alphabet.pieces);
  }
  return copy;
}

/** Pairs of versions, two thirds of them close to each other, and as many of `real` ones beside them. */
export function pairsOf(
  alphabet: Alphabet,
  count: number,
  seed: number,
  real: readonly string[] = [],
): readonly (readonly [string, string])[] {
  const pick = seeded(seed);
  const pairs: (readonly [string, string])[] = [];
  while (pairs.length < count) {
    const first = generated(pick, alphabet);
    const second = pick(3) === 0 ? generated(pick, alphabet) : changed(pick, first, alphabet);
    pairs.push([first.join(""), second.join("")]);
  }
  for (let i = 0; i < Math.min(count, real.length * 4); i++) {
    const at = pick(real.length);
    // Sorted, so that neighbours are alike.
    pairs.push([
      real[at] as string,
      real[pick(3) === 0 ? pick(real.length) : (at + 1 + pick(5)) % real.length] as string,
    ]);
  }
  return pairs;
}

const advisories = resolve(import.meta.dirname, "../../../../shared/advisories");

/** The versions that real advisories name, sorted, or none where there are no advisories beside the project. */
export function realVersions(...ecosystems: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const ecosystem of ecosystems) {
    const archive = `${advisories}/${ecosystem}/all.zip`;
    if (!existsSync(archive)) continue;
    const text = execFileSync("unzip", ["-p", archive], { encoding: "utf8", maxBuffer: 1 << 28 });
    for (const [, version] of text.matchAll(/"(?:introduced|fixed|last_affected)":"([^"\\\s]+)"/g))
      if (version !== undefined && found.size < 6000) found.add(version);
  }
  return [...found].sort();
}
