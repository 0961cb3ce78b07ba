import type { Amount, Edit, Finding, Fix, Severity } from "../core/index.ts";
import type { Package } from "../packages/index.ts";
import type { Dockerfile } from "../syntax/index.ts";
import type { Origin, WeightReport } from "../weight/index.ts";
import type { BaseOption } from "./base-option.ts";
import type { Raise } from "./raise/raise.ts";

/** A package of the image, and which instruction brought it. */
export interface PlanPackage extends Package {
  /** From 0, base first. */
  readonly layerIndex?: number;
  readonly origin?: Origin;
}

/** One vulnerability of one package. */
export interface PlanMatch {
  readonly id: string;
  /** Of the package. */
  readonly purl: string;
  readonly level: Severity | "unknown";
  /** The version that does not have it any more, where there is one. */
  readonly fixedIn?: string;
}

/** The image that was built, as far as a plan needs it. */
export interface PlanImage {
  readonly reference: string;
  readonly weight: Pick<WeightReport, "total" | "baseLayers" | "layers">;
  readonly packages: readonly PlanPackage[];
  readonly matches: readonly PlanMatch[];
  /** "debian" and "12". */
  readonly release?: { readonly family: string; readonly release: string };
  /** As it is written in the configuration; "" is root. */
  readonly user: string;
  /** Path of the Dockerfile it was built from, where that is known. */
  readonly dockerfile?: string;
}

/** What the base of a Dockerfile could be. */
export interface PlanBase {
  /** Path of the Dockerfile. */
  readonly path: string;
  readonly options: readonly BaseOption[];
  /** Of the options that were measured: what is open in them, "ID SOURCE-PACKAGE" each, by reference. */
  readonly open: ReadonlyMap<string, ReadonlySet<string>>;
}

/** All that a plan is made from. */
export interface PlanSubject {
  readonly findings: readonly Finding[];
  /** By path. */
  readonly dockerfiles: ReadonlyMap<string, Dockerfile>;
  /** Lock files and manifests that lie in the build contexts. */
  readonly lockFiles: readonly string[];
  /** Those of their texts that could be read, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly image?: PlanImage;
  readonly bases: readonly PlanBase[];
  /** YYYY-MM-DD, for the day on which a temporary measure should go. */
  readonly today: string;
}

/** What a remedy would do. The plan adds what all actions have. */
export interface Proposal {
  /** Tells it apart from the remedy's other proposals. */
  readonly key: string;
  readonly title: string;
  readonly safety: Fix["safety"];
  /** The edits, when they are known; without any it is advice. */
  readonly edits?: readonly Edit[];
  /** What a proof can have the ecosystem's own tool write into a lock file. */
  readonly raise?: { readonly lockFile: string; readonly raises: readonly Raise[] };
  /** Lines of the Dockerfile that it is about, from 1, sorted. */
  readonly lines?: readonly number[];
  /** Findings that are gone afterwards; those about packages are found by `closes`. */
  readonly resolves: readonly Finding[];
  /** Vulnerabilities of the image that are gone afterwards. */
  readonly closes?: readonly PlanMatch[];
  /** Vulnerabilities by severity that come instead, as far as they were measured. */
  readonly brings?: Readonly<Partial<Record<Severity | "unknown", number>>>;
  /** What it saves, in bytes; below 0 it costs. */
  readonly bytes?: Amount;
  readonly storedBytes?: Amount;
  /** Of the proposals that name the same, only one can be chosen. */
  readonly oneOf?: string;
  /** What else is to be known before choosing it. */
  readonly notes?: readonly string[];
}

/** A way to make things better: one file in actions/. */
export interface Remedy {
  /** The file's name; permanent. */
  readonly id: string;
  readonly summary: string;
  /** What could be done about these findings; pure. */
  propose(subject: PlanSubject): Iterable<Proposal>;
}
