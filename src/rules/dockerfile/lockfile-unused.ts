import {
  type Dockerfile,
  instructionsOf,
  replaceRange,
  addOption,
  type RunInstruction,
  type ShellCommand,
  subcommandWord,
  type Word,
} from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const lockfileUnused: Rule<"dockerfile"> = {
  id: "lockfile-unused",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "A lock file is there, and the install may depart from it",
  why: `\`npm install\` changes the lock file where it does not fit the manifest, and nobody sees that in a build; \`npm ci\`
fails instead, starts from nothing and is faster. yarn and pnpm have \`--frozen-lockfile\` (yarn 2 and later \`--immutable\`) for
the same.`,
  check: whereSaid(/npm|yarn/, function* ({ dockerfile, context }) {
    if (!context?.complete) return;
    const sent = new Set(context.files.filter(({ ignored }) => !ignored).map(({ path }) => path));
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const command of run.script.commands) {
        const tool = tools.find(({ name }) => name === command.name);
        const verb = tool && subcommandWord(command);
        if (!tool || !verb || !tool.verbs.includes(verb.value ?? "") || departs(command, run)) continue;
        if (!sent.has(tool.lock) || !copiedBefore(dockerfile, run, tool.lock)) continue;
        yield {
          message: `this may install other versions than ${tool.lock} says`,
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          ...likelyFix(`Install what ${tool.lock} says, if it fits the manifest`, [tool.fix(dockerfile, verb)]),
        };
      }
  }),
  examples: [
    {
      title: "npm",
      text: "FROM node:24\nCOPY package*.json ./\nRUN «npm install» --omit=dev\n",
      context: { "package.json": "{}", "package-lock.json": "{}" },
      fixed: "FROM node:24\nCOPY package*.json ./\nRUN npm ci --omit=dev\n",
    },
    {
      title: "pnpm",
      text: "FROM node:24\nCOPY . .\nRUN «pnpm install»\n",
      context: { "package.json": "{}", "pnpm-lock.yaml": "x" },
      fixed: "FROM node:24\nCOPY . .\nRUN pnpm install --frozen-lockfile\n",
    },
    {
      title: "used, not copied yet, or a package by name",
      text: "FROM node:24\nRUN npm install\nCOPY . .\nRUN npm ci && npm install -g x\n",
      context: { "package.json": "{}", "package-lock.json": "{}" },
    },
  ],
};

interface Tool {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly lock: string;
  fix(dockerfile: Dockerfile, verb: Word): ReturnType<typeof addOption>;
}

const tools: readonly Tool[] = [
  {
    name: "npm",
    verbs: ["install", "i"],
    lock: "package-lock.json",
    fix: (dockerfile, verb) => replaceRange(dockerfile, verb.range, "ci"),
  },
  {
    name: "yarn",
    verbs: ["install"],
    lock: "yarn.lock",
    fix: (dockerfile, verb) => addOption(dockerfile, verb, "--frozen-lockfile"),
  },
  {
    name: "pnpm",
    verbs: ["install", "i"],
    lock: "pnpm-lock.yaml",
    fix: (dockerfile, verb) => addOption(dockerfile, verb, "--frozen-lockfile"),
  },
];

/** Whether the command names packages, or says itself how it means to treat the lock file. */
function departs(command: ShellCommand, run: RunInstruction): boolean {
  return (
    command.args.filter(({ raw }) => !raw.startsWith("-")).length > 1 ||
    /--(?:frozen-lockfile|immutable|no-package-lock|package-lock|global|prefix|legacy-peer-deps|force|cwd|dir)|\s-[gCf]\b/.test(
      run.argumentsText,
    )
  );
}

function copiedBefore(dockerfile: Dockerfile, run: RunInstruction, lock: string): boolean {
  return contextCopies(dockerfile).some(({ copy, path }) => {
    if (copy.stage !== run.stage || copy.index > run.index) return false;
    const star = path.indexOf("*");
    return (
      path === "" ||
      path === lock ||
      (star > 0 && lock.startsWith(path.slice(0, star)) && lock.endsWith(path.slice(star + 1)))
    );
  });
}
