import type { Gap } from "../../core/index.ts";
import type { Package } from "../package.ts";

/** A bill of materials, whoever wrote it, in Plimsoll's terms. */
export interface Sbom {
  readonly format: "cyclonedx" | "spdx";
  /** What it describes, as it calls it; "" where it does not say. */
  readonly name: string;
  readonly digest?: string;
  readonly platform?: string;
  /** RFC 3339, as written. */
  readonly created?: string;
  /** Diff ids, base first, and where each came from as the writer put it: JSON to be judged by the reader. */
  readonly layers: readonly { readonly diffId: string; readonly origin?: unknown }[];
  readonly release?: SbomRelease;
  /** Sorted by purl, one each. */
  readonly packages: readonly SbomPackage[];
  /** What its writer did not examine, and what of it names nothing that can be looked up. */
  readonly gaps: readonly Gap[];
}

export interface SbomPackage extends Package {
  readonly layerIndex?: number;
}

/** The distribution; `ecosystems` only where the writer looked it up itself. */
export interface SbomRelease {
  /** As os-release spells it: "debian", "alpine". */
  readonly id: string;
  readonly version: string;
  readonly name?: string;
  readonly codename?: string;
  readonly family?: string;
  readonly release?: string;
  readonly ecosystems?: readonly string[];
}

/** How much of a document is believed; what is beyond is a gap. */
export const sbomLimits: Readonly<Record<"bytes" | "components" | "list" | "characters" | "edges", number>> = {
  /** Of a document. */
  bytes: 128 << 20,
  components: 200_000,
  /** Properties of one component, its evidence, its licences; layers. */
  list: 2_000,
  /** Of one value. */
  characters: 4_096,
  edges: 2_000_000,
};
