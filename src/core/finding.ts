import type { Edit, SourceRange } from "./text.ts";

export type Digest = `sha256:${string}` | `sha512:${string}`;

export type Severity = "critical" | "high" | "medium" | "low" | "info";

/** Most severe first; `severityRank` of two severities compares them. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

/** 0 for critical, rising as severity falls. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export type Location =
  | { readonly kind: "source"; readonly path: string; readonly range: SourceRange }
  | { readonly kind: "image"; readonly image: string; readonly layer?: Digest; readonly file?: string }
  | { readonly kind: "container"; readonly container: string; readonly setting: string };

/**
 * `safe` keeps what the container does, `likely` does under a condition the title states, `assisted` is only ever shown.
 * Edits may touch several texts (the Dockerfile and its `.dockerignore`); a path that does not exist yet is created.
 */
export interface Fix {
  readonly title: string;
  readonly safety: "safe" | "likely" | "assisted";
  readonly edits: readonly Edit[];
  /** Rewrites so much that other fixes must be found anew on its result: applied alone in its pass, before any other. */
  readonly alone?: boolean;
}

/** Bytes, and how we know. */
export interface Amount {
  readonly value: number;
  readonly basis: "measured" | "estimated";
}

/** What a rule yields. It cannot say who it is: the runner adds that. */
export interface Problem {
  readonly message: string;
  readonly at: Location;
  readonly related?: readonly { readonly at: Location; readonly message: string }[];
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
  /** What fixing it would save, in bytes. */
  readonly bytes?: Amount;
  /** The same as stored: what each push and pull would be spared. */
  readonly storedBytes?: Amount;
  readonly about?: { readonly purl: string; readonly advisory?: string };
  readonly fix?: Fix;
  /** A fact the rule had to assume (which base, which value of a variable), said to the user. */
  readonly assumed?: string;
  /** Narrows the rule's aliases to those that name this very problem, when one rule stands for several. */
  readonly aliases?: readonly string[];
}

/** `fingerprint` hashes rule, path and the text pointed at, so it survives edits elsewhere in the file. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly severity: Severity;
  readonly fingerprint: string;
}
