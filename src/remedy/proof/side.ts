import type { Finding, Severity } from "../../core/index.ts";
import type { FileTree, ImageConfig } from "../../image/index.ts";
import type { Package } from "../../packages/index.ts";
import type { PlanImage } from "../plan-subject.ts";
import type { Programs } from "./programs.ts";

/** An advisory that holds for a package of an image. */
export interface OpenAdvisory {
  readonly id: string;
  readonly package: string;
  readonly purl: string;
  /** "unknown" where nobody has judged it. */
  readonly severity: Severity | "unknown";
  /** The version that does not have it any more, where there is one. */
  readonly fixedIn?: string;
  /** Whether it is known to be exploited. */
  readonly exploited?: boolean;
  /** Whether the package lies in a layer of the image's base. */
  readonly fromBase?: boolean;
}

/** A package, and whether it lies in a layer of the image's base. */
export interface ProvedPackage extends Package {
  readonly fromBase?: boolean;
}

/** What an image weighs and holds, in numbers. Sizes are in bytes. */
export interface Measure {
  /** Of all layers, unpacked. */
  readonly bytes: number;
  /** As stored where it was read: compressed in registries and archives, as it lies in an engine that keeps layers unpacked. */
  readonly storedBytes: number;
  readonly layers: number;
  readonly files: number;
  /** Undefined where packages were not looked for, as with advisories. */
  readonly packages?: number;
  readonly advisories?: Readonly<Record<Severity | "unknown", number>>;
  /** Those of them that a newer version of the package does not have. */
  readonly fixable?: Readonly<Record<Severity | "unknown", number>>;
  /** As it is written in the image; "" is root. */
  readonly user: string;
  /** Findings of rules about secrets in images. */
  readonly secrets: number;
}

/** An image that was built and read. */
export interface ProvedImage {
  /** As the builder's program calls it. */
  readonly name: string;
  readonly digest: string;
  readonly tree: FileTree;
  readonly config: ImageConfig;
  readonly programs: Programs;
  /** Of how many of the layers, from the lowest on, the base is made. */
  readonly baseLayers: number;
  /** The distribution and its release: "debian 12". */
  readonly release?: string;
  readonly packages?: readonly ProvedPackage[];
  readonly advisories?: readonly OpenAdvisory[];
  readonly measure: Measure;
  /** What a plan for it is made from, where advisories were looked up. */
  readonly plan?: PlanImage;
}

/** One of the two that are held against each other: a Dockerfile, an image, or both. */
export interface Side {
  /** In the Dockerfile and, when it was built, in the image. */
  readonly findings: readonly Finding[];
  readonly image?: ProvedImage;
}
