import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createKnown } from "../../src/engine/known.ts";
import { fixText } from "../../src/remedy/index.ts";
import { defaultSitePolicy } from "../../src/rules/index.ts";
import { userToolDialect, useraddNotThere } from "../../src/rules/list.ts";

/** The user tools of real images are the judge: what a translated command makes there must be what the original makes at home. */
const alpine = "alpine:3.20";
const bookworm = "debian:bookworm";
const trixie = "debian:trixie-slim";

const reason = whyNot();
if (reason) console.warn(`user-dialect: skipped, ${reason}`);

/** `@` is the number of the case: names and ids are its own. */
const busyboxCases: readonly string[] = [
  "adduser -D u@",
  "adduser -S u@",
  "adduser -D -H u@",
  "adduser -SDH u@",
  "addgroup -S g@ && adduser -S -G g@ u@",
  "addgroup -g 20@ g@ && adduser -u 20@ -G g@ -s /bin/sh -D u@",
  "addgroup -S -g 4@ g@ && adduser -S -D -H -u 4@ -G g@ -s /sbin/nologin u@",
  "adduser -D -h /opt/u@ -u 30@ u@",
  "adduser -D -h /srv/u@ -g 'A user, really' -s /bin/false u@",
  "adduser -D -u 3@ u@",
  "adduser -D -u 1@000 u@",
  "addgroup -S g@; adduser -D u@; addgroup u@ g@",
  "addgroup -S g@; adduser -D u@; adduser u@ g@",
  "adduser -S -D u@ -G audio",
  "adduser -SDHu6@ -Gaudio -s/bin/sh u@",
  "true && adduser -D u@ || exit 1",
  "U=u@; adduser -D -u 50@ $U",
];

const shadowCases: readonly string[] = [
  "useradd u@",
  "useradd -m u@",
  "useradd -r u@",
  "useradd -M -s /usr/sbin/nologin u@",
  "useradd -r -u 4@ u@",
  "groupadd -g 20@ g@ && useradd -u 20@ -g g@ -m -s /bin/sh u@",
  "groupadd -g 20@ g@ && useradd --uid 20@ --gid 20@ --create-home u@",
  "groupadd -r -g 4@ g@ && useradd -r -u 4@ -g g@ -M -d /nonexistent -s /usr/sbin/nologin --no-log-init u@",
  "groupadd --system g@; useradd --system --gid=g@ --home-dir /opt/u@ --shell=/bin/false u@",
  "useradd -N u@",
  "useradd -rm -d /opt/deep/er/u@ -c 'A user' u@",
  "groupadd g@; useradd -u 50@ -G audio,g@ u@",
  "groupadd g@; useradd u@; usermod -aG g@,video u@",
  "groupadd g@; useradd u@; usermod -a -G g@ u@",
  "groupadd -f g@; groupadd -f g@",
  "useradd -b /srv -m u@",
  "useradd -u 60@ -U u@ || exit 1",
  "if true; then groupadd g@; useradd -g g@ -l u@; fi",
];

const debianCases: readonly string[] = [
  "adduser --system --group u@",
  "adduser --system u@",
  "adduser --disabled-login --gecos '' u@",
  "adduser --quiet --disabled-password --gecos '' --uid 20@ u@",
  "addgroup --system --quiet g@ && adduser --quiet --system --ingroup g@ --no-create-home u@",
  "addgroup --gid 20@ g@ && adduser --uid 20@ --gid 20@ --disabled-password --gecos '' u@",
  "adduser --quiet --system --home /opt/u@ --shell /bin/sh --group u@",
  "adduser --quiet --system --uid 4@ --group u@",
];

describe.skipIf(reason !== undefined)("a user made with translated commands", { timeout: 60_000 }, () => {
  it.each([
    ["BusyBox's on Debian 12", busyboxCases, randomBusybox, alpine, bookworm],
    ["BusyBox's on Debian 13", busyboxCases, randomBusybox, alpine, trixie],
    ["shadow's on Alpine", shadowCases, randomShadow, bookworm, alpine],
    ["Debian's adduser on Alpine", debianCases, randomDebian, bookworm, alpine],
    ["Debian's adduser on Debian 13", debianCases, randomDebian, bookworm, trixie],
  ] as const)("is the user the original makes at home: %s", (_, table, random, home, away) => {
    const rand = mulberry(20);
    const commands = [...table, ...Array.from({ length: 25 }, () => random(rand))].map((text, i) =>
      text.replaceAll("@", String(i + 10)),
    );
    const translated = commands.map((command) => translate(command, away));
    const wanted = run(home, commands);
    const made = run(away, translated);
    for (let i = 0; i < commands.length; i++) {
      // What both tools understand is left as it is, though they may fill in other defaults.
      if (commands[i] === translated[i]) {
        expect(made.status[i], commands[i]).toBe(0);
        continue;
      }
      const number = i + 10;
      const command = commands[i] ?? "";
      const told = `${command}\n  => ${translated[i]}`;
      expect(made.status[i], told).toBe(wanted.status[i]);
      for (const name of [`u${number}`, `g${number}`])
        expect([told, describeOne(made, name, command)]).toEqual([told, describeOne(wanted, name, command)]);
    }
  });
});

function translate(command: string, image: string): string {
  const head = `FROM ${image}\nRUN `;
  const known = createKnown(defaultSitePolicy, () => undefined);
  const { texts } = fixText({ path: "Dockerfile", text: `${head}${command}\n` }, (dockerfile) => [
    ...userToolDialect.check({ dockerfile }, known),
    ...useraddNotThere.check({ dockerfile }, known),
  ]);
  return (texts.get("Dockerfile") ?? "").slice(head.length).trimEnd();
}

interface Accounts {
  readonly status: readonly number[];
  /** name → fields of /etc/passwd */
  readonly users: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly homes: ReadonlySet<string>;
}

function run(image: string, commands: readonly string[]): Accounts {
  const script = [
    ...commands.map((command) => `( ${command} ) < /dev/null > /dev/null 2>&1\necho status $?`),
    "cat /etc/passwd; echo ----; cat /etc/group; echo ----",
    'cut -d: -f1,6 /etc/passwd | while IFS=: read -r name home; do [ -d "$home" ] && echo "$name"; done',
  ].join("\n");
  const { stdout } = spawnSync(
    "docker",
    ["run", "--rm", "-i", "--network", "none", "--entrypoint", "sh", image, "-s"],
    { input: script, encoding: "utf8", timeout: 50_000 },
  );
  const lines = stdout.split("\n");
  const status = lines.filter((line) => line.startsWith("status ")).map((line) => Number(line.slice(7)));
  const [passwd, groups, homes] = lines
    .filter((line) => line !== "" && !line.startsWith("status "))
    .join("\n")
    .split("----\n");
  const read = (text: string | undefined) =>
    new Map((text ?? "").split("\n").map((line) => [line.split(":")[0] ?? "", line.split(":")] as const));
  return { status, users: read(passwd), groups: read(groups), homes: new Set((homes ?? "").split("\n")) };
}

/** What must agree of a user and of a group. A number that nobody asked for is only held to its range. */
function describeOne({ users, groups, homes }: Accounts, name: string, command: string): unknown {
  const group = groups.get(name);
  const user = users.get(name);
  const number = (id: string | undefined): string =>
    id === undefined || new RegExp(`(?<!\\d)${id}(?!\\d)`).test(command)
      ? String(id)
      : Number(id) < 1000
        ? "system"
        : "user";
  if (!user) return { group: group && number(group[2]) };
  const main = [...groups.values()].find((one) => one[2] === user[3]);
  const implied = !/(?<![-\w])-s|--shell/.test(command);
  const shell = (user[6] ?? "").replace("/usr/sbin/nologin", "/sbin/nologin");
  return {
    uid: number(user[2]),
    // The number of a group made along with its user is the tool's choice, unless the tool promises the uid.
    main: main?.[0],
    gid:
      main?.[0] === "nogroup" ? "nobody's" : main?.[0] === name && !asksForGroup(command) ? "own" : number(main?.[2]),
    home: user[5],
    homeThere: homes.has(name),
    shell: implied ? shell.replace(/\/bin\/(?:ba)?sh$/, "the usual") : shell,
    further: [...groups.values()]
      .filter((one) => one !== main && (one[3] ?? "").split(",").includes(name))
      .map(([one]) => one)
      .filter((one) => one !== "users")
      .sort((a = "", b = "") => (a < b ? -1 : 1)),
  };
}

/** BusyBox's and Debian's adduser promise a user's own group the number of the uid asked for; useradd does not. */
function asksForGroup(command: string): boolean {
  return command.includes("adduser") && /-u|--uid/.test(command);
}

type Random = () => number;

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function shuffled(random: Random, parts: readonly string[]): string {
  return parts
    .map((part) => [random(), part] as const)
    .sort(([a], [b]) => a - b)
    .map(([, part]) => part)
    .filter((part) => part !== "")
    .join(" ");
}

function randomBusybox(random: Random): string {
  const group = pick(random, ["", "", "addgroup -S g@ && ", "addgroup -g 21@ g@ && ", "addgroup -S -g 5@ g@ && "]);
  const options = shuffled(random, [
    pick(random, ["-D", "-S", "-S -D", "-DH", "-SDH", "-D -H"]),
    group === "" ? pick(random, ["", "", "-G video"]) : pick(random, ["-G g@", "-Gg@"]),
    pick(random, ["", "", "-u 31@", "-u 6@", "-u80@"]),
    pick(random, ["", "", "-h /opt/u@", "-h /var/lib/u@"]),
    pick(random, ["", "-s /bin/sh", "-s /sbin/nologin", "-s /bin/false"]),
    pick(random, ["", "-g ''", '-g "Some One"']),
  ]);
  return `${group}adduser ${options} u@`;
}

function randomShadow(random: Random): string {
  const group = pick(random, ["", "", "groupadd -r g@ && ", "groupadd -g 21@ g@ && ", "groupadd --gid=21@ g@; "]);
  const numeric = group.includes("21@");
  const options = shuffled(random, [
    pick(random, ["", "", "-r", "--system"]),
    group === ""
      ? pick(random, ["", "-N", "-g video", "-U"])
      : pick(random, ["-g g@", "--gid g@", numeric ? "-g 21@" : "-gg@"]),
    pick(random, ["", "-u 31@", "--uid=32@", "-u 6@"]),
    pick(random, ["", "-m", "-M", "--no-create-home", "--create-home"]),
    pick(random, ["", "", "-d /opt/u@", "--home-dir=/var/lib/u@", "--home /deep/in/u@"]),
    pick(random, ["", "-s /bin/sh", "--shell /usr/sbin/nologin", "--shell=/bin/false"]),
    pick(random, ["", "", "-G audio", "-G audio,tty", "--groups tty"]),
    pick(random, ["", "-l", "--no-log-init", "-c ''", '--comment "Some One"']),
  ]);
  return `${group}useradd ${options} u@`;
}

function randomDebian(random: Random): string {
  const system = random() < 0.5;
  const group = pick(random, ["", "", "addgroup --quiet --gid 21@ g@ && ", "addgroup --quiet --system g@ && "]);
  const options = shuffled(random, [
    system ? "--system" : "--disabled-password --gecos ''",
    "--quiet",
    group === "" ? (system ? pick(random, ["", "--group"]) : "") : "--ingroup g@",
    pick(random, ["", system ? "--uid 6@" : "--uid 31@"]),
    pick(random, ["", "--no-create-home"]),
    pick(random, ["", "--home /opt/u@", "--home /deep/in/u@"]),
    pick(random, ["", "--shell /bin/sh", "--shell /bin/false"]),
  ]);
  return `${group}adduser ${options} u@`;
}

function mulberry(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function whyNot(): string | undefined {
  const found = spawnSync("docker", ["image", "inspect", "--format", "x", alpine, bookworm, trixie], {
    encoding: "utf8",
    timeout: 10_000,
  });
  if (found.error) return "there is no docker client";
  return found.status === 0 ? undefined : `no engine answers that has ${alpine}, ${bookworm} and ${trixie}`;
}
