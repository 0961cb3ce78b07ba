import type { Edit } from "../../core/index.ts";
import { type Dockerfile, instructionsOf, replaceRange, type ShellCommand } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix, safeFix } from "../problem.ts";
import { userOfInstruction } from "../reading/current-user.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const sudoInRun: Rule<"dockerfile"> = {
  id: "sudo-in-run",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "A build step runs sudo",
  why: `A build runs as root until USER says otherwise, so sudo does nothing there but drag a setuid program and its
configuration into the image, where an intruder can use them. It also changes the environment and handles signals and
terminals in ways of its own. Run steps that need root above USER, or between \`USER root\` and \`USER app\`.`,
  aliases: ["DL3004", "DKL-DI-0001", "DS-0010"],
  check: whereSaid(/sudo/, function* ({ dockerfile }, known) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const command of run.script.commands) {
        const wrapper = command.wrappers.find(({ name }) => name === "sudo");
        if (!wrapper && command.name !== "sudo") continue;
        const start = wrapper?.range.start ?? command.nameWord.range.start;
        const text = dockerfile.source.text;
        const word = text[start] === '"' ? '"sudo"' : "sudo";
        const at = inSource(dockerfile, { start, end: start + word.length });
        const { user } = userOfInstruction(dockerfile, run, known);
        const edit = wrapper ? withoutSudo(dockerfile, command, wrapper.range.start) : withoutWord(dockerfile, command);
        const message = "sudo is of no use in a build and of use to an intruder";
        if (!edit) yield { message, at, ...assistedFix("Run the command as the user it needs, set by USER") };
        else if (user === "root") yield { message, at, ...safeFix("Drop sudo: the build is root here", edit) };
        else if (user === undefined)
          yield { message, at, ...likelyFix("Drop sudo, if the base image runs as root", edit) };
        else
          yield {
            message: `${message}; this step runs as ${user}`,
            at,
            ...assistedFix(`Put the step above USER ${user}, or between USER root and USER ${user}, without sudo`),
          };
      }
    }
  }),
  examples: [
    {
      title: "root needs no sudo",
      text: "FROM debian:12\nRUN «sudo» apt-get update && \\\n    «sudo» -E apt-get install -y curl\n",
      fixed: "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y curl\n",
    },
    {
      title: "behind a pipe, with a variable of its own, in exec form",
      text: 'FROM debian:12\nRUN echo x | «sudo» tee /etc/x\nRUN «sudo» A=1 make\nRUN [«"sudo"», "make"]\n',
      fixed: 'FROM debian:12\nRUN echo x | tee /etc/x\nRUN A=1 make\nRUN ["make"]\n',
    },
    {
      title: "another user",
      text: "FROM debian:12\nUSER app\nRUN «sudo» apt-get update\n",
    },
    {
      title: "sudo as another user is not dropped",
      text: "FROM debian:12\nRUN «sudo» -u app make\n",
    },
    {
      title: "installing it or naming it is not running it",
      text: "FROM debian:12\nRUN apt-get install -y sudo && echo sudo make\n",
    },
  ],
};

const harmless = /^sudo(?:\s+\\?\s*(?:-[EHnSk]+|--preserve-env(?:=\S*)?|--set-home|--non-interactive|--))*\s*$/;
const assignments = /\s[A-Za-z_]\w*=/;

/** Takes sudo and its options away where they change nothing but who runs the command. */
function withoutSudo(dockerfile: Dockerfile, command: ShellCommand, start: number): Edit | undefined {
  const index = command.wrappers.findIndex(({ range }) => range.start === start);
  const end = command.wrappers[index + 1]?.range.start ?? command.nameWord.range.start;
  const text = dockerfile.source.text.slice(start, end);
  if (text.includes("#")) return undefined;
  const assigned = assignments.exec(text);
  const kept = assigned ? assigned.index + 1 : text.length;
  if (!harmless.test(text.slice(0, kept)) || (assigned && index > 0)) return undefined;
  return replaceRange(dockerfile, { start, end: start + kept }, "");
}

/** In exec form the words are strings, and sudo is one of them. */
function withoutWord(dockerfile: Dockerfile, { nameWord, args: [first] }: ShellCommand): Edit | undefined {
  const { start, end } = nameWord.range;
  if (dockerfile.source.text[start] !== '"' || !first || (first.value ?? "-").startsWith("-")) return undefined;
  const between = dockerfile.source.text.slice(end, first.range.start);
  return between.trim() === "," ? replaceRange(dockerfile, { start, end: first.range.start }, "") : undefined;
}
