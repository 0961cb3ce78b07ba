import type { BuildContext, Edit, Fix } from "../../core/index.ts";
import {
  type CommandInstruction,
  type CopyInstruction,
  type Dockerfile,
  normalizePath,
  removeInstruction,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
  shippedInstructions,
} from "../../syntax/index.ts";
import { likelyFix } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import { contextTexts } from "../reading/context-texts.ts";
import { execForm } from "../reading/entry-command.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import { readSupervisor, type SupervisedProgram } from "../reading/supervisor-settings.ts";
import { editsWithout } from "./leave-packages-out.ts";

/** Services of a whole machine, and the packages they come in. */
const services: Readonly<Record<string, string>> = {
  sshd: "openssh-server",
  cron: "cron",
  crond: "cron",
  rsyslogd: "rsyslog",
  syslogd: "rsyslog",
  "syslog-ng": "syslog-ng",
};
const servicePackages: ReadonlySet<string> = new Set(["supervisor", ...Object.values(services)]);
/** Where those services have their settings and their files. */
const servicePlaces =
  /^\/(?:etc\/(?:ssh|supervisor|cron)|(?:var\/)?run\/(?:sshd|supervisor)|var\/log\/supervisor)(?:[./]|$)/;
const hasJobs = /\bcrontab\b|\/etc\/cron(?:tab|\.)/;

/**
 * Where a supervisor starts one program beside services of a whole machine, the program alone: without the supervisor, the
 * services, their settings and the root they need. Nothing where a service has work to do, or a setting has no counterpart.
 */
export function startOneProgram(dockerfile: Dockerfile, context: BuildContext | undefined): { fix?: Fix } {
  const start = supervisorStart(dockerfile);
  const texts = start && context && contextTexts(context);
  if (!start || !texts || dockerfile.stages.length !== 1) return {};
  const settings = contextCopies(dockerfile).filter(({ copy }) => servicePlaces.test(copy.target.value ?? ""));
  const programs = settings.flatMap(({ path }) => readSupervisor(context?.text(path) ?? "[unknown"));
  const [program, ...more] = programs.filter(({ words }) => !isService(words));
  if (settings.length === 0 || !program?.plain || more.length > 0) return {};
  if (settings.some(({ copy }) => copy.sources.length !== 1)) return {};
  if (programs.some(({ words }) => /cron/.test(words[0] ?? "")) && hasJobsIn(dockerfile, texts)) return {};
  const moved = moveFromHome(dockerfile, program, texts);
  const setup = setupOfServices(dockerfile);
  const packages = editsWithout(dockerfile, packagesOfServices(dockerfile));
  if (!moved || !setup || !packages) return {};
  const { fix } = likelyFix(
    "Start the one program itself, if nobody logs in over SSH and nothing is to be done at set times",
    [
      ...settings.map(({ copy }) => removeInstruction(dockerfile, copy)),
      ...setup.map((run) => removeInstruction(dockerfile, run)),
      ...packages,
      ...moved.edits,
      replaceRange(dockerfile, start.argumentsRange, execForm(moved.words)),
    ],
  );
  return fix ? { fix: { ...fix, alone: true } } : {};
}

function supervisorStart(dockerfile: Dockerfile): CommandInstruction | undefined {
  const commands = (["ENTRYPOINT", "CMD"] as const).flatMap((keyword) => shippedInstructions(dockerfile, keyword));
  const [command, ...more] = commands;
  return command &&
    more.length === 0 &&
    command.script.commands.length === 1 &&
    command.script.commands[0]?.name === "supervisord"
    ? command
    : undefined;
}

function isService(words: readonly string[]): boolean {
  return Object.hasOwn(services, words[0]?.split("/").pop() ?? "");
}

function hasJobsIn(
  dockerfile: Dockerfile,
  texts: readonly { readonly path: string; readonly text: string }[],
): boolean {
  return (
    hasJobs.test(dockerfile.source.text) || texts.some(({ path, text }) => /cron/.test(path) || hasJobs.test(text))
  );
}

/** Root's home cannot be read by others: what is copied there goes to a directory of its own. Undefined where it is used otherwise. */
function moveFromHome(
  dockerfile: Dockerfile,
  { words }: SupervisedProgram,
  texts: readonly { readonly path: string; readonly text: string }[],
): { edits: readonly Edit[]; words: readonly string[] } | undefined {
  const copies = (["COPY", "ADD"] as const)
    .flatMap((keyword) => shippedInstructions(dockerfile, keyword))
    .filter((copy): copy is CopyInstruction => copy.target.value?.startsWith("/root") === true);
  const volumes = shippedInstructions(dockerfile, "VOLUME");
  if (copies.length === 0) return volumes.length === 0 ? { edits: [], words } : undefined;
  if (volumes.some((volume) => volume.words.some(({ value }) => normalizePath(value ?? "/x") !== "/root")))
    return undefined;
  const relies = /\/root\b|\bexpanduser\b|\bPath\.home\b|\bHOME\b|homedir\(/;
  const others = dockerfile.instructions.some(
    (one) =>
      one.keyword !== "COPY" && one.keyword !== "ADD" && one.keyword !== "VOLUME" && /\/root\b/.test(one.argumentsText),
  );
  if (others || texts.some(({ path, text }) => !/\.conf$|\.ini$/.test(path) && relies.test(text))) return undefined;
  const edits = copies.map((copy) =>
    replaceRange(dockerfile, copy.target.range, copy.target.raw.replace("/root", "/app")),
  );
  return {
    edits: [...edits, ...volumes.map((volume) => removeInstruction(dockerfile, volume))],
    words: words.map((word) => word.replace(/^\/root(?=\/|$)/, "/app")),
  };
}

/** Steps that do nothing but set the services up; undefined where one does other work as well. */
function setupOfServices(dockerfile: Dockerfile): readonly RunInstruction[] | undefined {
  const found: RunInstruction[] = [];
  for (const run of shippedInstructions(dockerfile, "RUN")) {
    const { commands } = run.script;
    const ours = commands.filter((command, i) => setsUpService(command, commands[i + 1]));
    if (ours.length === 0) continue;
    if (ours.length < commands.length) return undefined;
    found.push(run);
  }
  return found;
}

function setsUpService(command: ShellCommand, next: ShellCommand | undefined): boolean {
  if (command.name === "chpasswd" || command.name === "ssh-keygen") return true;
  if (/^(?:echo|printf)$/.test(command.name) && next?.joinedBy === "|" && next.name === "chpasswd") return true;
  const targets = [...command.args.map(({ value }) => value), ...command.redirects.map(({ target }) => target?.value)];
  return (
    /^(?:sed|mkdir|rm|touch|echo|printf|chmod|chown|cp|tee)$/.test(command.name) &&
    targets.some((value) => value !== undefined && servicePlaces.test(value))
  );
}

function packagesOfServices(dockerfile: Dockerfile) {
  return shippedInstructions(dockerfile, "RUN").flatMap((run) =>
    installs(run).flatMap((call) =>
      call.packages
        .map((word) => ({ run, call, word, name: packageName(word) }))
        .filter(({ name }) => servicePackages.has(name)),
    ),
  );
}
