import type { Finding, Fix } from "../core/index.ts";
import type { PlanMatch } from "./plan-subject.ts";
import type { Scope } from "./proof/scope.ts";

/** A way to run a container that a plan claims to be possible. */
export type Claim = "read-only-root" | "no-capabilities" | "non-root";

/** One thing that may be done or left: a finding's fix, a remedy of the plan, or a claim about how the container may be run. */
export interface Action {
  /** The same for the same finding in the same text. */
  readonly id: string;
  /** Whose fix it is; of the plan's the remedy. */
  readonly rule: string;
  readonly title: string;
  readonly safety: Fix["safety"];
  readonly resolves: readonly Finding[];
  /** Vulnerabilities of the image that it is to close. */
  readonly closes?: readonly PlanMatch[];
  readonly scope: Scope;
  readonly claim?: Claim;
}
