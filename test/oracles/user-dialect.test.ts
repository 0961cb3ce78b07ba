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

/** `N` is the number of the case: names and ids are its own. */
const busyboxCases: readonly string[] = [
  "adduser -D uN",
  "adduser -S uN",
  "adduser -D -H uN",
  "adduser -SDH uN",
  "addgroup -S gN && adduser -S -G gN uN",
  "addgroup -g 20N gN && adduser -u 20N -G gN -s /bin/sh -D uN",
  "addgroup -S -g 4N gN && adduser -S -D -H -u 4N -G gN -s /sbin/nologin uN",
  "adduser -D -h /opt/uN -u 30N uN",
  "adduser -D -h /srv/uN -g 'A user, really' -s /bin/false uN",
  "adduser -D -u 3N uN",
  "adduser -D -u 70N000 uN",
  "addgroup -S gN; adduser -D uN; addgroup uN gN",
  "addgroup -S gN; adduser -D uN; adduser uN gN",
  "adduser -S -D uN -G audio",
  "adduser -SDHu6N -Gaudio -s/bin/sh uN",
  "true && adduser -D uN || exit 1",
  "U=uN; adduser -D -u 50N $U",
];

const shadowCases: readonly string[] = [
  "useradd uN",
  "useradd -m uN",
  "useradd -r uN",
  "useradd -M -s /usr/sbin/nologin uN",
  "useradd -r -u 4N uN",
  "groupadd -g 20N gN && useradd -u 20N -g gN -m -s /bin/sh uN",
  "groupadd -g 20N gN && useradd --uid 20N --gid 20N --create-home uN",
  "groupadd -r -g 4N gN && useradd -r -u 4N -g gN -M -d /nonexistent -s /usr/sbin/nologin --no-log-init uN",
  "groupadd --system gN; useradd --system --gid=gN --home-dir /opt/uN --shell=/bin/false uN",
  "useradd -N uN",
  "useradd -rm -d /opt/deep/er/uN -c 'A user' uN",
  "groupadd gN; useradd -u 50N -G audio,gN uN",
  "groupadd gN; useradd uN; usermod -aG gN,video uN",
  "groupadd gN; useradd uN; usermod -a -G gN uN",
  "groupadd -f gN; groupadd -f gN",
  "useradd -b /srv -m uN",
  "useradd -u 60N -U uN || exit 1",
  "if true; then groupadd gN; useradd -g gN -l uN; fi",
];

const debianCases: readonly string[] = [
  "adduser --system --group uN",
  "adduser --system uN",
  "adduser --disabled-login --gecos '' uN",
  "adduser --quiet --disabled-password --gecos '' --uid 20N uN",
  "addgroup --system --quiet gN && adduser --quiet --system --ingroup gN --no-create-home uN",
  "addgroup --gid 20N gN && adduser --uid 20N --gid 20N --disabled-password --gecos '' uN",
  "adduser --quiet --system --home /opt/uN --shell /bin/sh --group uN",
  "adduser --quiet --system --uid 4N --group uN",
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
      text.replaceAll("N", String(i + 10)),
    );
    const translated = commands.map((command) => translate(command, away));
    const wanted = run(home, commands);
    const made = run(away, translated);
    for (let i = 0; i < commands.length; i++) {
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
    "cut -d: -f1,6 /etc/passwd | while IFS=: read -r name home; do [ -d \"$home\" ] && echo \"$name\"; done",
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
    id === undefined || new RegExp(`(?<!\\d)${id}(?!\\d)`).test(command) ? String(id) : Number(id) < 1000 ? "system" : "user";
  if (!user) return { group: group && number(group[2]) };
  const main = [...groups.values()].find((one) => one[2] === user[3]);
  const implied = !/-s|--shell/.test(command);
  const shell = (user[6] ?? "").replace("/usr/sbin/nologin", "/sbin/nologin");
  return {
    uid: number(user[2]),
    // useradd gives the group of a system user a system id, whatever the uid; so does the translation.
    main: main?.[0],
    gid: main?.[0] === "nogroup" ? "nobody's" : number(main?.[2]),
    home: user[5],
    homeThere: homes.has(name),
    shell: implied ? shell.replace(/\/bin\/(?:ba)?sh$/, "the usual") : shell,
    further: [...groups.values()]
      .filter((one) => one !== main && (one[3] ?? "").split(",").includes(name))
      .map(([one]) => one)
      .filter((one) => one !== "users")
      .sort(),
  };
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
  const group = pick(random, ["", "", "addgroup -S gN && ", "addgroup -g 21N gN && ", "addgroup -S -g 5N gN && "]);
  const options = shuffled(random, [
    pick(random, ["-D", "-S", "-S -D", "-DH", "-SDH", "-D -H"]),
    group === "" ? pick(random, ["", "", "-G video"]) : pick(random, ["-G gN", "-GgN"]),
    pick(random, ["", "", "-u 31N", "-u 6N", "-u80N"]),
    pick(random, ["", "", "-h /opt/uN", "-h /var/lib/uN"]),
    pick(random, ["", "-s /bin/sh", "-s /sbin/nologin", "-s /bin/false"]),
    pick(random, ["", "-g ''", '-g "Some One"']),
  ]);
  return `${group}adduser ${options} uN`;
}

function randomShadow(random: Random): string {
  const group = pick(random, ["", "", "groupadd -r gN && ", "groupadd -g 21N gN && ", "groupadd --gid=21N gN; "]);
  const numeric = group.includes("21N");
  const options = shuffled(random, [
    pick(random, ["", "", "-r", "--system"]),
    group === "" ? pick(random, ["", "-N", "-g video", "-U"]) : pick(random, ["-g gN", "--gid gN", numeric ? "-g 21N" : "-ggN"]),
    pick(random, ["", "-u 31N", "--uid=32N", "-u 6N"]),
    pick(random, ["", "-m", "-M", "--no-create-home", "--create-home"]),
    pick(random, ["", "", "-d /opt/uN", "--home-dir=/var/lib/uN", "--home /deep/in/uN"]),
    pick(random, ["", "-s /bin/sh", "--shell /usr/sbin/nologin", "--shell=/bin/false"]),
    pick(random, ["", "", "-G audio", "-G audio,tty", "--groups tty"]),
    pick(random, ["", "-l", "--no-log-init", "-c ''", '--comment "Some One"']),
  ]);
  return `${group}useradd ${options} uN`;
}

function randomDebian(random: Random): string {
  const system = random() < 0.5;
  const group = pick(random, ["", "", "addgroup --quiet --gid 21N gN && ", "addgroup --quiet --system gN && "]);
  const options = shuffled(random, [
    system ? "--system" : "--disabled-password --gecos ''",
    "--quiet",
    group === "" ? (system ? pick(random, ["", "--group"]) : "") : "--ingroup gN",
    pick(random, ["", system ? "--uid 6N" : "--uid 31N"]),
    pick(random, ["", "--no-create-home"]),
    pick(random, ["", "--home /opt/uN", "--home /deep/in/uN"]),
    pick(random, ["", "--shell /bin/sh", "--shell /bin/false"]),
  ]);
  return `${group}adduser ${options} uN`;
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
