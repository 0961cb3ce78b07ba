import type { Severity } from "../../core/index.ts";

/** What every command that looks at Dockerfiles takes. */
export interface SharedOptions {
  readonly config?: string;
  readonly rule?: readonly string[];
  readonly context?: string;
  readonly color?: boolean;
  readonly quiet?: boolean;
}

/** What every command that proves a change takes. */
export interface ProofOptions {
  readonly smoke?: string;
  readonly claim?: readonly ("read-only-root" | "no-capabilities" | "non-root")[];
  readonly builder?: string;
  readonly network?: string;
  readonly buildArg?: readonly string[];
  readonly platform?: string;
  readonly target?: string;
  /** Seconds that one build may take. */
  readonly timeout?: string;
  readonly tries?: string;
  readonly failOn?: Severity | "none";
  readonly store?: string;
  /** Files to write, "-" for standard output. */
  readonly proof?: string;
  readonly markdown?: string;
  readonly vex?: string;
}
