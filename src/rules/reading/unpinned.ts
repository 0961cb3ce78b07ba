import {
  type Dockerfile,
  instructionsOf,
  type RunInstruction,
  type ShellCommand,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";
import { type Manager, type ManagerCall, managerCalls } from "./package-managers.ts";
import { whereSaid } from "./where-said.ts";

/** A package that a command installs in whatever version is newest. */
export interface Unpinned {
  readonly command: ShellCommand;
  readonly word: Word;
  readonly name: string;
  /** How its version is said: "flask==VERSION". */
  readonly pinned: string;
  /** The message, where it is not that the newest comes. */
  readonly because?: string;
}

type Subject = Parameters<Rule<"dockerfile">["check"]>[0];

/**
 * The check of a rule about packages without a version: one problem a package, in every stage, for what a build stage installs
 * decides what the image gets. `words` are ones that no finding can do without, `instead` is what else can be done.
 */
export function unpinnedCheck(
  words: RegExp,
  find: (run: RunInstruction, subject: Subject) => Iterable<Unpinned>,
  instead: string,
): Rule<"dockerfile">["check"] {
  return whereSaid(words, function* (subject) {
    const { dockerfile } = subject;
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const { command, word, name, pinned, because } of find(run, subject)) {
        const quoted = versionLostToShell(dockerfile, command, word);
        yield {
          message: quoted
            ? `the shell takes the version of ${name} for the name of a file, and any version will do: quote it, "${quoted}"`
            : (because ?? `${name} is whatever is newest when this is built; ${pinned} says which`),
          at: inSource(dockerfile, word.range),
          ...assistedFix(quoted ? `Write "${quoted}"` : `Write ${pinned}, ${instead}`),
        };
      }
  });
}

/** `curl>=8` without quotes is the word `curl` and an output file `=8`: what stands there, where it is so. */
function versionLostToShell({ source }: Dockerfile, command: ShellCommand, { range }: Word): string | undefined {
  const next = command.redirects.find((redirect) => redirect.range.start === range.end);
  return next && /^[=\d]/.test(next.target?.raw ?? "") ? source.text.slice(range.start, next.range.end) : undefined;
}

/**
 * What a word asks for; undefined where a variable is in it, for it may be the version, bring one along, or be several
 * packages, and another value may be given to the build.
 */
export function literal(word: Word): string | undefined {
  return /[$`]/.test(word.raw) ? undefined : word.value;
}

/**
 * The operands of a tool that has more options than anybody can list: a word behind an option that is not known to stand alone
 * may be its value, and is left out.
 */
export function certainOperands(args: readonly Word[], alone: RegExp): readonly Word[] {
  const operands: Word[] = [];
  let certain = true;
  for (const [i, word] of args.entries()) {
    const { raw } = word;
    if (raw === "--") return [...operands, ...args.slice(i + 1)];
    if (raw.startsWith("-")) certain = raw.includes("=") || alone.test(raw);
    else {
      if (certain) operands.push(word);
      certain = true;
    }
  }
  return operands;
}

/** The words behind `word` in a command. */
export function argsBehind({ args }: ShellCommand, word: Word): readonly Word[] {
  return args.slice(args.indexOf(word) + 1);
}

/** Packages of a distribution that are installed without a version. `pin` says how it is written, or nothing where there is one. */
export function* unpinnedPackages(
  run: RunInstruction,
  names: ReadonlySet<Manager>,
  pin: (text: string) => string | undefined,
): Generator<Unpinned> {
  for (const call of managerCalls(run))
    if (names.has(call.manager) && call.does === "install" && /^(?:install|in|add)$/.test(call.verb?.value ?? ""))
      for (const word of call.packages) yield* unpinnedWord(call.command, word, pin);
}

/** The word as a finding, where it names a package and no version of it. */
export function* unpinnedWord(
  command: ShellCommand,
  word: Word,
  pin: (text: string) => string | undefined,
): Generator<Unpinned> {
  const name = literal(word);
  const pinned = name === undefined ? undefined : pin(name);
  if (name !== undefined && pinned !== undefined) yield { command, word, name, pinned };
}

/** The same for yum, dnf and their heirs, which also install modules. */
export function* unpinnedRpms(run: RunInstruction, names: ReadonlySet<Manager>): Generator<Unpinned> {
  yield* unpinnedPackages(run, names, (text) => {
    const rpm = rpmName(text);
    return rpm && `${rpm.name}-VERSION${rpm.arch}`;
  });
  for (const call of managerCalls(run)) {
    if (!names.has(call.manager) || !isModuleInstall(call)) continue;
    for (const word of call.packages.slice(1))
      yield* unpinnedWord(call.command, word, (text) => (/^[\w.+-]+$/.test(text) ? `${text}:STREAM` : undefined));
  }
}

function isModuleInstall({ verb, packages }: ManagerCall): boolean {
  return verb?.value === "module" && packages[0]?.value === "install";
}

/**
 * The name in an argument that is a package's name alone. Where the last part of a name looks like a version (`devtoolset-9`),
 * it may be one: undefined, as for files, capabilities, patterns and groups.
 */
export function rpmName(text: string): { readonly name: string; readonly arch: string } | undefined {
  const [, name = "", arch = ""] =
    /^([A-Za-z0-9][\w.+-]*?)(\.(?:noarch|x86_64|aarch64|i[3-6]86|ppc64le|s390x|armv7hl))?$/.exec(text) ?? [];
  if (name === "" || text.endsWith(".rpm") || /-\d[^-]*(?:-[^-]*\d[^-]*)?$/.test(name)) return undefined;
  return { name, arch };
}
