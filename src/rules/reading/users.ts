import { remembered, type ShellCommand, type Word } from "../../syntax/index.ts";

/** The three families of user tools, named for where they come from. */
export type UserDialect = "busybox" | "shadow" | "debian";

/** What one call of useradd, adduser, groupadd, addgroup or usermod -aG is to make. Words keep their quotes and variables. */
export interface UserCreation {
  readonly kind: "user" | "group" | "member";
  readonly dialect: UserDialect;
  readonly command: ShellCommand;
  /** The user, or for kind "group" the group. */
  readonly name: Word;
  readonly system: boolean;
  /** The number asked for: a uid, or for kind "group" a gid. */
  readonly id?: Given | undefined;
  /** A user's main group: one of its own name, or the one named; "nogroup" where the tool takes the group of nobody. */
  readonly primary?: "own" | "nogroup" | "users" | Given;
  /** Further groups (kinds "user" and "member"). */
  readonly groups: readonly Given[];
  readonly home?: Given | undefined;
  readonly createHome: boolean;
  readonly shell?: Given | undefined;
  readonly comment?: Given | undefined;
  readonly skeleton?: Given | undefined;
  /** `-l`, `--no-log-init`. */
  readonly noLogInit: boolean;
  /** Succeeds when the group is there already (`groupadd -f`). */
  readonly force: boolean;
  /** Asks for a password, which a build cannot answer. */
  readonly asksPassword: boolean;
  /** Options that are understood but have no counterpart in other dialects, and options that are not understood. */
  readonly other: readonly string[];
}

/** The value of an option: as written, and as read. */
export interface Given {
  readonly raw: string;
  readonly value?: string | undefined;
}

interface Options {
  /** Short options that stand alone, and those that take a value. */
  readonly flags: string;
  readonly valued: string;
  /** Long name → the short one it means, or a name of its own. */
  readonly long: Readonly<Record<string, string>>;
}

const tables: Readonly<Record<UserDialect, { readonly user: Options; readonly group: Options }>> = {
  busybox: {
    user: {
      flags: "SDHrmM",
      valued: "hgsGukdc",
      long: {
        home: "h",
        gecos: "g",
        shell: "s",
        ingroup: "G",
        system: "S",
        "disabled-password": "D",
        "empty-password": "D",
        "no-create-home": "H",
        uid: "u",
        skel: "k",
      },
    },
    group: { flags: "Srf", valued: "g", long: { gid: "g", system: "S" } },
  },
  shadow: {
    user: {
      flags: "rmMlNUoDF",
      valued: "bcdefgGkKpRPsuZ",
      long: {
        "base-dir": "b",
        comment: "c",
        "home-dir": "d",
        home: "d",
        expiredate: "e",
        inactive: "f",
        gid: "g",
        groups: "G",
        skel: "k",
        key: "K",
        "no-log-init": "l",
        "create-home": "m",
        "no-create-home": "M",
        "no-user-group": "N",
        "non-unique": "o",
        password: "p",
        system: "r",
        root: "R",
        prefix: "P",
        shell: "s",
        uid: "u",
        "user-group": "U",
        "selinux-user": "Z",
        defaults: "D",
      },
    },
    group: {
      flags: "for",
      valued: "gKpRPU",
      long: {
        force: "f",
        gid: "g",
        key: "K",
        "non-unique": "o",
        password: "p",
        system: "r",
        root: "R",
        prefix: "P",
        users: "U",
      },
    },
  },
  debian: {
    user: {
      flags: "q",
      valued: "",
      long: {
        system: "system",
        home: "home=",
        shell: "shell=",
        "no-create-home": "no-home",
        uid: "uid=",
        gecos: "gecos=",
        comment: "gecos=",
        ingroup: "ingroup=",
        gid: "ingroup=",
        group: "group",
        "disabled-password": "disabled",
        "disabled-login": "no-login",
        quiet: "q",
      },
    },
    group: { flags: "q", valued: "", long: { system: "system", gid: "uid=", group: "group", quiet: "q" } },
  },
};

interface Parsed {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, Given>;
  readonly operands: readonly Word[];
  readonly other: readonly string[];
}

function parseOptions(words: readonly Word[], { flags, valued, long }: Options): Parsed {
  const set = new Set<string>();
  const values = new Map<string, Given>();
  const operands: Word[] = [];
  const other: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word) break;
    const text = word.value ?? word.raw;
    if (text === "--") {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (text.startsWith("--")) {
      const equals = text.indexOf("=");
      const name = text.slice(2, equals < 0 ? undefined : equals);
      let meaning = Object.hasOwn(long, name) ? long[name] : undefined;
      if (meaning === undefined) {
        other.push(`--${name}`);
        continue;
      }
      const takes = meaning.endsWith("=") || (meaning.length === 1 && valued.includes(meaning));
      meaning = meaning.replace("=", "");
      if (!takes) set.add(meaning);
      else if (equals >= 0) values.set(meaning, tail(word, word.raw.indexOf("=") + 1));
      else {
        i++;
        const next = words[i];
        if (next) values.set(meaning, next);
        else other.push(text);
      }
    } else if (text.startsWith("-") && text.length > 1) {
      for (let at = 1; at < text.length; at++) {
        const letter = text.charAt(at);
        if (valued.includes(letter)) {
          const next = at + 1 < text.length ? tail(word, word.raw.indexOf(letter, at) + 1) : words[++i];
          if (next) values.set(letter, next);
          else other.push(`-${letter}`);
          break;
        }
        if (flags.includes(letter)) set.add(letter);
        else other.push(`-${letter}`);
      }
    } else operands.push(word);
  }
  return { flags: set, values, operands, other };
}

/** What of a word stands behind `offset` of its raw text (`5` of `--uid=5`). */
function tail(word: Word, offset: number): Given {
  const raw = word.raw.slice(offset);
  const cut = word.raw.slice(0, offset);
  const value = word.value?.startsWith(cut) ? word.value.slice(cut.length) : undefined;
  return { raw, value };
}

const busyboxUserLetters = /^-[A-Za-z]*[SDHh]/;
const shadowUserLetters = /^-[A-Za-z]*[rmMdclNUbo]/;

/**
 * The dialect a call of adduser or addgroup is written in. Letters of one family only decide; `--long` options without
 * any are Debian's.
 */
export function dialectOf(command: ShellCommand): UserDialect {
  const name = command.name;
  if (name === "useradd" || name === "groupadd" || name === "usermod") return "shadow";
  let short = false;
  let shadow = false;
  for (const word of command.args) {
    const text = word.value ?? word.raw;
    if (!text.startsWith("-") || text.startsWith("--") || text.length < 2) continue;
    if (busyboxUserLetters.test(text)) return "busybox";
    if (shadowUserLetters.test(text)) shadow = true;
    else if (text !== "-q") short = true;
  }
  if (shadow) return "shadow";
  if (short) return "busybox";
  return "debian";
}

const creators = new Set(["useradd", "adduser", "groupadd", "addgroup", "usermod"]);

/** Whether a command is one that `readCreation` looks at. */
export function isUserTool(name: string): boolean {
  return creators.has(name);
}

/**
 * What a command creates, read in the dialect given or else the one it is written in; undefined when it creates nothing
 * that can be told.
 */
export function readCreation(command: ShellCommand, as?: UserDialect): UserCreation | undefined {
  if (!creators.has(command.name)) return undefined;
  return as === undefined ? asWritten(command).creation : readAs(command, as);
}

const asWritten = remembered((command: ShellCommand) => ({ creation: readAs(command) }));

function readAs(command: ShellCommand, as?: UserDialect): UserCreation | undefined {
  const dialect = as ?? dialectOf(command);
  const forGroup = command.name === "groupadd" || command.name === "addgroup";
  const parsed = parseOptions(command.args, tables[dialect][forGroup ? "group" : "user"]);
  const [name, second] = parsed.operands;
  if (command.name === "usermod") return readMembership(command);
  if (!name || parsed.operands.length > 2) return undefined;
  const base = { dialect, command, noLogInit: parsed.flags.has("l"), force: parsed.flags.has("f") };
  if (second) {
    if (command.name !== "adduser" && command.name !== "addgroup") return undefined;
    return { ...base, ...nothing, kind: "member", name, groups: [second], other: parsed.other };
  }
  const other = [...parsed.other, ...untranslatable.filter((one) => dialect === "shadow" && has(parsed, one))];
  if (dialect === "shadow" && !forGroup && parsed.values.has("f")) other.push("-f");
  const system = parsed.flags.has("S") || parsed.flags.has("r") || parsed.flags.has("system");
  if (forGroup || (dialect === "debian" && parsed.flags.has("group") && !system))
    return {
      ...base,
      ...nothing,
      kind: "group",
      name,
      system,
      id: parsed.values.get("g") ?? parsed.values.get("uid"),
      other: forGroup && dialect === "shadow" && parsed.values.has("U") ? [...other, "-U"] : other,
    };
  return { ...base, kind: "user", name, system, other, ...userOf(parsed, dialect, name, system) };
}

const untranslatable: readonly string[] = ["e", "K", "p", "R", "P", "Z", "D", "o", "F"];

function has(parsed: Parsed, letter: string): boolean {
  return parsed.flags.has(letter) || parsed.values.has(letter);
}

const nothing = { system: false, groups: [], createHome: false, asksPassword: false } as const;

function userOf({ flags, values }: Parsed, dialect: UserDialect, name: Word, system: boolean) {
  if (dialect === "busybox")
    return {
      id: values.get("u"),
      primary: values.get("G") ?? (system ? ("nogroup" as const) : ("own" as const)),
      groups: [],
      home: values.get("h") ?? values.get("d"),
      createHome: !flags.has("H") && !flags.has("M"),
      shell: values.get("s"),
      comment: values.get("g") ?? values.get("c"),
      skeleton: values.get("k"),
      asksPassword: !flags.has("D") && !system,
    };
  if (dialect === "debian") {
    const home = values.get("home");
    return {
      id: values.get("uid"),
      primary: values.get("ingroup") ?? (system && !flags.has("group") ? ("nogroup" as const) : ("own" as const)),
      groups: [],
      home: home ?? (system ? { raw: "/nonexistent", value: "/nonexistent" } : undefined),
      createHome: !flags.has("no-home") && (!system || home !== undefined),
      // Since Debian 12 an account that nobody may log in to gets a shell that says so.
      shell: values.get("shell") ?? (system || flags.has("no-login") ? noLogin : undefined),
      comment: values.get("gecos"),
      skeleton: undefined,
      asksPassword: !flags.has("disabled") && !flags.has("no-login") && !system,
    };
  }
  const baseDirectory = values.get("b");
  return {
    id: values.get("u"),
    primary: values.get("g") ?? (flags.has("N") ? ("users" as const) : ("own" as const)),
    groups: listOf(values.get("G")),
    home: values.get("d") ?? (baseDirectory ? joined(baseDirectory, name) : undefined),
    createHome: flags.has("m") && !flags.has("M"),
    shell: values.get("s"),
    comment: values.get("c"),
    skeleton: values.get("k"),
    asksPassword: false,
  };
}

const noLogin: Given = { raw: "/usr/sbin/nologin", value: "/usr/sbin/nologin" };

function joined(directory: Given, name: Word): Given {
  const value =
    directory.value !== undefined && name.value !== undefined ? `${directory.value}/${name.value}` : undefined;
  return { raw: value ?? `${directory.raw}/${name.raw}`, value };
}

function listOf(given: Given | undefined): readonly Given[] {
  if (!given) return [];
  if (given.value === undefined) return given.raw.includes(",") ? [] : [given];
  return given.value
    .split(",")
    .filter((one) => one !== "")
    .map((one) => ({ raw: one, value: one }));
}

/** `usermod -aG a,b user`; other uses of usermod change more than membership. */
function readMembership(command: ShellCommand): UserCreation | undefined {
  const options: Options = { flags: "a", valued: "G", long: { append: "a", groups: "G" } };
  const parsed = parseOptions(command.args, options);
  const [name] = parsed.operands;
  if (!name || parsed.operands.length !== 1) return undefined;
  const groups = listOf(parsed.values.get("G"));
  const other = parsed.flags.has("a") && groups.length > 0 ? parsed.other : [...parsed.other, "usermod"];
  return {
    ...nothing,
    kind: "member",
    dialect: "shadow",
    command,
    name,
    groups,
    noLogInit: false,
    force: false,
    other,
  };
}

const strict: Readonly<Record<"busybox" | "debian" | "rhel", Readonly<Record<"user" | "group", RegExp>>>> = {
  busybox: {
    user: /^(?!-[SDH]*(?:[hgsGuk].*)?$|--(?:home|gecos|shell|ingroup|system|disabled-password|empty-password|no-create-home|uid|skel)(?:=|$))/,
    group: /^(?!-S*(?:g.*)?$|--(?:gid|system)(?:=|$))/,
  },
  // Getopt::Long takes any unambiguous beginning of an option, with one dash too, and does not mind case.
  debian: {
    user: /^-(?:[SDHhGgskrmMdcNlUbo]$|[SDHrmMG][A-Za-z])|^--(?:create-home|home-dir|user-group|no-user-group|no-log-init|skel|empty-password|groups|password)(?:=|$)/,
    group: /^-(?:[SgrGfoh]$|[SrG][A-Za-z])|^--(?:force|non-unique)$/,
  },
  rhel: {
    user: /^-[A-Za-z]*[SDHh]|^--(?:gecos|disabled-password|disabled-login|empty-password|ingroup|group|quiet)(?:=|$)/,
    group: /^$/,
  },
};

/** The options of an adduser or addgroup that the tool of that name in such a base does not take as meant. */
export function misreadOptions(command: ShellCommand, base: "busybox" | "debian" | "rhel"): readonly Word[] {
  const pattern = strict[base][command.name === "addgroup" ? "group" : "user"];
  const found: Word[] = [];
  for (const word of command.args) {
    const text = word.value ?? word.raw;
    if (text === "--") break;
    if (text.startsWith("-") && text.length > 1 && pattern.test(text)) found.push(word);
  }
  return found;
}
