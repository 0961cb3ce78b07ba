import type { BuildContext } from "../../core/index.ts";
import {
  type Dockerfile,
  remembered,
  type RunInstruction,
  shippedInstructions,
  type Word,
} from "../../syntax/index.ts";
import { compilesNothing } from "./compiles.ts";
import { contextCopies } from "./context.ts";
import { contextTexts } from "./context-texts.ts";
import { isToolchain } from "./toolchain.ts";
import { installs, type ManagerCall, managerCalls, packageName } from "./package-managers.ts";

/** Package → words by which anything that uses it would name it. Packages that others use in silence are not among them. */
const users: Readonly<Record<string, string>> = {
  curl: "curl",
  wget: "wget",
  gnupg: "gpg gpgv gpg2 apt-key dirmngr gnupg gpgme python-gnupg",
  gnupg2: "gpg gpgv gpg2 apt-key dirmngr gnupg gpgme python-gnupg",
  unzip: "unzip zipinfo",
  zip: "zip",
  jq: "jq",
  rsync: "rsync",
  git: "git simple-git GitPython go npm yarn pnpm pip pip3 poetry uv composer bundle cargo pre-commit",
  "python3-pip": "pip pip3",
  "py3-pip": "pip pip3",
  "postgresql-client":
    "psql pg_dump pg_dumpall pg_restore pg_isready createdb dropdb vacuumdb dbbackup django-dbbackup",
  "default-mysql-client": "mysql mysqldump mysqladmin mariadb",
  "mysql-client": "mysql mysqldump mysqladmin mariadb",
  "mariadb-client": "mysql mysqldump mysqladmin mariadb mariadb-dump mariadb-admin",
  "redis-tools": "redis-cli redis-benchmark",
  "lsb-release": "lsb_release",
  "software-properties-common": "add-apt-repository",
};

/** The same for tools of people at a terminal; libraries that call them in silence are named too. */
const terminalTools: Readonly<Record<string, string>> = {
  vim: "vim vi vimdiff view ex",
  "vim-tiny": "vim vi view ex",
  nano: "nano rnano editor",
  emacs: "emacs",
  "emacs-nox": "emacs",
  mc: "mc mcedit",
  sudo: "sudo visudo",
  gdb: "gdb gcore",
  strace: "strace",
  ltrace: "ltrace",
  valgrind: "valgrind",
  netcat: "nc netcat ncat",
  "netcat-openbsd": "nc netcat",
  "netcat-traditional": "nc netcat",
  nmap: "nmap ncat nping",
  socat: "socat",
  tcpdump: "tcpdump",
  telnet: "telnet",
  "net-tools": "ifconfig netstat route arp find-process",
  "iputils-ping": "ping",
  dnsutils: "dig nslookup nsupdate host",
  "bind-tools": "dig nslookup nsupdate host",
  iproute2: "ip ss tc bridge",
  traceroute: "traceroute",
  htop: "htop",
  iotop: "iotop",
  lsof: "lsof find-process kill-port fkill",
  screen: "screen",
  tmux: "tmux",
  "man-db": "man",
  less: "less",
  procps:
    "ps top free pgrep pkill pidof vmstat watch sysctl uptime kill tree-kill pidusage ps-list find-process nodemon",
  tree: "tree",
};

export interface UnusedPackage {
  readonly run: RunInstruction;
  readonly call: ManagerCall;
  readonly word: Word;
  readonly name: string;
}

export interface UnusedPackages {
  readonly packages: readonly UnusedPackage[];
  /** Their words, for rules that come to one by another way. */
  readonly words: ReadonlySet<Word>;
  /** Whether programs take part that cannot be read here: an archive's, another stage's, a health check's of a service. */
  readonly unread: boolean;
}

/** Whether a package is one whose absence of callers can be seen, other than tools for terminals and compilers. */
export function isCallable(name: string): boolean {
  return Object.hasOwn(users, name);
}

const answers = remembered<Dockerfile, { context?: BuildContext | undefined; answer?: UnusedPackages }>(() => ({}));

/** Packages the shipped stages install and nothing that can be read here calls. */
export function unusedPackages(dockerfile: Dockerfile, context: BuildContext | undefined): UnusedPackages {
  const kept = answers(dockerfile);
  if (kept.answer === undefined || kept.context !== context) {
    kept.context = context;
    kept.answer = findUnused(dockerfile, context);
  }
  return kept.answer;
}
const nothing: UnusedPackages = { packages: [], words: new Set(), unread: false };

function findUnused(dockerfile: Dockerfile, context: BuildContext | undefined): UnusedPackages {
  const wanted = shippedInstructions(dockerfile, "RUN").flatMap((run) =>
    installs(run).flatMap((call) =>
      call.packages
        .map((word) => ({ run, call, word, name: packageName(word) }))
        .filter(({ name }) => programsOf(name) !== undefined || isToolchain(name)),
    ),
  );
  if (wanted.length === 0) return nothing;
  const copies = contextCopies(dockerfile).length > 0;
  const texts = copies ? context && contextTexts(context)?.map(({ text }) => text) : [];
  if (!texts) return nothing;
  const rest = withoutInstalls(dockerfile).text;
  const removed = new Set(
    shippedInstructions(dockerfile, "RUN").flatMap((run) =>
      managerCalls(run).flatMap((call) => (call.does === "remove" ? call.packages.map(packageName) : [])),
    ),
  );
  const removing = new Set(
    shippedInstructions(dockerfile, "RUN").filter((run) => managerCalls(run).some((call) => call.does === "remove")),
  );
  const called = new Map<string, boolean>();
  const packages = wanted.filter(({ run, name }) => {
    if (removed.has(name) || removing.has(run)) return false;
    const programs = programsOf(name);
    if (programs === undefined) return compilesNothing(dockerfile, context);
    const before = called.get(name);
    if (before !== undefined) return !before;
    const program = patternOf(name, programs);
    const found = program.test(rest) || texts.some((text) => program.test(text));
    called.set(name, found);
    return !found;
  });
  return {
    packages,
    words: new Set(packages.map(({ word }) => word)),
    unread: bringsUnread(dockerfile) || hidesServices(context),
  };
}

const patterns = new Map<string, RegExp>();

/** Any of the programs as a word; made once for each package of the tables. */
function patternOf(name: string, programs: string): RegExp {
  const made = patterns.get(name) ?? new RegExp(`(?<![\\w.-])(?:${programs.replaceAll(" ", "|")})(?![\\w-])`);
  patterns.set(name, made);
  return made;
}

function programsOf(name: string): string | undefined {
  return Object.hasOwn(users, name)
    ? users[name]
    : Object.hasOwn(terminalTools, name)
      ? terminalTools[name]
      : undefined;
}

/** The Dockerfile without the words of its installations. */
const withoutInstalls = remembered((dockerfile: Dockerfile) => {
  const { text } = dockerfile.source;
  let rest = "";
  let at = 0;
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== "RUN") continue;
    for (const { command } of managerCalls(instruction)) {
      if (command.range.start < at) continue;
      rest += text.slice(at, command.range.start);
      at = command.range.end;
    }
  }
  return { text: (rest + text.slice(at)).replaceAll(/^[ \t]*#.*$/gm, "") };
});

/** Whether files that start containers lie there and are kept from the build: their health checks may call a program. */
function hidesServices(context: BuildContext | undefined): boolean {
  return (
    context?.files.some(({ path, ignored }) => ignored && /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(path)) ===
    true
  );
}

function bringsUnread(dockerfile: Dockerfile): boolean {
  const fromElsewhere = (["COPY", "ADD"] as const).some((keyword) =>
    shippedInstructions(dockerfile, keyword).some(
      ({ flags, sources }) =>
        flags.some(({ name }) => name === "from") ||
        sources.some(({ value }) => value === undefined || /:\/\/|\.(?:tar|t[gbx]z|zip|gz|xz|bz2)\b/.test(value)),
    ),
  );
  return fromElsewhere || shippedInstructions(dockerfile, "RUN").some(unpacks);
}

function unpacks({ script }: RunInstruction): boolean {
  return ["tar", "unzip", "curl", "wget"].some((name) => script.named(name).length > 0);
}
