import type { Digest } from "../core/index.ts";
import type { HistoryEntry } from "../image/index.ts";
import type { Dockerfile, Instruction, Stage } from "../syntax/index.ts";
import { readHistory } from "./history.ts";
import { type Likeness, likeness, shellsOf } from "./likeness.ts";
import type { ProvenLines } from "./provenance.ts";
import type { Origin } from "./report.ts";

export interface Attribution {
  /** One a layer, base first. */
  readonly origins: readonly Origin[];
  /** Layers of the base image; 0 when it is not known how many. */
  readonly baseLayers: number;
}

export interface AttributionFacts {
  readonly history: readonly HistoryEntry[];
  readonly layers: number;
  /** The Dockerfile it may have been built from, and the stage (by name or index; the last unless said). */
  readonly dockerfile?: Dockerfile;
  readonly target?: string;
  /** How many of the layers are known to be the base image's, because it was looked at; undefined when it was not. */
  readonly baseLayers?: number;
  readonly baseReference?: string;
  /** Digests of the layers as stored, where they are known. */
  readonly digests?: readonly (Digest | undefined)[];
  /** What the builder says of itself; it has the last word. */
  readonly proven?: ProvenLines;
}

/**
 * Which instruction brought each layer: exactly, where the builder has left word of it, else from what the image tells of its
 * history. Engines write history in their own words, and a Dockerfile may have changed since: a layer whose words are those of an instruction is "aligned"; one between two such where
 * the counts agree is "index"; of all others it is said that nothing is known.
 */
export function attributeLayers(facts: AttributionFacts): Attribution {
  return byProvenance(facts) ?? byHistory(facts);
}

/** Exact, when the builder names the line of every layer: half of it might be another image's. */
function byProvenance({ proven, digests = [], layers, dockerfile }: AttributionFacts): Attribution | undefined {
  const found = digests.map((digest) => (digest === undefined ? undefined : proven?.byLayer.get(digest)));
  if (!proven || found.length !== layers || found.some((instruction) => !instruction)) return undefined;
  // The file as it lies here when it is the one that was built: its path is the user's.
  const source = dockerfile?.source.text === proven.dockerfile.source.text ? dockerfile : proven.dockerfile;
  const base = found.findIndex((instruction) => instruction?.keyword !== "FROM");
  const origins = found.map((instruction): Origin => {
    if (instruction?.keyword !== "FROM")
      return instruction ? originOf(source, instruction, "exact") : { kind: "unknown" };
    const reference = instruction.image.value;
    return { kind: "base", ...(reference === undefined ? {} : { reference }) };
  });
  return { origins, baseLayers: base < 0 ? layers : base };
}

function byHistory(facts: AttributionFacts): Attribution {
  const { history, layers, dockerfile, baseReference } = facts;
  const entryOf = layerEntries(history, layers);
  const chain = dockerfile ? instructionsOf(dockerfile, facts.target) : undefined;
  const pairs = chain && dockerfile ? align(chain.instructions, history, dockerfile) : undefined;
  const boundary = facts.baseLayers ?? baseLayersOf(chain, pairs, entryOf);
  const reference = baseReference ?? chain?.reference;
  const origins = Array.from({ length: layers }, (_, layer): Origin => {
    const entry = entryOf[layer];
    const createdBy = entry === undefined ? undefined : history[entry]?.createdBy;
    const said = createdBy ? { createdBy } : {};
    if (layer < boundary) return { kind: "base", ...(reference === undefined ? {} : { reference }), ...said };
    const pair = entry === undefined ? undefined : pairs?.get(entry);
    if (!pair || !dockerfile) return { kind: "unknown", ...said };
    return originOf(dockerfile, pair.instruction, pair.certainty);
  });
  return { origins, baseLayers: boundary };
}

function originOf(dockerfile: Dockerfile, instruction: Instruction, certainty: "exact" | "aligned" | "index"): Origin {
  const { path, text } = dockerfile.source;
  const { range } = instruction;
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < range.start; at = text.indexOf("\n", at + 1)) line++;
  return {
    kind: "instruction",
    at: { kind: "source", path, range },
    line,
    text: `${instruction.keyword} ${instruction.argumentsText}`.replace(/\s+/g, " ").trim(),
    certainty,
  };
}

/** Which history entry each layer belongs to: those that are not empty, in order, when there are as many as layers. */
function layerEntries(history: readonly HistoryEntry[], layers: number): readonly number[] {
  const entries = history.flatMap(({ emptyLayer }, index) => (emptyLayer ? [] : [index]));
  return entries.length === layers ? entries : [];
}

interface Chain {
  readonly instructions: readonly Instruction[];
  /** The image the first of its stages starts from. */
  readonly reference?: string;
}

/** The instructions that made a stage, those of the stages it starts from first. */
function instructionsOf(dockerfile: Dockerfile, target: string | undefined): Chain | undefined {
  const { stages } = dockerfile;
  const wanted = target?.toLowerCase();
  let stage: Stage | undefined =
    wanted === undefined
      ? stages.at(-1)
      : stages.find(({ name, index }) => name?.raw.toLowerCase() === wanted || String(index) === wanted);
  if (!stage) return undefined;
  let instructions: Instruction[] = [];
  for (;;) {
    instructions = [...stage.instructions.filter(({ keyword }) => keyword !== "FROM"), ...instructions];
    const { base }: Stage = stage;
    if (base.kind !== "stage") {
      const reference = base.kind === "image" ? base.reference : base.kind === "scratch" ? "scratch" : undefined;
      return reference === undefined ? { instructions } : { instructions, reference };
    }
    stage = stages[base.index];
    if (!stage) return undefined;
  }
}

interface Pair {
  readonly instruction: Instruction;
  readonly certainty: "aligned" | "index";
}

const mostCompared = 2000;

/** Pairs history entries with instructions, both in order, so that as much as possible is alike; from the end, where ties are. */
function align(
  instructions: readonly Instruction[],
  history: readonly HistoryEntry[],
  dockerfile: Dockerfile,
): ReadonlyMap<number, Pair> {
  const count = instructions.length;
  const width = history.length;
  if (count === 0 || width === 0 || count > mostCompared || width > mostCompared) return new Map();
  const shells = shellsOf(dockerfile);
  const entries = history.map(readHistory);
  const alike = instructions.map((instruction) =>
    entries.map((entry) => likeness(instruction, entry, dockerfile, shells)),
  );
  // best[i][j]: the most that the first i instructions and j entries have in common.
  const best = Array.from({ length: count + 1 }, () => new Float64Array(width + 1));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = 1; i <= count; i++) {
    for (let j = 1; j <= width; j++) {
      const score = weights[alike[i - 1]?.[j - 1] ?? "none"];
      const row = best[i];
      if (row) row[j] = Math.max(at(i - 1, j), at(i, j - 1), score > 0 ? at(i - 1, j - 1) + score : 0);
    }
  }
  const found: { i: number; j: number; how: Likeness }[] = [];
  for (let i = count, j = width; i > 0 && j > 0; ) {
    const how = alike[i - 1]?.[j - 1] ?? "none";
    if (weights[how] > 0 && at(i, j) === at(i - 1, j - 1) + weights[how]) found.unshift({ i: --i, j: --j, how });
    else if (at(i, j) === at(i - 1, j)) i--;
    else j--;
  }
  return sure(found, instructions);
}

const weights: Readonly<Record<Likeness, number>> = { words: 10, mark: 4, keyword: 1, none: 0 };

/** Keeps pairs whose words agree, and of the others those that sit between two such with nothing missing on either side. */
function sure(
  found: readonly { readonly i: number; readonly j: number; readonly how: Likeness }[],
  instructions: readonly Instruction[],
): ReadonlyMap<number, Pair> {
  const pairs = new Map<number, Pair>();
  found.forEach(({ i, j, how }, index) => {
    const instruction = instructions[i];
    if (!instruction) return;
    if (how === "words" || how === "mark") {
      pairs.set(j, { instruction, certainty: "aligned" });
      return;
    }
    const before = found.slice(0, index).findLast((one) => one.how === "words");
    const after = found.slice(index + 1).find((one) => one.how === "words");
    const even = before && after && before.i - before.j === i - j && after.i - after.j === i - j;
    if (even) pairs.set(j, { instruction, certainty: "index" });
  });
  return pairs;
}

/** The layers before the entry of the first instruction; 0 unless that instruction was found. */
function baseLayersOf(
  chain: Chain | undefined,
  pairs: ReadonlyMap<number, Pair> | undefined,
  entryOf: readonly number[],
): number {
  if (!chain || !pairs || chain.reference === "scratch") return 0;
  const [first] = chain.instructions;
  if (!first) return entryOf.length;
  for (const [entry, { instruction, certainty }] of pairs)
    if (instruction === first && certainty === "aligned") return entryOf.filter((one) => one < entry).length;
  return 0;
}
