import type { RunInstruction, ShellCommand, Word } from "../../syntax/index.ts";
import { certainOperands, type Unpinned, unpinnedCheck, unpinnedWord } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

export const npmUnpinned: Rule<"dockerfile"> = {
  id: "npm-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "A package of npm is installed without a version",
  why: `What is newest on the day of the build is installed: two builds of one Dockerfile differ, and a release that breaks something, or
that somebody else published, is in the next image at once. The registry keeps every version, so a pin holds: \`npm install -g
pnpm@9.12.1\`, or a dependency in \`package.json\` and its lock file, installed with \`npm ci\`. \`latest\`, \`next\` and other tags of words move
like no version at all. The same holds for \`yarn add\`, \`pnpm add\`, \`bun add\`, and for what \`dlx\` fetches to run it once; what \`npx\`
runs may be a dependency that is already there, so it is reported with a tag alone.`,
  aliases: ["DL3016"],
  check: unpinnedCheck(/npm|npx|yarn|bun/, find, "or make it a dependency in package.json with a lock file"),
  examples: [
    {
      title: "each package without a version",
      text: 'FROM node:22\nRUN npm install -g «pnpm» typescript@5.6.2 «@angular/cli» && npm i «"express"»\n',
    },
    {
      title: "a tag that moves",
      text: "FROM node:22\nRUN npm install --global «npm@latest» && npx «create-app@next» x && npm i «@a/b@beta»\n",
    },
    {
      title: "yarn, pnpm and bun",
      text: "FROM node:22\nRUN yarn global add «serve» && yarn add --dev «jest» && pnpm add -g «turbo» && pnpm dlx «degit» a/b && bun add «hono»\n",
    },
    {
      title: "in a build stage, behind options with values",
      text: "FROM node:22 AS build\nRUN npm --loglevel error install --registry https://a.example --save-dev «webpack» --prefix /app --unsafe-perm true\nFROM nginx:1.27\nCOPY --from=build /a /a\n",
    },
    {
      title: "what is newest in a repository",
      text: "FROM node:22\nRUN npm i «git+https://github.com/a/b.git» «github:a/c»\n",
    },
    {
      title: "what the lock file says",
      text: "FROM node:22\nRUN npm ci && npm install && npm install --production && yarn install --frozen-lockfile && yarn && pnpm i\n",
    },
    {
      title: "a version, a range, another name",
      text: "FROM node:22\nRUN npm i -g npm@10 typescript@~5.6 'jest@^29' \"@angular/cli@18.2.0\" a@npm:b@1.2 pnpm@latest-9 'c@>=1 <2'\n",
    },
    {
      title: "a version or packages out of a variable",
      text: 'FROM node:22\nARG V=latest\nRUN npm i -g npm@$V "@a/b@${V}" yarn@"$YARN_VERSION" $PACKAGES "$SCOPE/cli"\n',
    },
    {
      title: "files, directories, addresses",
      text: "FROM node:22\nRUN npm i . ./lib /app ../x ~/y a.tgz b-1.0.tar.gz file:c https://a.example/d.tgz a/b git+https://github.com/a/b.git#v1.2 github:a/c#0a1b2c3\n",
    },
    {
      title: "values of options, also of options that are not known",
      text: "FROM node:22\nRUN npm install --loglevel verbose && npm ci --omit dev && npm install -w server --before 2024-01-01 && npm i --unknown thing && npm install --foo --registry https://a.example x@1\n",
    },
    {
      title: "what npx runs may be there already",
      text: "FROM node:22\nRUN npx tsc && npx -y webpack build --mode production && npm exec eslint . && npx --package typescript@5 tsc@latest\n",
    },
    {
      title: "other commands",
      text: "FROM node:22\nRUN npm run install && npm uninstall left-pad && npm view npm version && npm config set loglevel warn && pnpm --filter web build && yarn workspace web add x && pnpm dlx -p typescript tsc && echo npm install x\n",
    },
    { title: "as of a day", text: "FROM node:22\nRUN npm install --before=2024-01-01 -g serve\n" },
  ],
};

/** Options without a value. npm takes any other for one with a value, as far as a word follows. */
const alone =
  /^(?:-[gSDPOEBWTfsqdyn]+|--(?:no-.*|global|save|save-(?:dev|prod|optional|exact|bundle|peer|tilde)|production|unsafe-perm|force|legacy-peer-deps|strict-peer-deps|silent|quiet|verbose|ignore-scripts|prefer-offline|prefer-online|offline|audit|fund|package-lock|json|yes|ignore-engines|ignore-platform|ignore-optional|ignore-workspace-root-check|workspace-root|non-interactive|frozen-lockfile|dev|peer|optional|exact|tilde|progress|engine-strict|foreground-scripts|recursive|trust|allow-root))$/;

/** Verbs behind which packages stand. */
const adds: Readonly<Record<string, RegExp>> = {
  npm: /^(?:install|i|add|in)$/,
  pnpm: /^(?:add|install|i)$/,
  yarn: /^(?:global )?add$/,
  bun: /^(?:add|a|install|i)$/,
};

/** What fetches one package to run it: `dlx` always, the others only what is not there yet. */
const runs = /^(?:(?:npx|pnpx|bunx) |npm (?:exec|x) |bun x )/;

function* find(run: RunInstruction): Generator<Unpinned> {
  for (const command of run.script.commands) {
    const words = certainOperands(command.args, alone).filter(({ raw }) => raw !== "true" && raw !== "false");
    yield* added(command, words);
    yield* ran(command, words);
  }
}

function* added(command: ShellCommand, words: readonly Word[]): Generator<Unpinned> {
  const length = words[0]?.raw === "global" ? 2 : 1;
  const verb = words.slice(0, length).map(({ raw }) => raw);
  if (!adds[command.name]?.test(verb.join(" ")) || command.args.some(({ raw }) => raw.startsWith("--before"))) return;
  for (const word of words.slice(length)) yield* unpinnedWord(command, word, pin);
}

function* ran(command: ShellCommand, words: readonly Word[]): Generator<Unpinned> {
  // What an option names is fetched, and the first word is a program in it.
  if (command.args.some(({ raw }) => /^(?:-p|-c|--package|--call)(?:=|$)/.test(raw))) return;
  const [first, second] = words;
  if (/^(?:npx|pnpx|bunx)$/.test(command.name)) {
    if (first) yield* unpinnedWord(command, first, pinOfTag);
  } else if (!second) return;
  else if (/^(?:pnpm|yarn) dlx$/.test(`${command.name} ${first?.raw}`)) yield* unpinnedWord(command, second, pin);
  else if (runs.test(`${command.name} ${first?.raw} `)) yield* unpinnedWord(command, second, pinOfTag);
}

/** `@scope/name` or `name`, with a tag of letters at most: versions and ranges have digits. */
const packageWithTag = /^((?:@[\w.~-]+\/)?[A-Za-z0-9_-][\w.~-]*)(@[A-Za-z]+)?$/;

function pin(text: string): string | undefined {
  if (/\.(?:tgz|tar|tar\.gz)$/.test(text)) return undefined;
  if (/^(?:git\+(?:https?|ssh|git):|git:|github:|gitlab:|bitbucket:|git@)[^#]+$/.test(text)) return `${text}#COMMIT`;
  const name = packageWithTag.exec(text)?.[1];
  return name && `${name}@VERSION`;
}

function pinOfTag(text: string): string | undefined {
  const [, name, tag] = packageWithTag.exec(text) ?? [];
  return tag === undefined ? undefined : `${name}@VERSION`;
}
