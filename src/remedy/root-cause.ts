import { isBuildTool } from "../rules/index.ts";
import type { Instruction } from "../syntax/index.ts";
import { lockFileFor } from "./lock-files.ts";
import type { PlanImage, PlanPackage, PlanSubject } from "./plan-subject.ts";

/** Why a vulnerable package is in the image, which decides what helps. */
export type CauseKind =
  /** The base brought it. */
  | "base"
  /** An instruction installed it, as it was then. */
  | "install"
  /** An instruction asks for this very version. */
  | "pin"
  /** A lock file or manifest of the project names the version. */
  | "lock-file"
  /** It is inside a program that was built elsewhere. */
  | "bundled-binary"
  /** Only building needs it. */
  | "not-needed"
  | "unknown";

export interface RootCause {
  readonly kind: CauseKind;
  /** The instruction that brought it. */
  readonly at?: { readonly path: string; readonly line: number };
  /** The lock file that names it, or the program it is in. */
  readonly file?: string;
}

/**
 * What helps against each cause, in the order in which it should be tried: remedies by id. A base is refreshed or raised before
 * anything is upgraded on top of it, for an upgrade in a later layer adds bytes and leaves the old files where they are.
 */
export const fixOrder: Readonly<Record<CauseKind, readonly string[]>> = {
  base: ["base-change", "stage-split", "installer-removal", "package-upgrade"],
  install: ["rebuild-layer", "package-upgrade", "package-removal"],
  pin: ["package-unpin", "rebuild-layer"],
  "lock-file": ["lock-file-bump"],
  "bundled-binary": ["binary-rebuild", "base-change"],
  "not-needed": ["package-removal", "stage-split", "base-change", "rebuild-layer", "package-upgrade"],
  unknown: ["package-upgrade", "base-change"],
};

const osTypes: ReadonlySet<string> = new Set(["deb", "apk", "rpm"]);
/** Languages whose programs hold their packages inside. */
const compiled: ReadonlySet<string> = new Set(["golang", "cargo", "generic"]);

/** Whether the operating system's package manager installed it. */
export function isOsPackage({ type }: Pick<PlanPackage, "type">): boolean {
  return osTypes.has(type);
}

/** Whether a package lies in the base's layers. */
export function isOfBase({ origin, layerIndex }: PlanPackage, { weight }: PlanImage): boolean {
  return origin?.kind === "base" || (layerIndex !== undefined && layerIndex < weight.baseLayers);
}

/** The root cause of a package being there in this version. */
export function rootCauseOf(one: PlanPackage, image: PlanImage, subject: PlanSubject): RootCause {
  const { origin } = one;
  const at =
    origin?.kind === "instruction" && origin.at.kind === "source"
      ? { at: { path: origin.at.path, line: origin.line } }
      : {};
  if (isOsPackage(one)) {
    if (isBuildTool(one)) return { kind: "not-needed", ...at };
    if (isOfBase(one, image)) return { kind: "base" };
    if (origin?.kind !== "instruction") return { kind: "unknown" };
    return { kind: pinOf(one, subject) ? "pin" : "install", ...at };
  }
  if (isOfBase(one, image)) return { kind: "base" };
  // Go's own library comes with the compiler and is in no lock file.
  const lockFile = one.name === "stdlib" ? undefined : lockFileFor(one.type, subject.lockFiles);
  if (lockFile !== undefined) return { kind: "lock-file", file: lockFile, ...at };
  const [file] = one.files;
  if (compiled.has(one.type)) return { kind: "bundled-binary", ...(file === undefined ? {} : { file }), ...at };
  return origin?.kind === "instruction"
    ? { kind: "install", ...at }
    : { kind: "unknown", ...(file === undefined ? {} : { file }) };
}

/** The instruction that brought a package, in a Dockerfile that is at hand. */
export function instructionOf({ origin }: PlanPackage, { dockerfiles }: PlanSubject): Instruction | undefined {
  if (origin?.kind !== "instruction" || origin.at.kind !== "source") return undefined;
  const { path, range } = origin.at;
  return dockerfiles.get(path)?.instructions.find((one) => one.range.start === range.start);
}

/** The word of the instruction that asks for the package by its version ("curl=7.88.1-10"), from `=` on. */
export function pinOf(
  one: PlanPackage,
  subject: PlanSubject,
): { readonly instruction: Instruction; readonly range: { readonly start: number; readonly end: number } } | undefined {
  const instruction = instructionOf(one, subject);
  if (instruction?.keyword !== "RUN") return undefined;
  for (const { args } of instruction.script.commands) {
    for (const { raw, range } of args) {
      // A word in quotes or over several lines is not cut.
      if (!raw.startsWith(one.name) || range.end - range.start !== raw.length) continue;
      if (/^=[\w.+:~-]+$/.test(raw.slice(one.name.length)))
        return { instruction, range: { start: range.start + one.name.length, end: range.end } };
    }
  }
  return undefined;
}
