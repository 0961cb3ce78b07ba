import type { Fix } from "../../core/index.ts";
import {
  addFlag,
  type CopyInstruction,
  type Dockerfile,
  isEditable,
  normalizePath,
  removeInstruction,
  replaceRange,
  type RunInstruction,
  type Word,
  workdirAt,
} from "../../syntax/index.ts";
import { likelyFix } from "../problem.ts";

/** Where the archive is seen during the step: no directory of an image has this name. */
const place = "/context";

/**
 * Mounts an archive of the context for the step that unpacks it instead of copying it into a layer. Nothing where another step
 * reads the archive, or deletes it in a way that would fail without it.
 */
export function mountArchive(
  dockerfile: Dockerfile,
  copy: CopyInstruction,
  source: Word,
  run: RunInstruction,
): { fix?: Fix } {
  const path = source.value?.replace(/^\.?\//, "");
  const name = path?.split("/").pop();
  const target = copy.target.value;
  if (!path || !name || !target || !/^[\w./+-]+$/.test(path) || copy.sources.length !== 1) return {};
  if (copy.keyword !== "COPY" || copy.flags.length > 0 || run.flags.length > 0 || !isEditable(run)) return {};
  const stored = absolute(dockerfile, copy, target.endsWith("/") || target === "." ? `${target}/${name}` : target);
  const word = run.script.commands
    .filter((command) => command.name === "tar" || command.name === "unzip")
    .flatMap(({ args }) => args)
    .find(({ value }) => value?.split("/").pop() === name);
  if (stored === undefined || word?.value === undefined || word.raw !== word.value || !stored.endsWith(`/${name}`))
    return {};
  if (located(dockerfile, run, word) !== stored || isReadElsewhere(dockerfile, copy, run, word, name)) return {};
  return likelyFix("Mount the archive for the step that unpacks it (needs BuildKit)", [
    removeInstruction(dockerfile, copy),
    addFlag(dockerfile, run, `--mount=type=bind,source=${path},target=${place}/${name}`),
    replaceRange(dockerfile, word.range, `${place}/${name}`),
  ]);
}

function absolute(dockerfile: Dockerfile, at: CopyInstruction | RunInstruction, path: string): string | undefined {
  const directory = workdirAt(dockerfile, at);
  if (path.startsWith("/")) return normalizePath(path);
  return directory === undefined ? undefined : normalizePath(`${directory}/${path}`);
}

/** The path a word of a command means, after a `cd` at the beginning. */
function located(dockerfile: Dockerfile, run: RunInstruction, word: Word): string | undefined {
  const moves = run.script.named("cd").filter(({ range }) => range.start < word.range.start);
  const [move, ...more] = moves;
  const to = move?.args[0]?.value;
  if (more.length > 0 || (move && (to === undefined || move.depth > 0 || !to.startsWith("/")))) return undefined;
  const path = word.value ?? "";
  return to !== undefined && !path.startsWith("/") ? normalizePath(`${to}/${path}`) : absolute(dockerfile, run, path);
}

function isReadElsewhere(
  dockerfile: Dockerfile,
  copy: CopyInstruction,
  run: RunInstruction,
  unpacked: Word,
  name: string,
): boolean {
  return dockerfile.instructions.some((one) => {
    if (one === copy || one.stage !== copy.stage || !("script" in one)) return false;
    return one.script.commands.some(({ name: program, args }) =>
      args.some(
        (word) =>
          word !== unpacked &&
          (word.value ?? word.raw).includes(name) &&
          !(program === "rm" && one.index >= run.index && args.some(({ raw }) => /^-\w*f/.test(raw))),
      ),
    );
  });
}
