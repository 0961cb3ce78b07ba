import type { Edit } from "../../core/index.ts";
import {
  type Dockerfile,
  insertAt,
  insertLineAfter,
  type Instruction,
  replaceRange,
  type Stage,
} from "../../syntax/index.ts";

/** What only describes the image: it moves to a later stage unchanged. */
const describing: ReadonlySet<string> = new Set([
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "ENV",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "USER",
]);
/** Variables that speak to the tools of the build. */
const buildOnly =
  /^(?:GO|CGO_|PATH$|DEBIAN_FRONTEND$|npm_|NPM_|YARN_|PNPM_|CARGO_|RUST|MAVEN_|GRADLE_|CC$|CXX$|CFLAGS$)/;

/** A stage cut behind its last instruction that changes files. */
export interface StageSplit {
  /** The last instruction of the build. */
  readonly last: Instruction;
  /** What describes the image and stands behind it. */
  readonly behind: readonly Instruction[];
  /** What describes the image but stands above, to be said again; as written. */
  readonly repeated: readonly string[];
  readonly stageName: string;
}

/** A stage cut in two: the condition under which that is right, and how. */
export interface Split {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Where to cut a stage; undefined when what describes the image is entangled with what builds it. */
export function splitOf(dockerfile: Dockerfile, stage: Stage): StageSplit | undefined {
  const end = stage.instructions.findLastIndex((one) => !describing.has(one.keyword));
  const last = stage.instructions[end];
  if (!last || end < 1) return undefined;
  const behind = stage.instructions.slice(end + 1);
  const above = stage.instructions.slice(1, end);
  const repeated: string[] = [];
  for (const one of above) {
    if (["CMD", "ENTRYPOINT", "HEALTHCHECK", "USER", "VOLUME", "ONBUILD", "SHELL"].includes(one.keyword))
      return undefined;
    if (one.keyword === "ENV") {
      if (one.pairs.every((pair) => buildOnly.test(pair.name.value ?? pair.name.raw))) continue;
      if (one.pairs.some((pair) => pair.value?.value === undefined || pair.value.raw.includes("$"))) return undefined;
    } else if (!["EXPOSE", "LABEL", "STOPSIGNAL"].includes(one.keyword)) continue;
    repeated.push(dockerfile.source.text.slice(one.range.start, one.range.end));
  }
  return { last, behind, repeated, stageName: stage.name?.value ?? "build" };
}

/**
 * Ends the first stage there and begins a second one.
 * @param from its base
 * @param lines its first instructions
 * @param user takes the place of a user that only the first stage has
 * @param before what the first stage still does, line ending included
 */
export function splitEdits(
  dockerfile: Dockerfile,
  stage: Stage,
  split: StageSplit,
  from: string,
  lines: readonly string[],
  user?: string,
  before = "",
): readonly Edit[] {
  const { newline } = dockerfile;
  const text = before + [`${newline}FROM ${from}`, ...lines, ...split.repeated].join(newline);
  const edits: Edit[] = [];
  if (!stage.name && stage.from)
    edits.push(insertAt(dockerfile, stage.from.argumentsRange.end, ` AS ${split.stageName}`));
  edits.push(insertLineAfter(dockerfile, split.last, text));
  if (user !== undefined)
    for (const one of split.behind)
      if (one.keyword === "USER") edits.push(replaceRange(dockerfile, one.argumentsRange, user));
  return edits;
}
