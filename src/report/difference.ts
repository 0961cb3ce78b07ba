import type { ConfigChange, FileChange } from "../weight/index.ts";

/** What `plimsoll diff --format json` prints. All sizes are in bytes. */
export interface DifferenceDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  readonly before: DifferenceSide;
  readonly after: DifferenceSide;
  /** Layers that both have, which a host that has one need not pull for the other. */
  readonly sharedLayers: number;
  /** Bytes that a host with `before` pulls for `after`. */
  readonly pullDelta: number;
  readonly files: readonly FileChange[];
  readonly config: readonly ConfigChange[];
}

export interface DifferenceSide {
  readonly reference: string;
  readonly digest: string;
  readonly platform: string;
  readonly unpacked: number;
  readonly stored: number;
  readonly visible: number;
  readonly dead: number;
  readonly layers: number;
  readonly files: number;
}
