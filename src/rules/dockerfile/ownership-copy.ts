import type { Fix } from "../../core/index.ts";
import {
  addFlag,
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  isBelow,
  isEditable,
  normalizePath,
  operandsOf,
  removeCommand,
  removeInstruction,
  type RunInstruction,
  type ShellCommand,
  shippedStages,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix, safeFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { resolved } from "../reading/root-owned.ts";
import { whereSaid } from "../reading/where-said.ts";
import { filesInStage } from "../remedies/files-in-stage.ts";
import type { Known, Rule } from "../rule.ts";

export const ownershipCopy: Rule<"dockerfile"> = {
  id: "ownership-copy",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "chown or chmod of copied files stores them a second time",
  why: `A change of owner or mode in a later layer makes a full copy of every file it touches: \`chown -R\` over an application doubles it. \`COPY --chown\` and
\`COPY --chmod\` set both while copying, at no cost.`,

  check: whereSaid(/ch(?:own|mod)/, function* ({ dockerfile }, known) {
    for (const index of shippedStages(dockerfile)) {
      const stage = dockerfile.stages[index];
      const users = stage ? new Set(baseOf(dockerfile, stage, known).passwd ?? []) : new Set<string>();
      for (const run of stage?.instructions ?? []) {
        if (run.keyword !== "RUN") continue;
        for (const command of run.script.commands) {
          if (command.name !== "chown" && command.name !== "chmod") continue;
          const change = readChange(dockerfile, run, command);
          if (change && !change.recursive && isWorkdir(dockerfile, stage?.instructions ?? [], change.path)) continue;
          const copies = change ? copiesBelow(dockerfile, stage?.instructions ?? [], run, change.path) : [];
          if (change && copies.length === 0) {
            const by = broughtAbove(dockerfile, stage?.instructions ?? [], run, change);
            if (by)
              yield {
                message: `this stores ${change.path} a second time`,
                at: inSource(dockerfile, command.range),
                severity: "low",
                related: [{ at: inSource(dockerfile, by.range), message: "it came in here" }],
                ...assistedFix(`Set it where the file comes in: COPY --${command.name}, or the RUN that makes it`),
              };
          }
          if (!change || copies.length === 0) continue;
          yield {
            message: `this stores every file below ${change.path} a second time`,
            at: inSource(dockerfile, command.range),
            related: copies.map((copy) => ({ at: inSource(dockerfile, copy.range), message: "they are copied here" })),
            ...orInStage(fixFor(dockerfile, run, command, change, copies, users), dockerfile, stage, known),
          };
        }
      }
    }
  }),
  examples: [
    {
      title: "of the whole copy, by a user of the base",
      text: "FROM debian:12\nCOPY src /app\nRUN «chown -R www-data:www-data /app»\nUSER www-data\n",
      fixed: "FROM debian:12\nCOPY --chown=www-data:www-data src /app\nUSER www-data\n",
    },
    {
      title: "by a user that is made above",
      text: "FROM debian:12\nRUN useradd app\nCOPY src /app\nRUN «chown -R app /app» && ls\n",
      fixed: "FROM debian:12\nRUN useradd app\nCOPY --chown=app src /app\nRUN ls\n",
    },
    {
      title: "by a user made too late",
      text: "FROM debian:12\nCOPY src /app\nRUN useradd app && «chown -R app /app»\n",
      fixed: "FROM debian:12\nRUN useradd app\nCOPY --chown=app src /app\n",
    },
    {
      title: "after files were changed in place",
      text: 'FROM debian:12\nENV A=b\nWORKDIR /app\n# the application\nCOPY . /app\nRUN useradd -m app\nRUN rm -rf /app/old\nRUN «chown -R app:app /app»\nUSER app\nCMD ["/app/run"]\n',
      fixed:
        'FROM debian:12 AS files\nENV A=b\nWORKDIR /app\n# the application\nCOPY . /app\nRUN rm -rf /app/old\n\nFROM debian:12\nENV A=b\nWORKDIR /app\nRUN useradd -m app\nCOPY --from=files --chown=app:app /app /app\nUSER app\nCMD ["/app/run"]\n',
    },
    {
      title: "the mode of a script",
      text: "FROM debian:12\nCOPY run.sh /run.sh\nRUN «chmod +x /run.sh»\n",
      fixed: "FROM debian:12\nCOPY --chmod=0755 run.sh /run.sh\n",
    },
    {
      title: "one file of what was copied or unpacked, or made by an earlier RUN",
      text: "FROM debian:12\nWORKDIR /app\nCOPY . .\nADD tool.tgz /opt/\nRUN make && cp x /usr/bin/x\nRUN «chmod 600 key» && «chmod -R 755 /opt/tool»\nRUN «chmod u+s /usr/bin/x»\n",
    },
    {
      title: "the working directory alone, and not what is in it",
      text: "FROM node:20\nWORKDIR /app\nCOPY --chown=node . .\nRUN chown node /app\nUSER node\n",
    },
    { title: "what the RUN itself made", text: "FROM debian:12\nRUN mkdir /data && chown -R www-data /data\n" },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nCOPY a /a\nRUN chown -R games /a\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};

/** Where the owner or mode cannot be set by the COPYs there are, one out of a stage of its own can. */
function orInStage(
  found: { fix?: Fix },
  dockerfile: Dockerfile,
  stage: Stage | undefined,
  known: Known,
): { fix?: Fix } {
  if (!stage || (found.fix && found.fix.safety !== "assisted")) return found;
  const { fix } = filesInStage(dockerfile, stage, known);
  return fix ? { fix } : found;
}

interface Change {
  /** "app:app" or "0755". */
  readonly to: string;
  readonly path: string;
  readonly recursive: boolean;
}

/** One path only: of several, some may not come from a COPY. */
function readChange(dockerfile: Dockerfile, run: RunInstruction, command: ShellCommand): Change | undefined {
  const [to, path, ...more] = operandsOf(command).map((word) => word.value);
  if (to === undefined || path === undefined || more.length > 0 || /[*?]/.test(path)) return undefined;
  const moved = run.script.commands.some((one) => one.name === "cd" && one.range.start < command.range.start);
  const directory = moved ? undefined : workdirAt(dockerfile, run);
  if (!path.startsWith("/") && directory === undefined) return undefined;
  return {
    to,
    path: normalizePath(path.startsWith("/") ? path : `${directory ?? ""}/${path}`),
    recursive: command.args.some((word) => /^-[a-zA-Z]*R|^--recursive$/.test(word.raw)),
  };
}

/** The COPYs above in the stage that fill the path, or something below it. */
function copiesBelow(
  dockerfile: Dockerfile,
  instructions: readonly Instruction[],
  run: RunInstruction,
  path: string,
): CopyInstruction[] {
  return instructions.filter((one): one is CopyInstruction => {
    if ((one.keyword !== "COPY" && one.keyword !== "ADD") || one.index > run.index) return false;
    const into = destination(dockerfile, one);
    return into !== undefined && isBelow(into, path);
  });
}

/** Whether WORKDIR has made the directory: without -R only that is stored again, and none of what is in it. */
function isWorkdir(dockerfile: Dockerfile, instructions: readonly Instruction[], path: string): boolean {
  return instructions.some((one) => {
    const made = one.keyword === "WORKDIR" ? resolved(dockerfile, one, one.words[0]?.value) : undefined;
    return made !== undefined && isBelow(made, path);
  });
}

/** What brought a path that is no COPY's own: one that fills a directory above it, or a RUN that wrote it by name. */
function broughtAbove(
  dockerfile: Dockerfile,
  instructions: readonly Instruction[],
  run: RunInstruction,
  change: Change,
): Instruction | undefined {
  return instructions.findLast((one) => {
    if (one.index >= run.index) return false;
    if (one.keyword === "RUN")
      return one.script.commands.some(
        ({ name, args }) => /^(?:cp|mv|install)$/.test(name) && args.at(-1)?.value === change.path,
      );
    if (one.keyword !== "COPY" && one.keyword !== "ADD") return false;
    const into = destination(dockerfile, one);
    return (
      into !== undefined &&
      into !== "/" &&
      isBelow(change.path, into) &&
      one.sources.some(({ value }) => fillsDirectory(value ?? "", one.keyword === "ADD"))
    );
  });
}

function fillsDirectory(source: string, unpacks: boolean): boolean {
  return /^\.?\/?$|\/$/.test(source) || (unpacks && archive.test(source));
}
const archive = /\.(?:tar(?:\.\w+)?|t[gbx]z)$/;

/** Where a COPY puts its file, or the directory it fills. */
function destination(dockerfile: Dockerfile, copy: CopyInstruction): string | undefined {
  const target = copy.target.value;
  const directory = workdirAt(dockerfile, copy);
  if (target === undefined || (!target.startsWith("/") && directory === undefined)) return undefined;
  const into = normalizePath(target.startsWith("/") ? target : `${directory ?? ""}/${target}`);
  const name = copy.sources.length === 1 ? (copy.sources[0]?.value?.replace(/\/+$/, "").split("/").pop() ?? "") : "";
  const unpacked = copy.keyword === "ADD" && archive.test(name);
  const isFile = !unpacked && /\.\w+$/.test(name) && (target.endsWith("/") || target === ".");
  return isFile ? normalizePath(`${into}/${name}`) : into;
}

function fixFor(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
  change: Change,
  copies: readonly CopyInstruction[],
  users: ReadonlySet<string>,
): { fix?: Fix } {
  const isChown = command.name === "chown";
  const flag = isChown ? "chown" : "chmod";
  const advice = assistedFix(`Set it while copying: COPY --${flag}`);
  const mode = isChown ? change.to : octal(change);
  const owner = change.to.split(/[:.]/)[0] ?? "";
  const exists =
    !isChown ||
    /^\d+$/.test(owner) ||
    users.has(owner) ||
    (copies.length > 0 && copies.every((copy) => madeBefore(dockerfile, owner, copy.index, copy.stage)));
  const others = writtenOtherwise(dockerfile, run, change.path, copies);
  if (
    mode === undefined ||
    !exists ||
    others ||
    /[$"'\s]/.test(mode) ||
    copies.some((copy) => copy.keyword === "ADD" || copy.flags.some(({ name }) => name === flag))
  )
    return advice;
  const alone = run.script.commands.filter((one) => one.depth === 0).length === 1 && isEditable(run);
  const drop = alone ? [removeInstruction(dockerfile, run)] : removeCommand(dockerfile, run, command);
  if (!drop) return advice;
  const edits = [...copies.map((copy) => addFlag(dockerfile, copy, `--${flag}=${mode}`)), ...drop];
  return isChown
    ? safeFix("Set the owner while copying", edits)
    : likelyFix("Set the mode while copying (needs BuildKit)", edits);
}

/** COPY --chmod takes octal modes; `+x` is only sure for a single script. */
function octal(change: Change): string | undefined {
  if (/^[0-7]{3,4}$/.test(change.to))
    return change.recursive && !/^0?(?:755|775|777)$/.test(change.to) ? undefined : change.to.padStart(4, "0");
  return !change.recursive && /^(?:a|ugo)?\+r?x$/.test(change.to) && /\.\w+$/.test(change.path) ? "0755" : undefined;
}

function madeBefore(dockerfile: Dockerfile, name: string, before: number, stage: number): boolean {
  return dockerfile.instructions.some(
    (one) =>
      one.keyword === "RUN" &&
      one.stage === stage &&
      one.index < before &&
      one.script.commands.some(
        (command) => /^(?:useradd|adduser)$/.test(command.name) && command.args.some((word) => word.value === name),
      ),
  );
}

/** Whether a RUN between the copies and the change may have written there too. */
function writtenOtherwise(
  dockerfile: Dockerfile,
  run: RunInstruction,
  path: string,
  copies: readonly CopyInstruction[],
): boolean {
  const first = Math.min(...copies.map((copy) => copy.index));
  return dockerfile.instructions.some((one) => {
    if (one.keyword !== "RUN" || one.stage !== run.stage || one.index > run.index) return false;
    if (one.index === run.index)
      return one.script.commands.some(
        (command) =>
          command.range.start <
            (run.script.commands.find((two) => /^ch(?:own|mod)$/.test(two.name))?.range.start ?? 0) &&
          /^(?:tar|unzip|cp|mv|mkdir|make|npm|yarn|pip\d?|go|cargo|git|curl|wget|touch|tee|install|composer|bundle)$/.test(
            command.name,
          ),
      );
    if (
      one.argumentsText.includes(path) &&
      one.script.commands.some((command) =>
        /^(?:tar|unzip|cp|mv|mkdir|make|git|curl|wget|touch|tee|install)$/.test(command.name),
      )
    )
      return true;
    const directory = workdirAt(dockerfile, one);
    return (
      one.index > first &&
      directory !== undefined &&
      isBelow(directory, path) &&
      one.script.commands.some((command) =>
        /^(?:npm|yarn|pnpm|pip\d?|make|go|cargo|composer|bundle|poetry|uv|mvn|gradle|dotnet|tar|unzip|git|python\d?)$/.test(
          command.name,
        ),
      )
    );
  });
}
