import type { Finding, Severity } from "../../core/index.ts";
import type { Action } from "../action.ts";
import type { Scope } from "./scope.ts";
import type { ProvedImage, Side } from "./side.ts";

/** What the change set out to do. */
export interface ProofPlan {
  /** What it was to resolve. */
  readonly targets: readonly Finding[];
  /** All that was applied. */
  readonly actions: readonly Action[];
  readonly scope: Scope;
  /** A new finding or advisory from this severity on fails. */
  readonly failOn: Severity | "none";
}

export interface GateResult {
  readonly ok: boolean;
  /** One line, or a few where something is wrong. */
  readonly detail: string;
  /** Reasons by the actions that are to blame, where the gate can tell. */
  readonly blame?: ReadonlyMap<Action, string>;
}

/** Something that must hold between before and after. Pure: it looks at what was read. */
export type Gate =
  | {
      readonly id: string;
      readonly summary: string;
      readonly needs: "texts";
      check(before: Side, after: Side, plan: ProofPlan): GateResult;
    }
  | {
      readonly id: string;
      readonly summary: string;
      readonly needs: "images";
      check(before: ProvedImage, after: ProvedImage, plan: ProofPlan): GateResult;
    };

const shown = 5;

/** The first few of many, for a detail. */
export function firstFew(all: readonly string[]): string {
  return `${all.slice(0, shown).join(", ")}${all.length > shown ? ` and ${all.length - shown} more` : ""}`;
}
