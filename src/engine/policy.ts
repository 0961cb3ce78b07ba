import type { Severity } from "../core/index.ts";
import type { IgnoreRule } from "./scan-policy/ignore-rule.ts";
import { defaultSitePolicy, type SitePolicy } from "../rules/index.ts";

export interface PathIgnore {
  readonly rules: readonly string[];
  /** Glob of paths it holds for; all when absent. */
  readonly path?: string;
  readonly reason?: string;
  /** YYYY-MM-DD; from the day after it no longer holds. */
  readonly until?: string;
}

/** How a site wants findings judged. */
export interface Policy {
  /** By rule id: a severity, "off", or "on" for an opt-in rule at its own severity. */
  readonly severities: Readonly<Record<string, Severity | "off" | "on">>;
  readonly failOn: Severity | "none";
  readonly ignores: readonly PathIgnore[];
  /** Vulnerabilities that are not to be told of. */
  readonly vulnerabilities: readonly IgnoreRule[];
  readonly site: SitePolicy;
  /** Whether ignore comments in Dockerfiles count. */
  readonly inlineIgnores: boolean;
  /** Globs of paths a search leaves out. */
  readonly exclude: readonly string[];
}

/** Fails from medium on; nothing ignored. */
export const defaultPolicy: Policy = {
  severities: {},
  failOn: "medium",
  ignores: [],
  vulnerabilities: [],
  site: defaultSitePolicy,
  inlineIgnores: true,
  exclude: [],
};
