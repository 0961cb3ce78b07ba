import type { BuildContext } from "../../core/index.ts";
import {
  type CopyInstruction,
  type Dockerfile,
  type IgnoreLine,
  instructionsOf,
  remembered,
  suggestIgnoreLines,
  type Word,
} from "../../syntax/index.ts";

export interface ContextCopy {
  readonly copy: CopyInstruction;
  readonly source: Word;
  /** Relative to the context, without leading `./`; "" for all of it. */
  readonly path: string;
}

/** The words of COPY and ADD that name something in the context, where their value is known. */
export const contextCopies: (dockerfile: Dockerfile) => readonly ContextCopy[] = remembered((dockerfile) => {
  const found: ContextCopy[] = [];
  for (const copy of [...instructionsOf(dockerfile, "COPY"), ...instructionsOf(dockerfile, "ADD")]) {
    if (copy.flags.some((flag) => flag.name === "from")) continue;
    for (const source of copy.sources) {
      const { value } = source;
      if (value === undefined || /^[a-z][a-z0-9+.-]*:\/\/|^git@/.test(value)) continue;
      const path = value.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
      found.push({ copy, source, path: path === "." ? "" : path });
    }
  }
  return found.sort((a, b) => a.source.range.start - b.source.range.start);
});

/** The first COPY or ADD of the whole context. */
export function wholeContextCopy(dockerfile: Dockerfile): ContextCopy | undefined {
  return contextCopies(dockerfile).find(({ path }) => path === "");
}

/**
 * Lines that a `.dockerignore` should have: what the build sends and hardly ever needs. Left out of them is what the
 * Dockerfile copies by name or mentions in a command, and documentation that a manifest reads.
 */
export function missingIgnoreLines(dockerfile: Dockerfile, context: BuildContext): readonly IgnoreLine[] {
  const copied = contextCopies(dockerfile).map(({ path }) => path);
  const lines = suggestIgnoreLines(context, copied).filter((line) => copied.includes("") || line.kind !== "dockerfile");
  const readsDocs = context.files.some(
    (file) =>
      !file.ignored &&
      /(?:^|\/)(?:setup\.(?:py|cfg)|pyproject\.toml|Cargo\.toml)$/.test(file.path) &&
      /readme/i.test(context.text(file.path) ?? ""),
  );
  return lines.filter((line) => !(line.kind === "docs" && readsDocs) && !mentioned(dockerfile, context, line.pattern));
}

/** Whether a command names a file the pattern would take away, other than to delete it. */
function mentioned(dockerfile: Dockerfile, context: BuildContext, pattern: string): boolean {
  const stem = pattern.replace(/^\*\*\//, "").replaceAll("*", "");
  const names = context.files
    .filter((file) => !file.ignored && file.path.split("/").some((part) => part.includes(stem)))
    .map((file) => file.path.split("/").pop() ?? "");
  return [...names, stem].some((name) => name.length > 2 && isNamedInCommand(dockerfile, name));
}

/** The last parts of all words that commands are given. */
const namesInCommands = remembered((dockerfile: Dockerfile) => {
  const found = new Set<string>();
  for (const instruction of dockerfile.instructions) {
    if (!("script" in instruction)) continue;
    for (const command of instruction.script.commands) {
      if (command.name === "rm" || command.name === "npm" || command.name === "yarn") continue;
      for (const word of command.args) found.add((word.value ?? word.raw).split("/").pop() ?? "");
    }
  }
  return found;
});

/** Whether a command reads or changes a file of that name: without it the build, or the container, might fail. */
export function isNamedInCommand(dockerfile: Dockerfile, name: string): boolean {
  return namesInCommands(dockerfile).has(name);
}
