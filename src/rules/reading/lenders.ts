import type { SourceRange } from "../../core/index.ts";
import {
  type Dockerfile,
  instructionsOf,
  mountsOf,
  remembered,
  type Instruction,
  type Stage,
  type Word,
} from "../../syntax/index.ts";

/** A place that takes files from a stage, an image or a named build context: `COPY --from=`, `RUN --mount=from=`. */
export interface Lender {
  readonly instruction: Instruction;
  readonly kind: "copy" | "mount";
  /** The flag's value; all fields of it for a mount. */
  readonly word: Word;
  /** The name. */
  readonly text: string;
  /** Where the name stands when it is written out, without variables. */
  readonly range: SourceRange | undefined;
}

/** Every lender in source order. Names with unknown variables and what ONBUILD triggers are not among them. */
export const lendersOf: (dockerfile: Dockerfile) => readonly Lender[] = remembered((dockerfile) =>
  [...copies(dockerfile), ...mounts(dockerfile)].sort((a, b) => a.word.range.start - b.word.range.start),
);

function* copies(dockerfile: Dockerfile): Generator<Lender> {
  for (const copy of instructionsOf(dockerfile, "COPY")) {
    const word = copy.flags.find((flag) => flag.name === "from")?.value;
    const text = word?.value;
    if (word && text !== undefined && text !== "")
      yield { instruction: copy, kind: "copy", word, text, range: writtenOut(word, text) };
  }
}

function* mounts(dockerfile: Dockerfile): Generator<Lender> {
  for (const run of instructionsOf(dockerfile, "RUN")) {
    for (const { from, flag } of mountsOf(run)) {
      const word = flag.value;
      if (!word || from === undefined || from === "") continue;
      const field = /(?:^|[,"'])from=/.exec(word.raw);
      const at = field ? field.index + field[0].length : -1;
      const start = word.range.start + at;
      // A word that goes over two lines has other places than its text.
      const isPlain = word.range.end - word.range.start === word.raw.length;
      const range =
        isPlain && at >= 0 && word.raw.startsWith(from, at) ? { start, end: start + from.length } : undefined;
      yield { instruction: run, kind: "mount", word, text: from, range };
    }
  }
}

/** The range of a word's text inside its quotes; undefined where the word is written otherwise. */
export function writtenOut(word: Word, text: string): SourceRange | undefined {
  if (word.raw === text) return word.range;
  return word.raw === `"${text}"` || word.raw === `'${text}'`
    ? { start: word.range.start + 1, end: word.range.end - 1 }
    : undefined;
}

/** The stage that a name or number means in the stage of index `from`: of a name the last one above. */
export function stageMeant(dockerfile: Dockerfile, text: string, from: number): Stage | undefined {
  if (isStageNumber(text)) return dockerfile.stages[Number(text)];
  return stagesByName(dockerfile)
    .get(text.toLowerCase())
    ?.findLast((stage) => stage.index < from);
}

/** The same for a lender; where none of the name stands above, the first one from its own stage on. Undefined where it names none. */
export function lendingStage(dockerfile: Dockerfile, { instruction, text }: Lender): Stage | undefined {
  return stageMeant(dockerfile, text, instruction.stage) ?? stagesByName(dockerfile).get(text.toLowerCase())?.[0];
}

const stagesByName = remembered((dockerfile: Dockerfile): ReadonlyMap<string, readonly Stage[]> => {
  const byName = new Map<string, Stage[]>();
  for (const stage of dockerfile.stages) {
    const name = stage.name?.raw.toLowerCase();
    if (name === undefined) continue;
    const named = byName.get(name);
    if (named) named.push(stage);
    else byName.set(name, [stage]);
  }
  return byName;
});

/** Docker takes a number for the index of a stage, whatever images there are. */
export function isStageNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

/** Names that never mean an image: nothing at all, and the build context. */
export function isReservedName(text: string): boolean {
  return text === "scratch" || text === "context";
}
