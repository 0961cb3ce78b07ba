import type { SourceRange } from "../../core/index.ts";
import { type ImageReference, parseReference } from "../../bases/index.ts";
import {
  type Dockerfile,
  instructionsOf,
  type Instruction,
  mountsOf,
  remembered,
  type Word,
} from "../../syntax/index.ts";

/** A place that names an image: FROM, `COPY --from=`, `RUN --mount=from=`. */
export interface ImageUse {
  readonly instruction: Instruction;
  readonly kind: "from" | "copy" | "mount";
  /** The word, or the flag's value. */
  readonly word: Word;
  readonly text: string;
  readonly reference: ImageReference;
  /** Where the reference stands when it is written out, without variables. */
  readonly range: SourceRange | undefined;
}

/** Every image a Dockerfile names, stages and scratch left out. Names with unknown variables are not among them. */
export const imageUses: (dockerfile: Dockerfile) => readonly ImageUse[] = remembered((dockerfile) =>
  [...fromUses(dockerfile), ...otherUses(dockerfile)].sort((a, b) => a.word.range.start - b.word.range.start),
);

function* fromUses(dockerfile: Dockerfile): Generator<ImageUse> {
  for (const stage of dockerfile.stages) {
    const { from, base } = stage;
    if (!from || base.kind !== "image" || base.reference === undefined) continue;
    const reference = parseReference(base.reference);
    if (reference)
      yield {
        instruction: from,
        kind: "from",
        word: from.image,
        text: base.reference,
        reference,
        range: literal(from.image, base.reference),
      };
  }
}

function* otherUses(dockerfile: Dockerfile): Generator<ImageUse> {
  const names = new Set(dockerfile.stages.flatMap((stage) => (stage.name ? [stage.name.raw.toLowerCase()] : [])));
  const isStage = (text: string): boolean =>
    /^\d+$/.test(text) || names.has(text.toLowerCase()) || text === "scratch" || text === "context";
  for (const copy of instructionsOf(dockerfile, "COPY")) {
    const word = copy.flags.find((flag) => flag.name === "from")?.value;
    const text = word?.value;
    const reference = text === undefined || isStage(text) ? undefined : parseReference(text);
    if (word && text !== undefined && reference)
      yield { instruction: copy, kind: "copy", word, text, reference, range: literal(word, text) };
  }
  for (const run of instructionsOf(dockerfile, "RUN")) {
    for (const { from, flag } of mountsOf(run)) {
      const reference = from === undefined || isStage(from) ? undefined : parseReference(from);
      const word = flag.value;
      if (!word || from === undefined || !reference) continue;
      const at = word.raw.indexOf(`from=${from}`);
      yield {
        instruction: run,
        kind: "mount",
        word,
        text: from,
        reference,
        range: at < 0 ? undefined : { start: word.range.start + at + 5, end: word.range.start + at + 5 + from.length },
      };
    }
  }
}

function literal(word: Word, text: string): SourceRange | undefined {
  if (word.raw === text) return word.range;
  return word.raw === `"${text}"` || word.raw === `'${text}'`
    ? { start: word.range.start + 1, end: word.range.end - 1 }
    : undefined;
}

/** The range of the tag, colon not included; an empty one where a tag would go. */
export function tagRange(use: ImageUse): SourceRange | undefined {
  if (!use.range) return undefined;
  const name = use.text.split("@")[0] ?? use.text;
  const colon = name.lastIndexOf(":");
  const start = use.range.start + (colon > name.lastIndexOf("/") ? colon + 1 : name.length);
  return { start, end: use.range.start + name.length };
}

/** A named build context (`docker build --build-context`) cannot be told from an image without tag, registry and namespace. */
export function mayBeNamedContext(use: ImageUse): boolean {
  return (
    use.kind !== "from" &&
    use.reference.tag === undefined &&
    use.reference.digest === undefined &&
    !use.text.includes("/")
  );
}
