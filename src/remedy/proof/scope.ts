import type { FileChange } from "../../weight/index.ts";

/** What a change may do to an image, beside what no rebuild leaves alone. */
export interface Scope {
  /** "base": they may go, and come with another base alone (see `explainedByBase`). */
  readonly packages: "same" | "fewer" | "base" | "any";
  /** Whose new advisories may take the place of others (see the gate): nobody's, those of another base, all. */
  readonly trades: "nothing" | "base" | "all";
  /** For each kind of change the paths it is allowed for. */
  readonly files: Readonly<Partial<Record<FileChange["change"], RegExp>>>;
  /** Names of settings as `compareConfigs` gives them. */
  readonly config: RegExp;
  /** Bytes that the image may be larger by. */
  readonly growth: number;
}

const nothing = /^\b$/;
const everything = /^/;

/** Of two images that somebody holds against each other without saying what was meant to change. */
export const anyScope: Scope = {
  packages: "any",
  trades: "all",
  files: { added: everything, removed: everything, contents: everything, metadata: everything, type: everything },
  config: everything,
  growth: Number.POSITIVE_INFINITY,
};

/** Of two that one is to take the place of the other: no heavier, but for a layer's own entries. */
export const pairScope: Scope = { ...anyScope, growth: 64 << 10 };

/** Of what only reads differently, and of what is only run differently. */
export const sameScope: Scope = { packages: "same", trades: "nothing", files: {}, config: nothing, growth: 0 };

/** A step that runs again writes files anew: what it writes may differ where its tools are not reproducible. */
const rebuilt: Scope["files"] = { contents: everything };

const caches =
  /^(?:var\/lib\/(?:apt|dpkg|dnf|yum)|var\/cache|etc\/apk\/cache|root\/\.\w|home\/[^/]+\/\.\w|tmp|var\/tmp|usr\/local\/share\/\.cache|opt\/[^/]+\/pkgs)(?:\/|$)|(?:^|\/)__pycache__(?:\/|$)|\.pyc$/;
const accounts =
  /^etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-?$|^home(?:\/|$)|^var\/(?:mail|spool\/mail)(?:\/|$)/;

const sizes = { removed: everything, ...rebuilt };
/** A layer for one more instruction: a few files with their headers. */
const oneLayer = 64 << 10;

const cleaning: Scope = {
  packages: "same",
  trades: "nothing",
  files: {
    ...rebuilt,
    removed: caches,
    added: /^(?:var\/lib\/(?:apt|dpkg)|var\/cache)\//,
    metadata: /^(?:tmp|var|root)(?:\/|$)/,
  },
  config: nothing,
  growth: 4096,
};
const slimming: Scope = {
  packages: "fewer",
  trades: "nothing",
  files: { ...sizes, added: everything, metadata: everything, type: everything },
  config: /^(?:env |label )/,
  growth: 4096,
};
/** The last stage stands on another base, and what describes the image is said again there. */
const splitting: Scope = {
  ...slimming,
  packages: "base",
  trades: "base",
  config: /^(?:env |label |workdir$|volume |port |entrypoint$|cmd$|user$)/,
};
const rebasing: Scope = {
  ...anyScope,
  packages: "base",
  trades: "base",
  config: /^(?:env |label |cmd$|workdir$|volume |port )/,
  growth: 0,
};
/** One program without its supervisor and the services beside it; what lay in root's home lies in a directory of its own. */
const singling: Scope = {
  packages: "fewer",
  trades: "nothing",
  files: { ...sizes, added: /^app(?:\/|$)/, metadata: everything },
  config: /^(?:cmd|entrypoint|volume \/root)$/,
  growth: 0,
};
const ignoring: Scope = {
  packages: "fewer",
  trades: "nothing",
  files: { removed: everything, metadata: everything, ...rebuilt },
  config: nothing,
  growth: 4096,
};
const owning: Scope = {
  packages: "same",
  trades: "nothing",
  files: { metadata: everything, contents: everything, added: accounts, removed: caches },
  config: /^user$/,
  growth: oneLayer,
};
const wording = (config: RegExp): Scope => ({ ...sameScope, config, files: rebuilt, growth: 4096 });

/** By the rule whose fix it is; a fix of a rule that is not here may change nothing but contents that a step writes anew. */
const byRule: ReadonlyMap<string, Scope> = new Map([
  ...named(cleaning, "apt-lists-kept apk-cache-kept dnf-cache-kept yum-cache-kept zypper-cache-kept pip-cache-kept"),
  ...named(
    cleaning,
    "other-cache-left cleanup-in-own-run index-update-alone install-without-update useradd-sparse-lastlog",
  ),
  ...named(
    slimming,
    "apt-recommends weak-deps tools-shipped toolchain-left dev-deps-shipped archive-kept system-upgrade",
  ),
  ...named(slimming, "sudo-in-run ssh-settings-weak secret-in-run secret-file-copied pipe-to-shell"),
  ...named({ ...slimming, growth: oneLayer }, "consecutive-runs deleted-in-later-layer copy-all-before-deps"),
  ...named({ ...slimming, growth: oneLayer }, "broad-copy-churn volatile-arg-early add-instead-of-copy"),
  ...named(splitting, "single-stage-build final-stage-is-sdk composer-shipped"),
  ...named(singling, "init-system-in-container"),
  ...named(rebasing, "base-deprecated base-fat-variant base-latest base-unsupported-tag base-untagged tag-floats"),
  ...named(rebasing, "not-digest-pinned copy-from-untagged base-not-official"),
  ...named(ignoring, "context-too-big dockerignore-missing dockerignore-gap dockerignore-gitignore-habit"),
  ...named(owning, "no-user runs-as-root ownership-copy mode-777 script-not-executable user-not-numeric user-unknown"),
  ...named(owning, "useradd-not-there user-tool-dialect privileged-run-after-user"),
  ...named(wording(/^healthcheck$/), "healthcheck-missing healthcheck-repeated"),
  ...named(wording(/^(?:cmd|entrypoint)$/), "shell-form-command bad-exec-json cmd-repeated entrypoint-repeated"),
  ...named(wording(/^(?:cmd|entrypoint)$/), "npm-start-as-pid1 entrypoint-shell-drops-cmd"),
  ...named(wording(/^env /), "secret-in-env frontend-in-env legacy-key-value"),
  ...named(wording(/^label /), "label-missing label-key-invalid label-invalid maintainer-deprecated"),
  ...named(
    wording(/^port /),
    "expose-ssh risky-expose expose-invalid-format expose-protocol-casing expose-port-invalid",
  ),
  ...named(wording(/^volume /), "volume-system volume-hides-files"),
  ...named({ ...slimming, config: /^workdir$/ }, "workdir-relative workdir-system"),
  ...named({ ...slimming, growth: oneLayer }, "copy-source-missing failure-hidden heredoc-no-errexit"),
]);

function named(scope: Scope, rules: string): [string, Scope][] {
  return rules.split(" ").map((rule) => [rule, scope]);
}

/** What a fix of a rule may do. */
export function scopeOfRule(rule: string): Scope {
  return byRule.get(rule) ?? { ...sameScope, files: rebuilt };
}

/** What several changes may do together. */
export function unionOfScopes(scopes: readonly Scope[]): Scope {
  return scopes.reduce(unite, sameScope);
}

const packages: readonly Scope["packages"][] = ["same", "fewer", "base", "any"];
const trades: readonly Scope["trades"][] = ["nothing", "base", "all"];

function laxer<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) > order.indexOf(b) ? a : b;
}

function unite(a: Scope, b: Scope): Scope {
  const files: Partial<Record<FileChange["change"], RegExp>> = { ...a.files };
  for (const kind of ["added", "removed", "contents", "metadata", "type"] as const)
    files[kind] = either(a.files[kind], b.files[kind]);
  return {
    packages: laxer(packages, a.packages, b.packages),
    trades: laxer(trades, a.trades, b.trades),
    files,
    config: either(a.config, b.config),
    growth: a.growth + b.growth,
  };
}

function either(a: RegExp = nothing, b: RegExp = nothing): RegExp {
  if (a === b || b === nothing) return a;
  return a === nothing ? b : a === everything || b === everything ? everything : new RegExp(`${a.source}|${b.source}`);
}

/** What differs after any rebuild: times and numbers in logs, caches that programs make of other files, backups of databases. */
export const rebuildNoise: RegExp =
  /^(?:var\/log(?:\/|$)|var\/cache\/(?:ldconfig|debconf|man|fontconfig)(?:\/|$)|etc\/ld\.so\.cache$|etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-$|etc\/(?:machine-id|hostname|hosts|resolv\.conf|mtab)$|var\/lib\/(?:dpkg|apt)\/(?:[^/]+-old|extended_states|triggers\/|info\/|status$|available$)|var\/lib\/(?:systemd|ucf|pam|dbus|python)(?:\/|$)|lib\/apk\/db\/|(?:proc|sys|dev|run)(?:\/|$)|usr\/share\/info\/dir$)|(?:^|\/)(?:__pycache__(?:\/|$)|[^/]+\.pyc$|Dockerfile[^/]*$|[^/]*\.Dockerfile$|\.dockerignore$)/;
