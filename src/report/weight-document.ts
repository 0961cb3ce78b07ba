import type { Gap } from "../core/index.ts";
import type { Bytes, DiveFigures, Heavy, LayerWeight, Waste } from "../weight/index.ts";

/** What `plimsoll weigh --format json` prints: serialisable as it is, the same for the same image. All sizes are in bytes. */
export interface WeightDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  readonly image: {
    readonly reference: string;
    readonly digest: string;
    readonly platform: string;
    readonly created?: string;
    /** Attestation manifests beside the image, which a pull does not fetch. */
    readonly attestations: number;
  };
  readonly totals: {
    /** The layers as stored: what a pull costs where they are compressed. */
    readonly stored: number;
    /** Whether all layers are stored compressed; else `stored` says nothing of what a pull costs. */
    readonly compressed: boolean;
    /** The layers' tars. */
    readonly tar: number;
    readonly content: Bytes;
    readonly visible: Bytes;
    /** In layers of the base: only another base removes it. */
    readonly deadInBase: Bytes;
    readonly deadOfUser: Bytes;
    readonly baseLayers: number;
  };
  readonly layers: readonly LayerWeight[];
  readonly waste: readonly Waste[];
  readonly heaviest: { readonly files: readonly Heavy[]; readonly directories: readonly Heavy[] };
  readonly efficiency: {
    /** Visible bytes over all bytes. */
    readonly visible: number;
    /** By dive's formula; see `DiveFigures`. */
    readonly dive: DiveFigures;
  };
  readonly budgets: readonly BudgetResult[];
  readonly verdict: "pass" | "fail" | "incomplete";
  readonly gaps: readonly Gap[];
}

export interface BudgetResult {
  readonly name: string;
  readonly limit: number;
  readonly value: number;
  readonly holds: boolean;
}
