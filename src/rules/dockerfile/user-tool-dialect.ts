import {
  type Dockerfile,
  instructionsOf,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
} from "../../syntax/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import { printCreation } from "../reading/user-print.ts";
import { replaceCommand } from "../remedies/replace-command.ts";
import { isGuarded, type UserTools, userToolsAt } from "../reading/user-tools.ts";
import { dialectOf, misreadOptions, readCreation } from "../reading/users.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const userToolDialect: Rule<"dockerfile"> = {
  id: "user-tool-dialect",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "adduser or addgroup is called with the options of another distribution",
  why: `Three unrelated programs are called adduser: BusyBox's on Alpine, a Perl script on Debian and Ubuntu, and a link
to useradd on Red Hat's systems. An option of one stops the build on another, or worse: Debian's adduser reads \`-H\` and
\`-h\` as a call for help, makes no user and still succeeds, so that only the start of the container fails. Debian 13 has
no adduser at all unless it is installed. \`useradd\` and \`groupadd\` are on every Debian, Ubuntu and Red Hat base.`,
  check: whereSaid(/addgroup|adduser/, function* ({ dockerfile }, known) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const calls = [...run.script.named("adduser"), ...run.script.named("addgroup")];
      if (calls.length === 0) continue;
      const tools = userToolsAt(dockerfile, run, known);
      if (tools.adduser === undefined) continue;
      for (const command of calls) {
        const fault = faultOf(command, tools);
        if (!fault || isGuarded(run, command)) continue;
        yield {
          message: fault.message,
          at: inSource(dockerfile, fault.range),
          ...translation(dockerfile, run, command, tools),
        };
      }
    }
  }),
  examples: [
    {
      title: "Alpine's options on Debian",
      text: "FROM debian:12\nRUN addgroup «-g» 1000 app && \\\n    adduser -u 1000 «-G» app -s /bin/sh -D app\n",
      fixed: "FROM debian:12\nRUN groupadd -g 1000 app && \\\n    useradd -u 1000 -g app -m -s /bin/sh app\n",
    },
    {
      title: "a system user of Alpine's on Debian",
      text: "FROM python:3.12-slim-bookworm\nRUN addgroup «-S» web && adduser «-S» -D -H -G web web\n",
      fixed: "FROM python:3.12-slim-bookworm\nRUN groupadd -r web && useradd -r -g web -M -s /usr/sbin/nologin web\n",
    },
    {
      title: "the call that asks for help, succeeds and makes no user",
      text: "FROM debian:12\nRUN adduser «-D» -H app\n",
      fixed: "FROM debian:12\nRUN useradd -M app\n",
    },
    {
      title: "a uid outside the usual range keeps its group id",
      text: "FROM debian:12\nRUN adduser «-D» -u 333 app || exit 1\nRUN adduser «-D» -u 333 app\n",
      fixed:
        "FROM debian:12\nRUN { groupadd -g 333 app && useradd -u 333 -g app -m app; } || exit 1\nRUN groupadd -g 333 app && useradd -u 333 -g app -m app\n",
    },
    {
      title: "Debian's options on Alpine",
      text: 'FROM alpine:3.20\nRUN adduser --system «--group» --no-create-home web && adduser «--disabled-login» --gecos "" app\n',
      fixed:
        'FROM alpine:3.20\nRUN addgroup -S web && adduser -S -D -H -h /nonexistent -G web web && adduser -D -s /sbin/nologin -g "" app\n',
    },
    {
      title: "useradd's options given to adduser",
      text: "FROM debian:12\nRUN adduser «-r» -u 900 app\nFROM alpine:3.20\nRUN adduser «-m» -u 1001 app\n",
      fixed: "FROM debian:12\nRUN useradd -r -u 900 app\nFROM alpine:3.20\nRUN adduser -D -u 1001 app\n",
    },
    {
      title: "Debian 13 has no adduser",
      text: "FROM debian:trixie-slim\nRUN «adduser» --system --group app\n",
      fixed: "FROM debian:trixie-slim\nRUN useradd -r -d /nonexistent -M -s /usr/sbin/nologin app\n",
    },
    {
      title: "two names given to addgroup on Debian, and any addgroup on Red Hat's systems",
      text: "FROM debian:12\nRUN «addgroup» www-data staff\nFROM rockylinux:9\nRUN «addgroup» --system app\n",
      fixed: "FROM debian:12\nRUN usermod -aG staff www-data\nFROM rockylinux:9\nRUN groupadd -r app\n",
    },
    {
      title: "each base in its own dialect",
      text: 'FROM alpine:3.20\nRUN addgroup -S -g 101 app && adduser -SDH -u101 -G app app && adduser --disabled-password --gecos "" two\nFROM debian:12\nRUN adduser --system --group app && addgroup --gid 5 x && adduser app x && adduser -q --uid 5 a\nFROM debian:13\nRUN apt-get install -y adduser && adduser --system b\n',
    },
    {
      title: "a base that is not known",
      text: "FROM registry.example.com/base:1\nRUN adduser -D -H app\n",
    },
  ],
};

interface Fault {
  readonly message: string;
  readonly range: { readonly start: number; readonly end: number };
}

function faultOf(command: ShellCommand, { adduser, family }: UserTools): Fault | undefined {
  const { name, nameWord } = command;
  if (adduser === "none") {
    const where = family === "debian" ? "Debian 13 and later have" : "this base has";
    return { message: `${where} no ${name} unless it is installed`, range: nameWord.range };
  }
  if (adduser === "shadow" && name === "addgroup")
    return { message: "there is no addgroup on this base", range: nameWord.range };
  const base = adduser === "shadow" ? "rhel" : adduser;
  const [first, ...others] = base ? misreadOptions(command, base) : [];
  if (!first) {
    const { args } = command;
    const pair = args.length === 2 && args.every(({ raw }) => !raw.startsWith("-"));
    return adduser === "debian" && name === "addgroup" && pair
      ? { message: "Debian's addgroup takes no user; this stops the build", range: nameWord.range }
      : undefined;
  }
  const option = (first.value ?? first.raw).replace(/=.*/, "");
  const letters = [first, ...others].map((word) => word.value ?? word.raw);
  if (base !== "busybox" && letters.some((text) => text === "-h" || (text === "-H" && base === "debian")))
    return {
      message: `this ${name} takes ${letters.find((text) => /^-[hH]$/.test(text))} as a call for help: it makes nothing and succeeds`,
      range: first.range,
    };
  const whose = base === "busybox" ? "BusyBox's" : base === "debian" ? "Debian's" : "this base's";
  return {
    message: `${whose} ${name} does not know ${option} as it is meant here; the build stops`,
    range: first.range,
  };
}

function translation(dockerfile: Dockerfile, run: RunInstruction, command: ShellCommand, tools: UserTools) {
  const target = tools.adduser === "busybox" ? "busybox" : "shadow";
  const title = `Say it with the tools of this base`;
  if (target === "shadow" && dialectOf(command) === "shadow" && run.form === "shell") {
    const name = command.name === "adduser" ? "useradd" : "groupadd";
    return safeFix(title, replaceRange(dockerfile, command.nameWord.range, name));
  }
  const creation = readCreation(command);
  const printed = creation && printCreation(creation, target, tools.family === "rhel" ? "nobody" : "nogroup");
  const edit = printed && replaceCommand(dockerfile, run, command, printed);
  return edit
    ? safeFix(title, edit)
    : assistedFix(`${title}: ${target === "shadow" ? "useradd and groupadd" : "adduser and addgroup of BusyBox"}`);
}
