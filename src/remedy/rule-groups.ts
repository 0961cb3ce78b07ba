/** Remedies that answer findings of certain rules. */
export type RuleGroup =
  | "base-change"
  | "digest-pin"
  | "stage-split"
  | "merge-runs"
  | "clean-caches"
  | "ownership"
  | "cache-order"
  | "package-removal"
  | "non-root"
  | "healthcheck"
  | "dockerignore"
  | "strip"
  | "secrets";

/** Which remedy answers findings of which rules; a rule is in one group at most. */
export const ruleGroups: Readonly<Record<RuleGroup, readonly string[]>> = {
  "base-change": [
    "base-deprecated",
    "base-fat-variant",
    "base-latest",
    "base-unsupported-tag",
    "base-untagged",
    "image-distribution-ended",
    "tag-floats",
  ],
  "digest-pin": ["not-digest-pinned"],
  "stage-split": [
    "composer-shipped",
    "final-stage-is-sdk",
    "single-stage-build",
    "image-go-build-files",
    "image-rust-build-files",
  ],
  "merge-runs": [
    "cleanup-in-own-run",
    "consecutive-runs",
    "deleted-in-later-layer",
    "image-deleted-files",
    "index-update-alone",
    "install-without-update",
  ],
  "clean-caches": [
    "apk-cache-kept",
    "apt-lists-kept",
    "archive-kept",
    "archive-copied",
    "dnf-cache-kept",
    "image-apk-cache",
    "image-apt-archives",
    "image-apt-lists",
    "image-conda-packages",
    "image-database-backups",
    "image-jvm-cache",
    "image-language-caches",
    "image-logs-and-temp",
    "image-node-cache",
    "image-python-cache",
    "image-rpm-cache",
    "image-unpacked-archive",
    "other-cache-left",
    "pip-cache-kept",
    "yum-cache-kept",
    "zypper-cache-kept",
  ],
  ownership: ["copied-again", "image-copied-for-metadata", "mode-777", "ownership-copy"],
  "cache-order": [
    "broad-copy-churn",
    "copy-all-before-deps",
    "lockfile-unused",
    "packages-after-copy",
    "volatile-arg-early",
  ],
  "package-removal": [
    "apt-recommends",
    "curl-and-wget",
    "dev-deps-shipped",
    "image-build-tools",
    "image-dev-files",
    "image-node-dev-packages",
    "image-sudo",
    "package-unused",
    "toolchain-left",
    "tools-shipped",
    "weak-deps",
  ],
  "non-root": ["image-root-user", "no-user", "runs-as-root"],
  healthcheck: ["healthcheck-missing", "image-no-healthcheck"],
  dockerignore: [
    "context-too-big",
    "copied-unneeded",
    "dockerignore-gap",
    "dockerignore-gitignore-habit",
    "dockerignore-missing",
    "image-context-junk",
    "image-vcs-data",
  ],
  strip: ["debug-symbols-kept", "image-debug-files"],
  secrets: [
    "image-secret-file",
    "image-secret-in-env",
    "image-secret-in-file",
    "image-secret-in-history",
    "secret-file-copied",
    "secret-in-env",
    "secret-in-run",
  ],
};

/** The rule about vulnerable packages: what its findings are about, the scan tells in full. */
export const vulnerableRule = "image-vulnerable-package";

const grouped: ReadonlySet<string> = new Set([...Object.values(ruleGroups).flat(), vulnerableRule]);

/** Whether a remedy of its own answers findings of a rule. */
export function isGrouped(rule: string): boolean {
  return grouped.has(rule);
}
