import type { Gap } from "../core/index.ts";
import type { BaseOption } from "../remedy/index.ts";

/** What `plimsoll base --format json` prints. */
export interface BaseDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  /** The base as it is named today. */
  readonly reference: string;
  /** YYYY-MM-DD, against which support ends were held. */
  readonly day: string;
  /** Where it is named, from line 1. */
  readonly place?: { readonly path: string; readonly line: number };
  /** The advisories that were counted. */
  readonly store: { readonly asOf: string; readonly revision: string; readonly kind: string };
  /** YYYY-MM-DD of the table of official images; absent where none is at hand. */
  readonly tableAsOf?: string;
  /** The best first; what was not measured comes after what was. */
  readonly options: readonly BaseOption[];
  /** The best option that asks nothing new of the program, where there is a better one than the base as it is. */
  readonly recommended?: string;
  readonly gaps: readonly Gap[];
}
