import {
  type Dockerfile,
  insertCommandBefore,
  instructionsOf,
  type RunInstruction,
  type ShellCommand,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix, safeFix } from "../problem.ts";
import { printCreation } from "../reading/user-print.ts";
import { replaceCommand } from "../remedies/replace-command.ts";
import { isGuarded, type UserTools, userToolsAt } from "../reading/user-tools.ts";
import { readCreation } from "../reading/users.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

const shadowTools = [
  "useradd",
  "groupadd",
  "usermod",
  "userdel",
  "groupdel",
  "groupmod",
  "gpasswd",
  "chage",
  "newusers",
];

export const useraddNotThere: Rule<"dockerfile"> = {
  id: "useradd-not-there",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "useradd or one of its kin is called on a base that has none",
  why: `Alpine, Wolfi and BusyBox images manage users with BusyBox's \`adduser\` and \`addgroup\`; \`useradd\` is in the package
\`shadow\`, which they do not install. Red Hat's minimal images leave \`shadow-utils\` out. The build stops with "not found".`,
  check: whereSaid(/user|group|passwd|chage/, function* ({ dockerfile }, known) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const calls = shadowTools.flatMap((name) => run.script.named(name));
      if (calls.length === 0) continue;
      const tools = userToolsAt(dockerfile, run, known);
      if (tools.shadow !== false) continue;
      for (const command of calls) {
        if (isGuarded(run, command)) continue;
        yield {
          message: `${command.name} is not on this base; the build stops`,
          at: inSource(dockerfile, command.nameWord.range),
          ...cure(dockerfile, run, command, tools),
        };
      }
    }
  }),
  examples: [
    {
      title: "useradd on Alpine",
      text: "FROM alpine:3.20\nRUN «groupadd» -g 1000 app && \\\n    «useradd» -u 1000 -g app -m -s /bin/sh app\nUSER app\n",
      fixed:
        "FROM alpine:3.20\nRUN addgroup -g 1000 app && \\\n    adduser -D -s /bin/sh -G app -u 1000 app\nUSER app\n",
    },
    {
      title: "a system user with further groups",
      text: "FROM node:20-alpine\nRUN «useradd» -r -G audio,video app; «usermod» -aG tty app\n",
      fixed:
        "FROM node:20-alpine\nRUN addgroup -S app && adduser -S -D -H -s /bin/sh -G app app && addgroup app audio && addgroup app video; addgroup app tty\n",
    },
    {
      title: "braces where an operator follows, a group by number, a home far down",
      text: "FROM alpine:3.20\nRUN if true; then «useradd» -g 100 -md /a/b app; fi\n",
      fixed:
        'FROM alpine:3.20\nRUN if true; then { mkdir -p /a && adduser -D -h /a/b -G "$(getent group 100 | cut -d: -f1)" app; }; fi\n',
    },
    {
      title: "options that BusyBox has no counterpart for",
      text: "FROM alpine:3.20\nRUN «useradd» -o -u 0 toor\nRUN «usermod» -s /bin/sh nobody\n",
    },
    {
      title: "Red Hat's minimal image",
      text: "FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4\nRUN «useradd» -r app\n",
      fixed:
        "FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4\nRUN microdnf install -y shadow-utils && useradd -r app\n",
    },
    {
      title: "installed, present, or guarded",
      text: "FROM alpine:3.20\nRUN apk add --no-cache shadow\nRUN useradd app\nFROM debian:12\nRUN useradd app\nFROM alpine:3.20\nRUN useradd app || adduser -D app\n",
    },
  ],
};

function cure(dockerfile: Dockerfile, run: RunInstruction, command: ShellCommand, tools: UserTools) {
  if (tools.family === "rhel") {
    const first = run.script.commands[0];
    return first?.depth === 0 && first.name !== ""
      ? likelyFix(
          "Install shadow-utils first, if the image may keep it",
          insertCommandBefore(dockerfile, run, first, "microdnf install -y shadow-utils"),
        )
      : assistedFix("Install shadow-utils first");
  }
  const title = "Say it with BusyBox's adduser and addgroup";
  const [name] = command.args.filter((word) => !word.raw.startsWith("-"));
  if ((command.name === "userdel" || command.name === "groupdel") && command.args.length === 1 && name) {
    const printed = `${command.name === "userdel" ? "deluser" : "delgroup"} ${name.raw}`;
    return safeFix(title, replaceCommand(dockerfile, run, command, [printed]));
  }
  const creation = readCreation(command);
  const printed = creation && printCreation(creation, "busybox");
  const edit = printed && replaceCommand(dockerfile, run, command, printed);
  return edit
    ? safeFix(title, edit)
    : assistedFix("Install the package shadow in the same RUN, or say it with adduser");
}
