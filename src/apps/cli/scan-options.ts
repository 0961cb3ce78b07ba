import type { MatchState } from "../../advisories/index.ts";
import { PlimsollError, type Severity, severities } from "../../core/index.ts";
import { loadIgnores, type Policy, type ScanPolicy, trivyStatuses, unfixed } from "../../engine/index.ts";

/** What `scan` leaves out, and what it fails for; named as other scanners name it. */
export interface ScanPolicyOptions {
  readonly severity?: string;
  readonly ignoreUnfixed?: boolean;
  readonly ignoreStatus?: string;
  readonly pkgTypes?: string;
  readonly skipDirs?: readonly string[];
  readonly skipFiles?: readonly string[];
  readonly distro?: string;
  readonly exitCode?: string;
  readonly failOn?: Severity | "none";
  readonly exitOnEol?: string;
  readonly maxDbAge?: string;
  readonly vulnSeveritySource?: string;
  readonly ignorefile?: readonly string[];
  readonly vex?: readonly string[];
  readonly includeDevDeps?: boolean;
}

/**
 * The policy that options and files make.
 * @throws PlimsollError usage.unknown-option for values that are not allowed, and what reading the files throws
 */
export async function scanPolicyOf(
  options: ScanPolicyOptions,
  { root, today, policy }: { readonly root: string; readonly today: string; readonly policy: Policy },
): Promise<ScanPolicy> {
  const exitCode = wholeNumber("--exit-code", options.exitCode);
  return {
    levels: readList("--severity", options.severity, [...severities, "unknown"] as const, (word) => word.toLowerCase()),
    ignoreStates: [
      ...(options.ignoreUnfixed ? unfixed : []),
      ...readList("--ignore-status", options.ignoreStatus, Object.keys(trivyStatuses), (word) =>
        word.toLowerCase().replaceAll("-", "_"),
      ).flatMap((status): MatchState | readonly MatchState[] => trivyStatuses[status] ?? []),
    ],
    packageTypes: words(options.pkgTypes).map((word) => word.toLowerCase()),
    skipDirectories: options.skipDirs ?? [],
    skipFiles: options.skipFiles ?? [],
    failOn: options.failOn ?? (exitCode === undefined ? "high" : exitCode === 0 ? "none" : "any"),
    failOnEndOfLife: (wholeNumber("--exit-on-eol", options.exitOnEol) ?? 0) > 0,
    today,
    ...(await loadIgnores({ root, policy, ignoreFiles: options.ignorefile ?? [], vex: options.vex ?? [] })),
  };
}

/** The sources of severity to ask first; "auto" is the order that holds anyway. */
export function severitySources({ vulnSeveritySource }: ScanPolicyOptions): readonly string[] {
  return words(vulnSeveritySource).filter((word) => word !== "auto");
}

/** A number of 0 to 255 for an exit status, or of days. */
export function wholeNumber(name: string, text: string | undefined, most = 255): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new PlimsollError("usage.unknown-option", `${name} cannot be ${text}`, {
    hint: `it takes a whole number up to ${most}`,
  });
}

function readList<T extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly T[],
  spelled: (word: string) => string,
): readonly T[] {
  return words(text).map((word) => {
    const found = allowed.find((one) => one === spelled(word));
    if (found !== undefined) return found;
    throw new PlimsollError("usage.unknown-option", `${name} cannot be ${word}`, {
      hint: `it takes ${allowed.join(", ")}`,
    });
  });
}

function words(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}
