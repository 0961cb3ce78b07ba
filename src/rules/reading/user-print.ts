import type { Given, UserCreation } from "./users.ts";

/**
 * The commands that make the same user or group with the tools of another base: same name, ids, main and further groups,
 * home and shell. Where the original leaves a number to its tool, so does the translation. Undefined where an option has
 * no counterpart.
 * @param nobodyGroup the group of nobody there: "nogroup" on Debian and Alpine, "nobody" on RHEL
 */
export function printCreation(
  creation: UserCreation,
  target: "busybox" | "shadow",
  nobodyGroup = "nogroup",
): readonly string[] | undefined {
  if (creation.other.length > 0) return undefined;
  if (target === "shadow") return toShadow(creation, nobodyGroup);
  return toBusybox(creation);
}

function toShadow(creation: UserCreation, nobodyGroup: string): readonly string[] {
  const { kind, name, system, id, groups, primary } = creation;
  if (kind === "member") return [`usermod -aG ${groups.map((one) => one.raw).join(",")} ${name.raw}`];
  if (kind === "group")
    return [words("groupadd", creation.force && "-f", system && "-r", id && ["-g", id.raw], [name.raw])];
  const before: string[] = [];
  let group: string | undefined;
  if (primary === "nogroup") group = nobodyGroup;
  else if (primary === "users") group = "users";
  else if (typeof primary === "object") group = primary.raw;
  else if (id && creation.dialect !== "shadow" && !followsUid(id, system)) {
    before.push(words("groupadd", system && "-r", ["-g", id.raw], [name.raw]));
    group = name.raw;
  }
  const sparse = creation.noLogInit || Number(id?.value) >= 100_000;
  const user = words(
    "useradd",
    system && "-r",
    id && ["-u", id.raw],
    group !== undefined && ["-g", group],
    groups.length > 0 && ["-G", groups.map((one) => one.raw).join(",")],
    creation.home && ["-d", creation.home.raw],
    creation.createHome ? "-m" : "-M",
    shellFor(creation),
    creation.comment && ["-c", creation.comment.raw],
    creation.skeleton && ["-k", creation.skeleton.raw],
    sparse && "--no-log-init",
    [name.raw],
  );
  return [...before, user];
}

/** Whether shadow gives a group made with a user the uid's number: within the range of its kind only. */
function followsUid(id: Given, system: boolean): boolean {
  const uid = /^\d{1,9}$/.test(id.value ?? "") ? Number(id.value) : -1;
  return system ? uid > 100 && uid < 1000 : uid >= 1000 && uid <= 60_000;
}

function shellFor({ shell, dialect, system }: UserCreation): readonly string[] | false {
  if (shell) return ["-s", shell.raw];
  if (dialect === "shadow") return false;
  if (system) return ["-s", "/usr/sbin/nologin"];
  return dialect === "debian" && ["-s", "/bin/bash"];
}

/** Directories that are in every image, so that a home can be made in them. */
const usualParents = new Set(["", "/home", "/opt", "/srv", "/var", "/usr", "/usr/local", "/tmp", "/var/lib", "/root"]);

function toBusybox(creation: UserCreation): readonly string[] | undefined {
  const { kind, name, system, id, groups, primary, home, createHome, dialect } = creation;
  if (kind === "member") return groups.map((one) => `addgroup ${name.raw} ${groupName(one)}`);
  if (kind === "group") {
    const group = words("addgroup", system && "-S", id && ["-g", id.raw], [name.raw]);
    return creation.force ? [`{ getent group ${name.raw} > /dev/null || ${group}; }`] : [group];
  }
  const before: string[] = [];
  const after = groups.map((one) => `addgroup ${name.raw} ${groupName(one)}`);
  let group: string | undefined;
  if (typeof primary === "object") group = groupName(primary);
  else if (primary === "users" || (primary === "nogroup" && !system)) group = primary;
  else if (primary === "own" && system) {
    const same = id !== undefined && (dialect === "debian" || followsUid(id, true));
    before.push(words("addgroup", "-S", same && ["-g", id.raw], [name.raw]));
    group = name.raw;
  }
  if (createHome && home) {
    const slash = home.raw.lastIndexOf("/");
    const parent = home.raw.slice(0, slash);
    if (/["'`]/.test(home.raw)) {
      if (!/^(["'])\/[^/]*\/?[^/]*\1$/.test(home.raw)) return undefined;
    } else if (slash > 0 && !usualParents.has(parent)) before.push(`mkdir -p ${parent}`);
  }
  // Debian keeps nologin elsewhere, and where the original did not name it, each base's own is meant.
  const implied = dialect === "debian" && !creation.command.args.some((word) => word.raw.startsWith("--shell"));
  const nologin = system ? undefined : "/sbin/nologin";
  const shell =
    implied && creation.shell
      ? nologin
      : (creation.shell?.raw ?? (dialect === "shadow" && system ? "/bin/sh" : undefined));
  const user = words(
    "adduser",
    system && "-S",
    "-D",
    !createHome && "-H",
    home && ["-h", home.raw],
    shell !== undefined && ["-s", shell],
    group !== undefined && ["-G", group],
    id && ["-u", id.raw],
    creation.comment && ["-g", creation.comment.raw],
    creation.skeleton && ["-k", creation.skeleton.raw],
    [name.raw],
  );
  return [...before, user, ...after];
}

/** BusyBox takes groups by name only. */
function groupName(group: Given): string {
  return /^\d+$/.test(group.value ?? group.raw) ? `"$(getent group ${group.raw} | cut -d: -f1)"` : group.raw;
}

function words(...parts: readonly (string | readonly string[] | false | undefined)[]): string {
  return parts.flatMap((part) => (part === false || part === undefined ? [] : part)).join(" ");
}
