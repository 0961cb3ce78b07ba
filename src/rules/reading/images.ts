import type { SourceRange } from "../../core/index.ts";
import { type ImageReference, parseReference } from "../../bases/index.ts";
import { type Dockerfile, type Instruction, remembered, type Word } from "../../syntax/index.ts";
import { isReservedName, isStageNumber, lendersOf, lendingStage, writtenOut } from "./lenders.ts";

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
        range: writtenOut(from.image, base.reference),
      };
  }
}

function* otherUses(dockerfile: Dockerfile): Generator<ImageUse> {
  for (const lender of lendersOf(dockerfile)) {
    const { text } = lender;
    if (isStageNumber(text) || isReservedName(text) || lendingStage(dockerfile, lender)) continue;
    const reference = parseReference(text);
    if (reference) yield { ...lender, reference };
  }
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
