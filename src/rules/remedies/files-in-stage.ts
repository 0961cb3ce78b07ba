import type { Edit, Fix } from "../../core/index.ts";
import {
  type Dockerfile,
  insertAt,
  type Instruction,
  isBelow,
  remembered,
  replaceRange,
  type RunInstruction,
  type Stage,
} from "../../syntax/index.ts";
import { likelyFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { copyTarget, isProjectPlace, outermost, type Step, stepsOf } from "../reading/file-steps.ts";
import type { Known } from "../rule.ts";

/** One instruction, or a part of a RUN, and where it belongs: to the stage that prepares files, to the image, or to both. */
interface Part {
  readonly instruction: Instruction;
  readonly where: "files" | "image" | "both";
  /** Replaces the instruction's text. */
  readonly text?: string;
}

/** More trees than that are no preparation of one program's files. */
const maximumTrees = 4;

interface Plan {
  readonly parts: readonly Part[];
  /** Trees to copy from the stage, with whom they belong to. */
  readonly roots: ReadonlyMap<string, string | undefined>;
  readonly last: Instruction;
}

/**
 * Moves the copying and changing of files into a stage of its own, from which the image takes the result in one layer: files
 * that later steps change, own or delete are then stored once or not at all. Nothing where a step is of another kind.
 */
export function filesInStage(dockerfile: Dockerfile, stage: Stage, known: Known): { fix?: Fix } {
  return (fixes(stage).made ??= makeFix(dockerfile, stage, known));
}
const fixes = remembered<Stage, { made?: { fix?: Fix } }>(() => ({}));

function makeFix(dockerfile: Dockerfile, stage: Stage, known: Known): { fix?: Fix } {
  const { from } = stage;
  if (
    !from ||
    stage.base.kind !== "image" ||
    from.image.raw.includes("$") ||
    stage.index !== dockerfile.stages.length - 1
  )
    return {};
  if (stage.name || dockerfile.stages.some(({ name }) => name?.value === "files")) return {};
  const plan = planOf(dockerfile, stage, known);
  if (!plan) return {};
  const reordered = inOneStage(dockerfile, stage, plan);
  if (reordered) return likelyFix("Make the user first and set the owner while copying", reordered);
  const { fix } = likelyFix(
    "Prepare the files in a stage of their own and copy the result, if no step relies on another place it wrote to",
    editsOf(dockerfile, stage, plan),
  );
  return fix ? { fix: { ...fix, alone: true } } : {};
}

function planOf(dockerfile: Dockerfile, stage: Stage, known: Known): Plan | undefined {
  const instructions = stage.instructions.slice(1);
  const end = instructions.findLastIndex((one) => isFileStep(dockerfile, one));
  const last = instructions[end];
  if (!last) return undefined;
  const parts: Part[] = [];
  const paths: string[] = [];
  const owners = new Map<string, string>();
  let changes = false;
  const given = (path: string): boolean => [...owners.keys()].some((one) => isBelow(path, one));
  for (const instruction of instructions.slice(0, end + 1)) {
    switch (instruction.keyword) {
      case "COPY":
      case "ADD": {
        const target = copyTarget(dockerfile, instruction);
        if (target === undefined || instruction.heredocs.length > 0) return undefined;
        const temporary = isBelow(target, "/tmp");
        if (
          instruction.flags.some(({ name }) => name !== "from" && !(name === "chown" && temporary) && name !== "chmod")
        )
          return undefined;
        if (given(target)) return undefined;
        const project = temporary || isProjectPlace(target);
        if (project && !temporary) paths.push(target);
        parts.push({ instruction, where: project ? "files" : "image" });
        break;
      }
      case "RUN": {
        const steps = stepsOf(dockerfile, instruction);
        if (!steps) return undefined;
        for (const step of steps) {
          if (step.kind === "system") continue;
          if (!step.paths.every((path) => isProjectPlace(path) || isBelow(path, "/tmp"))) return undefined;
          if (step.kind === "files" && !keepsOwner(step) && step.paths.some(given)) return undefined;
          for (const path of step.paths) {
            if (step.kind === "owner") owners.set(path, step.owner ?? "");
            if (owners.size > maximumTrees) return undefined;
            if (step.command.name !== "rm" && !isBelow(path, "/tmp")) paths.push(path);
          }
          if (step.command.name !== "mkdir" && step.command.name !== "cd") changes = true;
        }
        parts.push(...partsOf(dockerfile, instruction, steps));
        break;
      }
      case "WORKDIR":
      case "ENV":
      case "ARG":
        parts.push({ instruction, where: "both" });
        break;
      case "LABEL":
      case "EXPOSE":
      case "STOPSIGNAL":
      case "CMD":
      case "ENTRYPOINT":
      case "HEALTHCHECK":
      case "MAINTAINER":
        parts.push({ instruction, where: "image" });
        break;
      default:
        return undefined;
    }
  }
  const trees = outermost(paths);
  if (!changes || trees.length === 0 || trees.length > maximumTrees || !trees.every(isProjectPlace)) return undefined;
  const roots = new Map<string, string | undefined>();
  for (const tree of trees) roots.set(tree, owners.get(tree));
  for (const [path, owner] of owners)
    if (!roots.has(path) || !exists(dockerfile, stage, owner, parts, known)) return undefined;
  return { parts, roots, last };
}

/** Whether what was given to a user may be worked on: nothing new comes in but compiled Python, which all read the same. */
function keepsOwner({ command }: Step): boolean {
  return /^(?:chmod|rm|cd|python[\d.]*)$/.test(command.name);
}

function isFileStep(dockerfile: Dockerfile, instruction: Instruction): boolean {
  if (instruction.keyword === "COPY" || instruction.keyword === "ADD") return true;
  return (
    instruction.keyword === "RUN" && (stepsOf(dockerfile, instruction)?.some(({ kind }) => kind !== "system") ?? true)
  );
}

/** A RUN, cut where it does both kinds of work. Owners are set by the COPY. */
function partsOf(dockerfile: Dockerfile, run: RunInstruction, steps: readonly Step[]): readonly Part[] {
  const files = steps.filter(({ kind }) => kind === "files");
  const system = steps.filter(({ kind }) => kind === "system");
  if (files.length === steps.length) return [{ instruction: run, where: "files" }];
  if (system.length === steps.length) return [{ instruction: run, where: "image" }];
  const textOf = (some: readonly Step[]): string =>
    `RUN ${some.map(({ command }) => dockerfile.source.text.slice(command.range.start, command.range.end)).join(" && ")}`;
  const parts: Part[] = [];
  if (files.some(({ command }) => command.name !== "cd"))
    parts.push({ instruction: run, where: "files", text: textOf(files) });
  if (system.length > 0) parts.push({ instruction: run, where: "image", text: textOf(system) });
  return parts.length > 0 ? parts : [{ instruction: run, where: "files", text: "" }];
}

/** Whether the image knows the owner when files are copied: a number, one of the base, one that a moved step makes. */
function exists(dockerfile: Dockerfile, stage: Stage, owner: string, parts: readonly Part[], known: Known): boolean {
  const name = owner.split(":")[0] ?? "";
  if (/^\d+$/.test(name) || baseOf(dockerfile, stage, known).passwd?.includes(name)) return true;
  return parts.some(
    ({ instruction, where }) =>
      where === "image" &&
      instruction.keyword === "RUN" &&
      instruction.script.commands.some(
        (command) => /^(?:useradd|adduser)$/.test(command.name) && command.args.some(({ value }) => value === name),
      ),
  );
}

/** Where files are copied and given away and nothing else, no other stage is needed: accounts first, then the copies. */
function inOneStage(dockerfile: Dockerfile, stage: Stage, { parts, roots, last }: Plan): readonly Edit[] | undefined {
  const files = parts.filter(({ where, text }) => where === "files" && text !== "");
  const copies = files.flatMap(({ instruction }) =>
    instruction.keyword === "COPY" || instruction.keyword === "ADD" ? [instruction] : [],
  );
  const first = stage.instructions[1];
  const directories = parts.filter(({ instruction }) => instruction.keyword === "WORKDIR").length;
  if (!first || copies.length < files.length || directories > 1 || copies.some(({ flags }) => flags.length > 0))
    return undefined;
  const { text } = dockerfile.source;
  const copied = copies.map((copy) => {
    const target = copyTarget(dockerfile, copy) ?? "";
    const owner = [...roots].find(([path]) => isBelow(target, path))?.[1];
    const flag = owner === undefined ? "" : ` --chown=${owner}`;
    return (
      text.slice(copy.range.start, copy.keywordRange.end) + flag + text.slice(copy.keywordRange.end, copy.range.end)
    );
  });
  const others = parts
    .filter(({ where }) => where !== "files")
    .map((part) => part.text ?? text.slice(part.instruction.range.start, part.instruction.range.end));
  if (hasComments(dockerfile, first.range.start, last.range.end)) return undefined;
  return [
    replaceRange(
      dockerfile,
      { start: first.range.start, end: last.range.end },
      [...others, ...copied].join(dockerfile.newline),
    ),
  ];
}

function hasComments(dockerfile: Dockerfile, start: number, end: number): boolean {
  return dockerfile.comments.some(({ range }) => range.start >= start && range.end <= end);
}

function editsOf(dockerfile: Dockerfile, stage: Stage, { parts, roots, last }: Plan) {
  const { source, newline } = dockerfile;
  const { from } = stage;
  if (!from) return undefined;
  const first = stage.instructions[1];
  if (!first) return undefined;
  const files: string[] = [];
  const image: string[] = [];
  const imageRuns = parts
    .filter(({ where, instruction }) => where === "image" && instruction.keyword === "RUN")
    .map(({ instruction, text }) => text ?? instruction.argumentsText)
    .join("\n");
  for (const { instruction, where, text } of parts) {
    const before = stage.instructions[stage.instructions.indexOf(instruction) - 1];
    const gap = source.text.slice(before?.range.end ?? 0, instruction.range.start);
    const comments = gap
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.trimEnd());
    const own = text ?? source.text.slice(instruction.range.start, instruction.range.end);
    const lines = own === "" ? [] : [...comments.slice(0, -1), own];
    if (where !== "image") files.push(...lines);
    if (where === "image") image.push(...lines.filter((line) => line !== ""));
    if (where === "both" && (instruction.keyword !== "ARG" || mentions(imageRuns, instruction))) image.push(own);
  }
  const copies = [...roots].map(
    ([path, owner]) => `COPY --from=files ${owner === undefined ? "" : `--chown=${owner} `}${path} ${path}`,
  );
  const start = source.text.indexOf("\n", from.range.end) + 1;
  const text = [...files, "", `FROM ${from.image.raw}`, ...image, ...copies].join(newline);
  return [
    insertAt(dockerfile, from.argumentsRange.end, " AS files"),
    replaceRange(dockerfile, { start, end: last.range.end }, text),
  ];
}

function mentions(text: string, instruction: Instruction): boolean {
  return instruction.keyword === "ARG" && instruction.pairs.some(({ name }) => text.includes(name.value ?? name.raw));
}
