import type { Edit, Fix } from "../../core/index.ts";
import {
  type Dockerfile,
  remembered,
  removeInstruction,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
  shippedInstructions,
  type Word,
} from "../../syntax/index.ts";
import { likelyFix } from "../problem.ts";
import { type ManagerCall, managerCalls } from "../reading/package-managers.ts";
import type { UnusedPackage, UnusedPackages } from "../reading/unused-packages.ts";

const fixes = remembered<UnusedPackages, { made?: { fix?: Fix } }>(() => ({}));

/** One fix that leaves all unused packages out; nothing where a command cannot be changed surely, or something is unread. */
export function leavePackagesOut(dockerfile: Dockerfile, unused: UnusedPackages): { fix?: Fix } {
  return (fixes(unused).made ??= makeFix(dockerfile, unused));
}

function makeFix(dockerfile: Dockerfile, { packages, unread }: UnusedPackages): { fix?: Fix } {
  if (packages.length === 0 || unread || !startsProgram(dockerfile)) return {};
  const edits = editsWithout(dockerfile, packages);
  if (!edits) return {};
  const names = [...new Set(packages.map(({ name }) => name))];
  const said = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "");
  const { fix } = likelyFix(
    `Leave ${said} out, if nothing calls ${names.length > 1 ? "them" : "it"} by a way that cannot be read`,
    edits,
  );
  return fix ? { fix: { ...fix, alone: true } } : {};
}

/** What takes packages out of the steps that install them; undefined where a command cannot be changed surely. */
export function editsWithout(dockerfile: Dockerfile, packages: readonly UnusedPackage[]): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const gone = new Set<ManagerCall>();
  const idle = new Set<RunInstruction>();
  for (const [run, ofRun] of groupByRun(packages)) {
    const here = editsOfRun(dockerfile, run, ofRun, gone);
    if (!here) return undefined;
    if (here === "whole") idle.add(run);
    else edits.push(...here);
  }
  for (const run of idleUpdates(dockerfile, gone)) idle.add(run);
  return [...edits, ...removeRuns(dockerfile, idle)];
}

/** Takes RUNs out; of the blank lines around those that followed each other, the upper one stays. */
function removeRuns(dockerfile: Dockerfile, runs: ReadonlySet<RunInstruction>): readonly Edit[] {
  const { text } = dockerfile.source;
  const removals = [...runs].sort((a, b) => a.index - b.index).map((run) => removeInstruction(dockerfile, run));
  let rowStart = 0;
  return removals.map((removal, i) => {
    const { start, end } = removal.range;
    if (removals[i - 1]?.range.end !== start) rowStart = start;
    if (removal.text !== "" || removals[i + 1]?.range.start === end) return removal;
    const above = /(?:^|\n)[ \t]*\r?\n$/.test(text.slice(Math.max(0, rowStart - 100), rowStart));
    const below = /^[ \t]*\r?\n/.exec(text.slice(end, end + 100))?.[0];
    return above && below !== undefined ? { ...removal, range: { start, end: end + below.length } } : removal;
  });
}

/** Whether the image is there for a program: one that starts a shell is for a person, who may want any tool. */
function startsProgram(dockerfile: Dockerfile): boolean {
  return (["ENTRYPOINT", "CMD"] as const).some((keyword) => {
    const { script, words } = shippedInstructions(dockerfile, keyword).at(-1) ?? {};
    const name = script?.commands[0]?.name ?? "";
    return name !== "" && !(forPeople.test(name) && (words?.length ?? 0) < 3);
  });
}
const forPeople = /^(?:(?:ba|da|a|z|fi)?sh|sleep|tail|login|tini|cat|true)$/;

function groupByRun(packages: readonly UnusedPackage[]): ReadonlyMap<RunInstruction, readonly UnusedPackage[]> {
  const groups = new Map<RunInstruction, UnusedPackage[]>();
  for (const one of packages) {
    const group = groups.get(one.run);
    if (group) group.push(one);
    else groups.set(one.run, [one]);
  }
  return groups;
}

function editsOfRun(
  dockerfile: Dockerfile,
  run: RunInstruction,
  packages: readonly UnusedPackage[],
  gone: Set<ManagerCall>,
): readonly Edit[] | "whole" | undefined {
  if (run.form !== "shell" || run.script.broken) return undefined;
  const edits: Edit[] = [];
  const byCall = new Map<ManagerCall, Set<Word>>();
  for (const { call, word } of packages) {
    const words = byCall.get(call);
    if (words) words.add(word);
    else byCall.set(call, new Set([word]));
  }
  for (const [call, words] of byCall) {
    if (call.packages.every((word) => words.has(word))) {
      gone.add(call);
      continue;
    }
    const spans = call.command.args.map((word, i) => ({
      word,
      start: (call.command.args[i - 1] ?? call.command.nameWord).range.end,
    }));
    for (const { word, start } of spans) {
      if (!words.has(word)) continue;
      const between = dockerfile.source.text.slice(start, word.range.start);
      if (!/^(?:\s|[\\`]\r?\n)+$/.test(between)) return undefined;
      edits.push(replaceRange(dockerfile, { start, end: word.range.end }, ""));
    }
  }
  const calls = managerCalls(run).filter((call) => gone.has(call));
  if (calls.length === 0) return edits;
  const dropped = new Set(calls.map(({ command }) => command));
  if (run.script.commands.every((command) => dropped.has(command) || servesInstalls(command, run))) return "whole";
  // A chain longer than any that is written by hand is left alone.
  const removals = calls.length > 20 ? undefined : dropCommands(dockerfile, run, calls);
  return removals && [...edits, ...removals];
}

const callsByCommand: (run: RunInstruction) => ReadonlyMap<ShellCommand, ManagerCall> = remembered(
  (run) => new Map(managerCalls(run).map((call) => [call.command, call] as const)),
);

/** Whether a command only prepares an installation or tidies up after it. */
function servesInstalls(command: ShellCommand, run: RunInstruction): boolean {
  const call = callsByCommand(run).get(command);
  if (call) return call.does === "update" || call.does === "clean";
  return command.name === "rm" && command.args.every(({ raw }) => /^-|^\/var\/(?:lib\/apt\/lists|cache)\b/.test(raw));
}

/** Takes calls, and the fetching of an index right before one that is the last to need it, out of a chain. */
function dropCommands(
  dockerfile: Dockerfile,
  run: RunInstruction,
  calls: readonly ManagerCall[],
): readonly Edit[] | undefined {
  const { commands } = run.script;
  const needsIndex = managerCalls(run).some((call) => call.does === "install" && !calls.includes(call));
  const edits: Edit[] = [];
  for (const { command } of calls) {
    const at = commands.indexOf(command);
    const before = commands[at - 1];
    const serves =
      !needsIndex && before && managerCalls(run).some((call) => call.command === before && call.does === "update");
    const first = serves ? before : command;
    const next = commands[at + 1];
    const plain = [first, command, ...(next ? [next] : [])].every(
      (one) => one.depth === 0 && ["start", "&&", ";"].includes(one.joinedBy),
    );
    if (!plain || run.script.heredoc) return undefined;
    const previous = commands[commands.indexOf(first) - 1];
    if (next) edits.push(replaceRange(dockerfile, { start: first.range.start, end: next.range.start }, ""));
    else if (previous) edits.push(replaceRange(dockerfile, { start: previous.range.end, end: command.range.end }, ""));
    else return undefined;
  }
  return edits;
}

/** RUNs that fetch an index and do nothing else, where nothing is installed any more. */
function idleUpdates(dockerfile: Dockerfile, gone: ReadonlySet<ManagerCall>): readonly RunInstruction[] {
  const runs = shippedInstructions(dockerfile, "RUN");
  const installing = runs.some((run) =>
    managerCalls(run).some((call) => (call.does === "install" || call.does === "upgrade") && !gone.has(call)),
  );
  if (installing || gone.size === 0) return [];
  return runs.filter((run) => run.script.commands.every((command) => servesInstalls(command, run)));
}
