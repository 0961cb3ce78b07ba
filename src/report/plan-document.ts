import type { Gap } from "../core/index.ts";
import type { Plan } from "../remedy/index.ts";

/** What `plimsoll plan --format json` prints. */
export interface PlanDocument extends Plan {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  /** Paths of the Dockerfiles it is about. */
  readonly dockerfiles: readonly string[];
  /** The image it is about. */
  readonly image?: { readonly reference: string; readonly digest: string };
  readonly gaps: readonly Gap[];
}
