import {
  type Dockerfile,
  hasOption,
  operandsOf,
  remembered,
  type RunInstruction,
  type ShellCommand,
  type Word,
} from "../../syntax/index.ts";

export type Manager = "apt" | "apk" | "yum" | "dnf" | "microdnf" | "tdnf" | "zypper" | "pacman";

/** One call of a system package manager. */
export interface ManagerCall {
  readonly manager: Manager;
  readonly command: ShellCommand;
  /** "install", whatever the manager calls it; "update" fetches the index, "upgrade" installs newer packages, "clean" empties caches. */
  readonly does: "install" | "remove" | "update" | "upgrade" | "clean" | "other";
  /** The word that says so. */
  readonly verb: Word | undefined;
  /** Package words behind the verb, options left out. */
  readonly packages: readonly Word[];
}

const managers: ReadonlyMap<string, Manager> = new Map([
  ["apt-get", "apt"],
  ["apt", "apt"],
  ["aptitude", "apt"],
  ["apk", "apk"],
  ["yum", "yum"],
  ["dnf", "dnf"],
  ["dnf5", "dnf"],
  ["microdnf", "microdnf"],
  ["tdnf", "tdnf"],
  ["zypper", "zypper"],
  ["pacman", "pacman"],
]);

/** Options of dnf and its heirs whose next word is their value. */
const dnfValued: ReadonlySet<string> = new Set([
  "-c",
  "-d",
  "-e",
  "-x",
  "-R",
  "--advisory",
  "--comment",
  "--config",
  "--destdir",
  "--disableplugin",
  "--disablerepo",
  "--downloaddir",
  "--enableplugin",
  "--enablerepo",
  "--exclude",
  "--excludepkgs",
  "--forcearch",
  "--installroot",
  "--releasever",
  "--repo",
  "--repofrompath",
  "--repoid",
  "--setopt",
]);

/** Options whose next word is their value. */
const valued: Readonly<Partial<Record<Manager, ReadonlySet<string>>>> = {
  apt: new Set([
    "-o",
    "--option",
    "-c",
    "--config-file",
    "-t",
    "--target-release",
    "--default-release",
    "-a",
    "--host-architecture",
    "-S",
    "--snapshot",
  ]),
  apk: new Set([
    "-t",
    "--virtual",
    "-X",
    "--repository",
    "-p",
    "--root",
    "--keys-dir",
    "--repositories-file",
    "--wait",
    "--cache-dir",
    "--arch",
    "--cache-max-age",
    "--progress-fd",
    "--timeout",
  ]),
  yum: dnfValued,
  dnf: dnfValued,
  microdnf: dnfValued,
  tdnf: dnfValued,
  zypper: new Set([
    "-R",
    "--root",
    "-r",
    "--repo",
    "-p",
    "--plus-repo",
    "--from",
    "-t",
    "--type",
    "--cache-dir",
    "-c",
    "--config",
    "--reposd-dir",
    "--installroot",
    "--releasever",
  ]),
};

const verbs: Readonly<Record<string, ManagerCall["does"]>> = {
  install: "install",
  in: "install",
  add: "install",
  reinstall: "install",
  localinstall: "install",
  groupinstall: "install",
  remove: "remove",
  purge: "remove",
  autoremove: "remove",
  autopurge: "remove",
  del: "remove",
  rm: "remove",
  erase: "remove",
  "build-dep": "install",
  upgrade: "upgrade",
  "dist-upgrade": "upgrade",
  "full-upgrade": "upgrade",
  dup: "upgrade",
  patch: "upgrade",
  "system-upgrade": "upgrade",
  update: "update",
  makecache: "update",
  "check-update": "update",
  refresh: "update",
  ref: "update",
  clean: "clean",
  autoclean: "clean",
  cache: "other",
};

/** Calls of system package managers in a RUN, in order. */
export const managerCalls: (run: RunInstruction) => readonly ManagerCall[] = remembered((run) => {
  const calls: ManagerCall[] = [];
  for (const command of run.script.commands) {
    const manager = managers.get(command.name);
    if (manager) calls.push(readCall(manager, command));
  }
  return calls.length === 0 ? none : calls;
});
const none: readonly never[] = [];

function readCall(manager: Manager, command: ShellCommand): ManagerCall {
  const words = operandsOf(command, valued[manager]);
  const [verb, ...packages] = words;
  if (manager === "pacman") {
    const sync = command.args.find((word) => word.raw.startsWith("-S"));
    const does =
      sync === undefined
        ? "other"
        : /c/.test(sync.raw)
          ? "clean"
          : words.length > 0
            ? "install"
            : /u/.test(sync.raw)
              ? "upgrade"
              : /y/.test(sync.raw)
                ? "update"
                : "other";
    return { manager, command, does, verb: sync, packages: words };
  }
  let does: ManagerCall["does"] = verbs[verb?.value ?? ""] ?? "other";
  // What yum and its heirs call update installs newer packages; for apt and apk it fetches the index.
  if (does === "update" && verb?.value === "update" && !["apt", "apk"].includes(manager)) does = "upgrade";
  if (verb?.value === "up" && manager === "zypper") does = "upgrade";
  return { manager, command, does, verb, packages };
}

/** Calls that install packages from an index (not a file that is already there). */
export function installs(run: RunInstruction, manager?: Manager): readonly ManagerCall[] {
  return managerCalls(run).filter(
    (call) => call.does === "install" && (manager === undefined || call.manager === manager),
  );
}

/** A package named by a file or address rather than out of the index. */
export function isLocalPackage(word: Word): boolean {
  const text = word.value ?? word.raw;
  return text.includes("/") && !/^[a-z0-9.+-]+\/[a-z-]+$/.test(text) ? true : /\.(?:deb|rpm|apk)$/.test(text);
}

/** The name in `name=1.2`, `name/suite`, `name~=1`. */
export function packageName(word: Word): string {
  return (word.value ?? word.raw).replace(/[=<>~/:@].*$/, "");
}

/** Whether apt fetches its index afresh by this call: `update`, or `install --update`. */
export function updatesIndex(call: ManagerCall): boolean {
  return (
    call.does === "update" ||
    (call.manager === "apk" && hasOption(call.command, "-U", "--update", "--update-cache", "--no-cache"))
  );
}

/** Whether packages come from a copy of Debian's or Ubuntu's archive as it was on a day: it never changes. */
export function usesSnapshot({ source }: Dockerfile): boolean {
  return /snapshot\.(?:debian|ubuntu)|--snapshot|APT::Snapshot/.test(source.text);
}
