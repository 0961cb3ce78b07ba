import type { BuildContext, Fix } from "../../core/index.ts";
import {
  addOption,
  type Dockerfile,
  insertLineBefore,
  removeCommand,
  removeInstruction,
  type RunInstruction,
  type ShellCommand,
  shippedInstructions,
  subcommandWord,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { cleans } from "../reading/cleaning.ts";
import { contextTexts } from "../reading/context-texts.ts";
import { pipInstalls } from "../reading/pip.ts";
import type { Rule } from "../rule.ts";

export const devDepsShipped: Rule<"dockerfile"> = {
  id: "dev-deps-shipped",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "Development dependencies are installed in the image that ships",
  why: `Test runners, linters and bundlers are often most of what a package manager installs, and each is something to patch. Leave them out where the program
only runs; where the build needs them, build in a stage of its own.`,

  *check({ dockerfile, context }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const command of run.script.commands) {
        const tool = tools.get(command.name);
        const verb = tool && subcommandWord(command);
        if (!tool || !verb || !tool.verbs.includes(verb.value ?? "") || tool.omits.test(run.argumentsText)) continue;
        if (tool.noPackages && command.args.filter((word) => !word.raw.startsWith("-")).length > 1) continue;
        if (dockerfile.variable("NODE_ENV", run) === "production" && tool.node) continue;
        if (tool.node && hasNone(context, "devDependencies")) continue;
        const building = dockerfile.instructions.some(
          (one) =>
            one.keyword === "RUN" &&
            one.index >= run.index &&
            one.stage >= 0 &&
            /\b(?:run\s+(?:build|test|lint|compile)|tsc|webpack|vite|ng\s+build|(?:npm|yarn|pnpm)\s+(?:test|build))\b/.test(
              one.argumentsText,
            ),
        );
        const needed = building || startsTool(dockerfile);
        yield {
          message: `${command.name} ${verb.value ?? ""} also installs what only development needs`,
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          bytes: { value: 40_000_000, basis: "estimated" },
          ...(needed
            ? assistedFix("Build in a stage of its own, and install without development dependencies here")
            : likelyFix("Leave development dependencies out, if nothing here runs them", [
                addOption(dockerfile, verb, tool.option),
              ])),
        };
      }
      const bundle = run.script.named("bundle").find((one) => subcommandWord(one)?.value === "install");
      const groups = bundle && developmentGroups(dockerfile, run, context);
      if (bundle && groups !== undefined)
        yield {
          message: "bundle install also installs what only development needs",
          at: inSource(dockerfile, { start: bundle.nameWord.range.start, end: bundle.range.end }),
          bytes: { value: 40_000_000, basis: "estimated" },
          ...(/^production$/.test(dockerfile.variable("RAILS_ENV", run) ?? dockerfile.variable("RACK_ENV", run) ?? "")
            ? likelyFix(
                "Leave the gems of development and test out, if nothing in production loads them",
                insertLineBefore(dockerfile, run, `ENV BUNDLE_WITHOUT=${groups}`),
              )
            : assistedFix("Set RAILS_ENV (or RACK_ENV) to production and BUNDLE_WITHOUT to development:test")),
        };
      for (const name of ["npm", "yarn", "pnpm"])
        for (const command of run.script.named(name)) {
          const [verb, ...packages] = command.args.filter(({ raw }) => !raw.startsWith("-"));
          const tool = packages.find(({ value }) => developmentTool.test(value ?? ""));
          if (!tool || !/^(?:install|i|add)$/.test(verb?.value ?? "") || startsTool(dockerfile, tool.value)) continue;
          yield {
            message: `${tool.value?.replace(/(?<=.)@.*$/, "") ?? "this"} is a tool for development`,
            at: inSource(dockerfile, tool.range),
            ...leaveToolsOut(dockerfile, run, command, packages, context),
          };
        }
      const pip = pipInstalls(run)
        .flatMap(({ command }) => command.args)
        .find((word) => /requirements[-_.](?:dev|test)|(?:dev|test)[-_]requirements/.test(word.value ?? ""));
      if (pip)
        yield {
          message: "these requirements are for development",
          at: inSource(dockerfile, pip.range),
          ...assistedFix("Install them in a test stage only"),
        };
    }
  },
  examples: [
    {
      title: "npm",
      text: 'FROM node:20\nCOPY package.json .\nRUN «npm install»\nCMD ["node", "a.js"]\n',
      fixed: 'FROM node:20\nCOPY package.json .\nRUN npm install --omit=dev\nCMD ["node", "a.js"]\n',
    },
    {
      title: "a development tool by name that nothing starts",
      text: 'FROM node:20\nCOPY . .\nRUN npm install «nodemon@2.0.22»\nRUN npm ci --omit=dev && npm i -g «eslint»\nCMD ["npm", "start"]\n',
      context: { "package.json": '{"scripts":{"start":"node a.js","dev":"nodemon a.js"}}', "a.js": "x" },
      fixed: 'FROM node:20\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["npm", "start"]\n',
    },
    {
      title: "a tool whose step empties the cache of its installation, too",
      text: 'FROM node:20\nCOPY . .\nRUN npm install «nodemon» && npm cache clean --force\nCMD ["npm", "start"]\n',
      context: { "package.json": '{"scripts":{"start":"node a.js"}}', "a.js": "x" },
      fixed: 'FROM node:20\nCOPY . .\nCMD ["npm", "start"]\n',
    },
    {
      title: "a tool by name that the start script calls, or a step",
      text: 'FROM node:20\nCOPY . .\nRUN npm install «nodemon» eslint && npx eslint .\nCMD ["npm", "start"]\n',
      context: { "package.json": '{"scripts":{"start":"nodemon a.js"}}', "a.js": "x" },
    },
    { title: "the build needs them", text: "FROM node:20\nRUN «npm ci» && npm run build\n" },
    {
      title: "composer",
      text: "FROM php:8\nRUN «composer install»\n",
      fixed: "FROM php:8\nRUN composer install --no-dev\n",
    },
    {
      title: "a tool by name",
      text: 'FROM node:20\nRUN npm install --production && npm install «nodemon@2»\nCMD ["node", "a.js"]\n',
    },
    {
      title: "bundler",
      text: "FROM ruby:3.4\nENV RAILS_ENV=production\nCOPY . .\nRUN «bundle install»\nCMD bundle exec puma\n",
      context: { Gemfile: "gem 'puma'\ngroup :development, :test do\n  gem 'rspec'\nend\n" },
      fixed:
        "FROM ruby:3.4\nENV RAILS_ENV=production\nCOPY . .\nENV BUNDLE_WITHOUT=development:test\nRUN bundle install\nCMD bundle exec puma\n",
    },
    {
      title: "bundler, without a word on what it runs as, or without such groups",
      text: "FROM ruby:3.4\nCOPY . .\nRUN «bundle install»\nCMD bundle exec puma\n",
      context: { Gemfile: "gem 'rspec', group: :test\n" },
    },
    { title: "left out", text: "FROM node:20\nENV NODE_ENV=production\nRUN npm ci\n" },
    {
      title: "there are none",
      text: "FROM node:20\nRUN npm install\n",
      context: { "package.json": '{"dependencies":{}}' },
    },
    {
      title: "a build stage is not shipped",
      text: "FROM node:20 AS build\nRUN npm ci\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};

/** Groups of a Gemfile that only development needs, as bundler is told; undefined where there are none, or it is told already. */
function developmentGroups(
  dockerfile: Dockerfile,
  run: RunInstruction,
  context: BuildContext | undefined,
): string | undefined {
  const gemfile = context?.text("Gemfile");
  if (gemfile === undefined || /BUNDLE_(?:WITHOUT|ONLY)|\bwithout\b/i.test(dockerfile.source.text)) return undefined;
  if (/\bbundle\s+exec\s+(?:rspec|rubocop|rake\s+(?:test|spec))|rails\s+test\b/.test(dockerfile.source.text))
    return undefined;
  if (run.script.broken || context?.text(".bundle/config")?.includes("WITHOUT") === true) return undefined;
  const named = ["development", "test"].filter((group) => new RegExp(`\\bgroups?\\b[^\\n]*:${group}\\b`).test(gemfile));
  return named.length > 0 ? named.join(":") : undefined;
}

interface Tool {
  readonly command: string;
  readonly verbs: readonly string[];
  readonly omits: RegExp;
  readonly option: string;
  readonly node: boolean;
  /** With packages named, it installs those alone. */
  readonly noPackages: boolean;
}

const list: readonly Tool[] = [
  {
    command: "npm",
    verbs: ["install", "ci", "i"],
    omits:
      /--omit[= ]dev|--production|--only=prod|NODE_ENV=production|(?:install|i)\s+(?:-\S+\s+)*(?:-g|--global)|npm prune/,
    option: "--omit=dev",
    node: true,
    noPackages: true,
  },
  {
    command: "yarn",
    verbs: ["install"],
    omits: /--production|NODE_ENV=production|workspaces focus/,
    option: "--production",
    node: true,
    noPackages: true,
  },
  {
    command: "pnpm",
    verbs: ["install", "i"],
    omits: /--prod|NODE_ENV=production|prune/,
    option: "--prod",
    node: true,
    noPackages: true,
  },
  {
    command: "composer",
    verbs: ["install"],
    omits: /--no-dev|COMPOSER_NO_DEV/,
    option: "--no-dev",
    node: false,
    noPackages: true,
  },
  {
    command: "poetry",
    verbs: ["install"],
    omits: /--only[= ]|--without|--no-dev/,
    option: "--only main",
    node: false,
    noPackages: true,
  },
];

const tools: ReadonlyMap<string, Tool> = new Map(list.map((tool) => [tool.command, tool]));

function hasNone(context: BuildContext | undefined, key: string): boolean {
  const text = context?.text("package.json");
  if (text === undefined) return false;
  try {
    const manifest: unknown = JSON.parse(text);
    return (
      typeof manifest === "object" &&
      manifest !== null &&
      (!(key in manifest) || Object.keys((manifest as Record<string, object>)[key] ?? {}).length === 0)
    );
  } catch {
    return false;
  }
}

/** Packages that only build, test, check or restart a program. */
const developmentTool =
  /^(?:nodemon|typescript|ts-node(?:-dev)?|eslint|prettier|mocha|jest|vitest|webpack(?:-cli)?|rollup|nyc|karma|husky|lint-staged|concurrently)(?:@.*)?$/;

/** Whether a step below or the container's command uses a development tool. */
function startsTool(dockerfile: Dockerfile, tool?: string): boolean {
  const name = tool?.replace(/@.*$/, "");
  if (name !== undefined && dockerfile.source.text.split(name).length > 2) return true;
  return shippedInstructions(dockerfile, "CMD").some((cmd) =>
    /\b(?:nodemon|ts-node|tsx|vite|webpack|jest|mocha|run\s+dev)\b/.test(cmd.argumentsText),
  );
}

/** Takes an installation of tools out that neither the container nor a step nor the code names. */
function leaveToolsOut(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
  packages: readonly Word[],
  context: BuildContext | undefined,
): { fix?: Fix } {
  const names = packages.map(({ value }) => value?.replace(/(?!^)@.*$/, "") ?? "");
  const texts = context ? contextTexts(context) : undefined;
  const others = run.script.commands.filter((one) => one !== command);
  const edits =
    run.form === "shell" && !run.script.broken && others.every((one) => emptiesCacheOf(command.name, one))
      ? [removeInstruction(dockerfile, run)]
      : removeCommand(dockerfile, run, command);
  if (
    !edits ||
    !texts ||
    !packages.every(({ value }) => developmentTool.test(value ?? "")) ||
    names.some((name) => startsIt(dockerfile, command, name, texts))
  )
    return assistedFix("Leave it out, or install it in a stage that builds or tests");
  return likelyFix(`Leave ${names.join(" and ")} out, if nobody starts it in a container`, edits);
}

/** Whether a command empties the cache that the one left out would have filled: it goes with it. */
function emptiesCacheOf(tool: string, command: ShellCommand): boolean {
  return command.name === tool && cleans(command);
}

/** Whether another step, the container, the scripts it is started by, or the code names the tool. */
function startsIt(
  dockerfile: Dockerfile,
  install: ShellCommand,
  name: string,
  texts: readonly { readonly path: string; readonly text: string }[],
): boolean {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  const { text } = dockerfile.source;
  if (word.test(text.slice(0, install.range.start)) || word.test(text.slice(install.range.end))) return true;
  return texts.some((one) => {
    if (/(?:^|\/)(?:package-lock|npm-shrinkwrap|\.?eslintrc|\.?prettierrc)[^/]*$/.test(one.path)) return false;
    if (!one.path.endsWith("package.json")) return word.test(one.text);
    const start = /"(?:pre|post)?start[\w:-]*"\s*:\s*"((?:[^"\\]|\\.)*)"/g;
    return [...one.text.matchAll(start)].some((match) => word.test(match[1] ?? ""));
  });
}
