import type { Edit } from "../../core/index.ts";
import {
  type Dockerfile,
  instructionsOf,
  isEditable,
  operandsOf,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { urlOf } from "../reading/downloads.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { pipInstalls } from "../reading/pip.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const semicolonChain: Rule<"dockerfile"> = {
  id: "semicolon-chain",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "A semicolon lets the build go on after an installation that failed",
  why: `Behind \`;\` the shell goes on whatever happened before, and the step succeeds when its last command does. The image is then
built without the package or file, cached, and shipped. \`&&\` goes on only after success; \`set -e\` at the beginning of the
step does the same for all of it.`,
  check: whereSaid(/;/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const { script } = run;
      // Of a heredoc's lines heredoc-no-errexit speaks.
      if (run.form !== "shell" || script.heredoc || script.errexit || script.broken || run.heredocs.length > 0)
        continue;
      const passed = [...fetches(run)].flatMap(([command, word]) => passedOver(dockerfile, run, command, word) ?? []);
      const [first] = passed.sort((a, b) => a.semicolon - b.semicolon);
      if (!first) continue;
      const edits = passed.map(({ semicolon }) => toAnd(dockerfile, semicolon));
      const joinable = isEditable(run) && passed.every(({ command }) => joinsPlainly(run, command));
      const { command, word } = first;
      yield {
        message: `the build goes on when ${word === command.nameWord ? command.name : `${command.name} ${word.raw}`} fails`,
        at: inSource(dockerfile, { start: command.nameWord.range.start, end: word.range.end }),
        related: passed.slice(1).map((one) => ({
          at: inSource(dockerfile, { start: one.command.nameWord.range.start, end: one.word.range.end }),
          message: "and here",
        })),
        ...(joinable
          ? likelyFix("Join with &&, if this is not meant to fail", edits)
          : assistedFix("Begin the step with set -e, or join with &&")),
      };
    }
  }),
  examples: [
    {
      title: "the package lists, and a download",
      text: "FROM debian:12\nRUN «apt-get update»; apt-get install -y curl\nRUN «curl» -fsSLO https://a.example/x.tgz; tar xf x.tgz\n",
      fixed:
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN curl -fsSLO https://a.example/x.tgz && tar xf x.tgz\n",
    },
    {
      title: "over several lines, told once",
      text: "FROM debian:12\nRUN «apt-get update» ; \\\n    apt-get install -y curl; \\\n    # the lists\n    rm -rf /var/lib/apt/lists/*;\n",
      fixed:
        "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y curl && \\\n    # the lists\n    rm -rf /var/lib/apt/lists/*;\n",
    },
    {
      title: "managers of languages",
      text: "FROM node:20\nRUN cd /app && «npm ci»; npm run build\nRUN «pip install» flask; ls\nRUN «git clone» https://a.example/x.git; make -C x\n",
      fixed:
        "FROM node:20\nRUN cd /app && npm ci && npm run build\nRUN pip install flask && ls\nRUN git clone https://a.example/x.git && make -C x\n",
    },
    {
      title: "where && would have another meaning",
      text: "FROM debian:12\nRUN «apt-get update»; test -f /x || touch /x; ls\nRUN «apt-get update»; { test -f /x; } || touch /x\n",
    },
    {
      title: "a loop behind it",
      text: "FROM debian:12\nRUN «apk add» git; for x in a b; do git clone https://a.example/$x; done\n",
      fixed: "FROM debian:12\nRUN apk add git && for x in a b; do git clone https://a.example/$x; done\n",
    },
    {
      title: "set -e, from the first on or before it",
      text: 'FROM debian:12\nRUN set -eux; apt-get update; apt-get install -y curl\nRUN cd /x && set -o errexit; wget https://a.example/x; ls\nSHELL ["/bin/bash", "-ec"]\nRUN apt-get update; ls\n',
    },
    {
      title: "&&, the last command, and the end of the line",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl; \nRUN ls; apt-get update\n",
    },
    {
      title: "its result is asked for",
      text: "FROM debian:12\nRUN curl -fO https://a.example/x; test $? -eq 0\nRUN npm ci; status=$?; rm -rf /t; exit $status\n",
    },
    {
      title: "what another rule tells, or what fetches nothing",
      text: "FROM debian:12\nRUN apt-get install -y curl || true; ls\nRUN apt-get clean; rm -rf /x; apk info; npm run build; git status; curl --version; ls\n",
    },
    {
      title: "a heredoc, and a branch",
      text: "FROM debian:12\nRUN <<EOF\napt-get update; apt-get install -y curl\nEOF\nRUN if test -f /x; then apt-get update; fi\n",
    },
    {
      title: "a semicolon in a text",
      text: "FROM debian:12\nRUN pip install 'x;python_version>\"3\"' && echo 'a; b'\n",
    },
  ],
};

/** Commands that bring something in from outside, and the word that says so. */
function* fetches(run: RunInstruction): Generator<[ShellCommand, Word]> {
  for (const { command, does, verb } of managerCalls(run))
    if (verb && (does === "install" || does === "update" || does === "upgrade")) yield [command, verb];
  for (const { command, verb } of pipInstalls(run)) yield [command, verb];
  for (const command of run.script.commands) {
    const verbs = Object.hasOwn(languages, command.name) ? languages[command.name] : undefined;
    const [word] = operandsOf(command);
    if (verbs && word && verbs.test(word.raw)) yield [command, word];
    if ((command.name === "curl" || command.name === "wget") && urlOf(command)) yield [command, command.nameWord];
  }
}

const languages: Readonly<Record<string, RegExp>> = {
  npm: /^(?:ci|install|i)$/,
  yarn: /^(?:install|add)$/,
  pnpm: /^(?:install|i|add)$/,
  gem: /^install$/,
  bundle: /^install$/,
  go: /^(?:install|get|build)$/,
  cargo: /^(?:install|build|fetch)$/,
  composer: /^(?:install|require)$/,
  poetry: /^install$/,
  uv: /^sync$/,
  git: /^clone$/,
};

interface PassedOver {
  readonly command: ShellCommand;
  readonly word: Word;
  /** Where the `;` behind it stands. */
  readonly semicolon: number;
}

/** A command at the top of the script with `;` and more behind it, which nothing stops and whose result nobody asks for. */
function passedOver(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
  word: Word,
): PassedOver | undefined {
  if (command.depth > 0) return undefined;
  const rest = dockerfile.source.text.slice(command.range.end, run.argumentsRange.end);
  const gap = /^[ \t]*(?:[\\`][ \t]*\r?\n[ \t]*)?;(?!;)/.exec(rest)?.[0];
  const behind = gap === undefined ? "" : rest.slice(gap.length).replaceAll(/^[ \t]*#.*$|[\\`][ \t]*$/gm, "");
  if (gap === undefined || behind.trim() === "" || /^[^;&|]*\$\?/.test(behind)) return undefined;
  if (stopsBefore(run, command)) return undefined;
  return { command, word, semicolon: command.range.end + gap.length - 1 };
}

function stopsBefore(run: RunInstruction, command: ShellCommand): boolean {
  return run.script
    .named("set")
    .some(
      ({ args, range }) =>
        range.start < command.range.start && args.some(({ raw }) => /^-[a-z]*e[a-z]*$|^errexit$/.test(raw)),
    );
}

/** Whether the commands up to the next `;` hold no `||` or `&`, of which `&&` would make the earlier command a part. */
function joinsPlainly(run: RunInstruction, command: ShellCommand): boolean {
  const top = run.script.commands.filter(({ depth }) => depth === 0);
  for (const [i, { joinedBy }] of top.slice(top.indexOf(command) + 1).entries()) {
    if (joinedBy === ";" && i > 0) return true;
    if (joinedBy === "||" || joinedBy === "&") return false;
  }
  return true;
}

function toAnd(dockerfile: Dockerfile, semicolon: number): Edit {
  const { text } = dockerfile.source;
  const blank = /\s/.test(text[semicolon - 1] ?? "");
  const next = /\s/.test(text[semicolon + 1] ?? "");
  return replaceRange(dockerfile, { start: semicolon, end: semicolon + 1 }, `${blank ? "" : " "}&&${next ? "" : " "}`);
}
