import type { Gap, Severity } from "../core/index.ts";
import type { Check, Measure, ProofVerdict, SmokeKind } from "../remedy/index.ts";

/** What `fix --prove` and `prove` find out: `proof.json`. All sizes are in bytes. */
export interface ProofDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  /** The Dockerfile, or what was held against what. */
  readonly target: string;
  readonly verdict: ProofVerdict;
  /** Why it is no more than that, and what to do about it. */
  readonly because?: string;
  readonly hint?: string;
  readonly conditions: ProofConditions;
  readonly checks: readonly Check[];
  /** Absent where nothing was built. */
  readonly before?: ProvedSide;
  readonly after?: ProvedSide;
  readonly findings: { readonly before: number; readonly after: number };
  readonly kept: readonly ProvedAction[];
  readonly rejected: readonly (ProvedAction & { readonly reason: string })[];
  /** Advisories that hold for `before` and not for `after`, sorted by id and purl. */
  readonly fixed: readonly FixedAdvisory[];
  /** The change, as a unified diff. */
  readonly diff: string;
  readonly gaps: readonly Gap[];
}

/** The same for both. Values of build arguments are left out, for they may be secrets. */
export interface ProofConditions {
  readonly builder?: string;
  /** What RUN instructions could reach: "default" is the builder's own. */
  readonly network: string;
  readonly platform: string;
  readonly buildArguments: readonly string[];
  readonly smoke?: SmokeKind;
  readonly failOn: Severity | "none";
  /** How many sets of actions were tried. */
  readonly trials: number;
  readonly advisories?: { readonly revision: string; readonly asOf: string };
}

export interface ProvedSide extends Measure {
  readonly digest: string;
}

export interface ProvedAction {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly safety: "safe" | "likely" | "assisted";
}

export interface FixedAdvisory {
  readonly id: string;
  readonly purl: string;
  readonly severity: Severity | "unknown";
}
