import type { BuildContext, Problem, Severity } from "../core/index.ts";
import type { BaseFacts, RepositoryFacts, TagFacts } from "../bases/index.ts";
import type { Dockerfile } from "../syntax/index.ts";

/** What kinds of thing a rule can look at. */
export interface Subjects {
  /** `context` is absent for a lone text, as in an editor. */
  dockerfile: { readonly dockerfile: Dockerfile; readonly context?: BuildContext };
}

/** What a rule may know of the site it runs at. */
export interface SitePolicy {
  /** Registries or image names that may be used, `*` globs at either end; empty allows all. */
  readonly trustedRegistries: readonly string[];
  /** Context size above which `context-too-big` speaks, in bytes. */
  readonly contextLimit: number;
  /** Label name → kind (`text`, `rfc3339`, `semver`, `url`, `hash`, `spdx`, `email`); empty demands none. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a rule may know beyond its subject: the site's policy, and public facts about images. */
export interface Known {
  readonly policy: SitePolicy;
  /** YYYY-MM-DD, against which support ends are held; the day of the tables when not given. */
  readonly today?: string;
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
  readonly examples: readonly TextExample[];
}

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
