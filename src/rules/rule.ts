import type { BuildContext, Digest, FileView, Problem, Severity } from "../core/index.ts";
import type { VulnerabilityMatch } from "../advisories/index.ts";
import type { BaseFacts, RepositoryFacts, TagFacts } from "../bases/index.ts";
import type { FileTree, HiddenFiles, ImageConfig, Platform } from "../image/index.ts";
import type { ElfSymbols, Package } from "../packages/index.ts";
import type { Dockerfile } from "../syntax/index.ts";
import type { WeightReport } from "../weight/index.ts";

/** What kinds of thing a rule can look at. */
export interface Subjects {
  /** `context` is absent for a lone text, as in an editor. */
  dockerfile: { readonly dockerfile: Dockerfile; readonly context?: BuildContext };
  image: {
    readonly image: ImageFacts;
    readonly files: FileTree;
    /** Contents of small files that rules read (their `wants`); a path that is not there was not kept. */
    readonly contents: FileView;
    /** What later layers took away, with the contents of what rules would read of it. */
    readonly hidden: HiddenFiles;
    /** Programs that are not stripped, by path; empty where nobody looked. */
    readonly symbols: ReadonlyMap<string, ElfSymbols>;
  };
}

/** What is known of an image once its layers were read. */
export interface ImageFacts {
  readonly reference: string;
  readonly digest: Digest;
  readonly platform: Platform;
  readonly config: ImageConfig;
  readonly weight: WeightReport;
  /** Empty where no cataloger ran. */
  readonly packages: readonly Package[];
  /** What counts of what is known against the packages; empty where no advisories were at hand. */
  readonly vulnerabilities: readonly KnownVulnerability[];
  /** The distribution; absent where nothing tells, or nobody looked. */
  readonly release?: ReleaseFacts;
}

/** A vulnerability that a package of an image is known to have. */
export interface KnownVulnerability extends Pick<VulnerabilityMatch, "package" | "id" | "fixedIn" | "severity"> {
  /** The layer that brought the package, from 0. */
  readonly layerIndex?: number;
  /** The smallest version of the source package in which all is fixed that has a fix. */
  readonly allFixedIn?: string;
}

/** What is known of the release of a distribution. */
export interface ReleaseFacts {
  readonly name: string;
  /** The last day of security updates, YYYY-MM-DD. */
  readonly endOfLife?: string;
  readonly pastEnd: boolean;
}

/** What a rule may know of the site it runs at. */
export interface SitePolicy {
  /** Registries or image names that may be used, `*` globs at either end; empty allows all. */
  readonly trustedRegistries: readonly string[];
  /** Context size above which `context-too-big` speaks, in bytes. */
  readonly contextLimit: number;
  /** Label name → kind (`text`, `rfc3339`, `semver`, `url`, `hash`, `spdx`, `email`); empty demands none. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether there may be no labels but those of `labels`. */
  readonly strictLabels: boolean;
}

/** What a rule may know beyond its subject: the site's policy, and public facts about images. */
export interface Known {
  readonly policy: SitePolicy;
  /** YYYY-MM-DD, against which support ends are held; the day of the tables when not given. */
  readonly today?: string;
  /** Ids and aliases of the rules about Dockerfiles, for names that were misspelt. */
  readonly ruleNames: readonly string[];
  /** Facts about a tag of an official image ("python", "3.12-slim"); undefined when `repository` is not official or no table is at hand. */
  tag(repository: string, tag: string): TagFacts | undefined;
  repository(repository: string): RepositoryFacts | undefined;
  /** Facts about a base by its reference as written; family "unknown" when nothing is known. */
  base(reference: string): BaseFacts;
}

export type Aim = "size" | "security" | "speed" | "correctness" | "style";

export interface Rule<K extends keyof Subjects> {
  /** The file's name; permanent. */
  readonly id: string;
  readonly subject: K;
  readonly aim: Aim;
  readonly severity: Severity;
  /** Off unless a user turns it on. */
  readonly optIn?: boolean;
  /** One line; SARIF shortDescription. */
  readonly summary: string;
  /** Markdown: docs page and `plimsoll explain`. */
  readonly why: string;
  /** hadolint, BuildKit, Trivy and Dockle ids, accepted in ignores and configs. */
  readonly aliases?: readonly string[];
  check(subject: Subjects[K], known: Known): Iterable<Problem>;
  /** Image rules alone: files whose contents `check` reads, at most 1 MiB each. */
  wants?(path: string): boolean;
  /** Image rules alone: Dockerfile rules about the same matter, whose estimate of bytes this one measures. */
  readonly measures?: readonly string[];
  /** Image rules that name bytes alone: what a container may miss once they are gone. */
  readonly risk?: Risk;
  readonly examples: readonly (K extends "image" ? LayersExample : TextExample)[];
}

/** 0: nothing reads them; 1: made again or fetched again when needed; 2: only building or debugging needs them; 3: lossy. */
export type Risk = 0 | 1 | 2 | 3;

/** Layers of an image, base first, and the files the rule must report; without any it must be silent. */
export interface LayersExample {
  readonly title: string;
  /**
   * Path → text; "DIR/" makes a directory; a number of bytes makes a file of that size, in which all of that size are alike;
   * `{ link }` a symbolic link, `{ same }` a hard link to a path; `{ size, symbols, debug, go }` a program of that size with so many bytes of symbols in it; `null` deletes. A mode may follow the path: "usr/bin/su 4755", and an owner after it: "run.sh 755 10:10".
   */
  readonly layers: readonly Readonly<Record<string, LayerFile>>[];
  /** How many of the layers are the base's. */
  readonly base?: number;
  /** The instructions that brought the layers above the base; `RUN make-layer` each where not given, "" for one nobody knows. */
  readonly instructions?: readonly string[];
  /** `app:1.2` where not given. */
  readonly reference?: string;
  readonly config?: Partial<ImageConfig>;
  readonly packages?: readonly Package[];
  readonly vulnerabilities?: readonly KnownVulnerability[];
  readonly release?: ReleaseFacts;
  /** The files (`at.file`) of the problems, sorted; "" for one about the image as a whole. */
  readonly reports: readonly string[];
}

export type LayerFile =
  | string
  | number
  | null
  | { readonly link: string }
  | { readonly same: string }
  | ({ readonly size: number } & Partial<ElfSymbols>);

/** A Dockerfile. `«…»` marks what the rule must report; a text without marks must be silent. */
export interface TextExample {
  readonly title: string;
  readonly text: string;
  /** Files of the context: path → text. Absent means the rule sees no context at all. A mode may follow the path: `run.sh 755`. */
  readonly context?: Readonly<Record<string, string>>;
  /** The text after every fix of the rule, of whatever safety, has been applied until nothing changes; absent when it offers none. */
  readonly fixed?: string;
  /** New or changed other texts after the fix (`.dockerignore`). */
  readonly fixedFiles?: Readonly<Record<string, string>>;
  /** Site policy this example needs, where it is not the default. */
  readonly policy?: Partial<SitePolicy>;
}
