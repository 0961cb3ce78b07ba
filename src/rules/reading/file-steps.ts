import {
  type Dockerfile,
  findOption,
  type Instruction,
  normalizePath,
  operandsOf,
  type RunInstruction,
  type ShellCommand,
  workdirAt,
} from "../../syntax/index.ts";
import { managerCalls } from "./package-managers.ts";

/** A command of a step, told apart by what it works on. */
export interface Step {
  readonly command: ShellCommand;
  /** "files": only what its paths name; "system": accounts and packages; "owner": a whole tree's owner. */
  readonly kind: "files" | "system" | "owner";
  /** Absolute paths it works on, for "files" and "owner". */
  readonly paths: readonly string[];
  /** "app:app", for "owner". */
  readonly owner?: string;
}

/** Commands that change just what their operands name, in every image. */
const onFiles: ReadonlySet<string> = new Set(["mkdir", "rm", "rmdir", "mv", "cp", "ln", "touch", "chmod", "tar"]);
const onSystem: ReadonlySet<string> = new Set([
  "useradd",
  "adduser",
  "groupadd",
  "addgroup",
  "usermod",
  "update-ca-certificates",
  "true",
]);

/** What each command of a RUN works on; undefined when one is of another kind, or joined in another way than one after the other. */
export function stepsOf(dockerfile: Dockerfile, run: RunInstruction): readonly Step[] | undefined {
  const { script } = run;
  if (run.form !== "shell" || script.broken || script.heredoc || run.flags.length > 0) return undefined;
  let directory = workdirAt(dockerfile, run);
  const steps: Step[] = [];
  for (const command of script.commands) {
    const plain =
      command.depth === 0 &&
      ["start", "&&", ";"].includes(command.joinedBy) &&
      command.wrappers.length + command.assignments.length + command.redirects.length === 0;
    if (!plain) return undefined;
    if (command.name === "cd") {
      const [to] = absolute(operandsOf(command), directory) ?? [];
      if (to === undefined) return undefined;
      directory = to;
      steps.push({ command, kind: "files", paths: [to] });
      continue;
    }
    const step = stepOf(run, command, directory);
    if (!step) return undefined;
    steps.push(step);
  }
  return steps;
}

function stepOf(run: RunInstruction, command: ShellCommand, directory: string | undefined): Step | undefined {
  if (command.name === "chown") {
    const [owner, ...rest] = operandsOf(command);
    const paths = absolute(rest, directory);
    const recursive = findOption(command, "-R", "--recursive") !== undefined;
    if (!recursive || !paths || owner?.value === undefined || !/^[\w.-]+(?::[\w.-]*)?$/.test(owner.value))
      return undefined;
    return { command, kind: "owner", paths, owner: owner.value.replace(/:$/, "") };
  }
  if (onFiles.has(command.name)) {
    const paths = pathsOf(command, directory);
    return paths && { command, kind: "files", paths };
  }
  if (/^python(?:\d(?:\.\d+)?)?$/.test(command.name) && command.args[1]?.raw === "compileall") {
    const paths = absolute(
      operandsOf(command).filter(({ raw }) => raw !== "compileall"),
      directory,
    );
    return paths && paths.length > 0 ? { command, kind: "files", paths } : undefined;
  }
  const manager = managerCalls(run).find((call) => call.command === command);
  const local = manager?.packages.some(({ value }) => value === undefined || value.includes("/")) === true;
  const lists = command.name === "rm" && command.args.every(({ raw }) => /^-|^\/var\/(?:lib\/apt|cache)\b/.test(raw));
  return (manager && !local) || onSystem.has(command.name) || lists
    ? { command, kind: "system", paths: [] }
    : undefined;
}

function pathsOf(command: ShellCommand, directory: string | undefined): readonly string[] | undefined {
  if (command.name === "chmod") return absolute(operandsOf(command).slice(1), directory);
  if (command.name !== "tar") return absolute(operandsOf(command), directory);
  // Extraction alone, of an archive that tar unpacks by itself or with gzip, which is in every image.
  const [mode, archive, ...rest] = command.args;
  if (!mode || !archive || !/^-?x[vz]*f$/.test(mode.raw)) return undefined;
  const [option, to, ...more] = rest;
  if (more.length > 0 || (option && (option.raw !== "-C" || !to))) return undefined;
  return absolute([archive, ...(to ? [to] : [])], directory)?.concat(to || directory === undefined ? [] : [directory]);
}

function absolute(
  words: readonly { readonly value?: string | undefined }[],
  directory: string | undefined,
): readonly string[] | undefined {
  const paths: string[] = [];
  for (const { value } of words) {
    if (value === undefined || value === "" || value.startsWith("~")) return undefined;
    const fixed = value.replace(/\/?[^/]*[*?[].*$/, "");
    if (!value.startsWith("/") && directory === undefined) return undefined;
    if (value.startsWith("/") && fixed === "") return undefined;
    paths.push(normalizePath(value.startsWith("/") ? fixed : `${directory ?? ""}/${fixed}`));
  }
  return paths;
}

/** Where COPY and ADD put what they bring: the file itself where it can be told, else the directory that is filled. */
export function copyTarget(
  dockerfile: Dockerfile,
  copy: Instruction & { readonly keyword: "COPY" | "ADD" },
): string | undefined {
  const target = copy.target.value;
  const directory = workdirAt(dockerfile, copy);
  if (target === undefined || (!target.startsWith("/") && directory === undefined)) return undefined;
  const into = normalizePath(target.startsWith("/") ? target : `${directory ?? ""}/${target}`);
  const name = copy.sources.length === 1 ? (copy.sources[0]?.value?.replace(/\/+$/, "").split("/").pop() ?? "") : "";
  const unpacked = copy.keyword === "ADD" && /\.(?:tar(?:\.\w+)?|t[gbx]z)$/.test(name);
  const isFile = !unpacked && /\.\w+$/.test(name) && (target.endsWith("/") || target === ".");
  return isFile ? normalizePath(`${into}/${name}`) : into;
}

const systemTops = /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|sys|tmp|usr|var)(?:\/|$)/;
const projectPlaces = /^\/(?:opt\/[^/]+|home\/[^/]+\/[^/]+|usr\/src\/[^/]+|usr\/share\/nginx\/html|var\/www)(?:\/|$)/;

/** Whether a directory is one that projects fill and bases leave alone. */
export function isProjectPlace(path: string): boolean {
  return path !== "/" && (!systemTops.test(path) || projectPlaces.test(path));
}

/** The paths of a set that are not below another of it, sorted. */
export function outermost(paths: Iterable<string>): readonly string[] {
  const all = new Set(paths);
  return [...all].filter((path) => !ancestors(path).some((one) => all.has(one))).sort();
}

function ancestors(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1).slice(0, 100);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
}
