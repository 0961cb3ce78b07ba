import { instructionsOf, type ShellCommand, subcommandWord } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const lockfileMissing: Rule<"dockerfile"> = {
  id: "lockfile-missing",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "Dependencies are installed and no lock file says which",
  why: `Without a lock file each build resolves anew and may install other versions than were tested, or what somebody has
just published under a dependency's name. Make the lock file where you develop (\`npm install --package-lock-only\`, \`poetry
lock\`, …), commit it, do not ignore it in \`.dockerignore\`, and install from it alone: \`npm ci\`, \`yarn install --immutable\`,
\`bundle config set frozen true\`.`,
  *check({ dockerfile, context }) {
    if (!context?.complete) return;
    const present = new Map(context.files.map(({ path, ignored }) => [path, !ignored]));
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const command of run.script.commands) {
        const tool = tools.find(({ name }) => name === command.name);
        const verb = tool && subcommandWord(command);
        if (!tool || !verb || !tool.verbs.includes(verb.value ?? "") || namesPackages(command)) continue;
        if (!present.get(tool.manifest) || !tool.declares.test(context.text(tool.manifest) ?? "")) continue;
        if (locks.some((lock) => lock.tools.includes(tool.name) && present.get(lock.path))) continue;
        const ignored = locks.find(({ tools: of, path }) => of.includes(tool.name) && present.has(path))?.path;
        yield {
          message:
            ignored === undefined
              ? `no lock file says what ${tool.name} ${verb.value ?? ""} is to install`
              : `${ignored} is ignored, so nothing says what ${tool.name} ${verb.value ?? ""} is to install`,
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          ...assistedFix(ignored === undefined ? tool.advice : `Send ${ignored}: take it off .dockerignore`),
        };
      }
  },
  examples: [
    {
      title: "npm",
      text: "FROM node:24\nCOPY . .\nRUN «npm install»\n",
      context: { "package.json": '{"dependencies":{"express":"^4"}}' },
    },
    {
      title: "there, and ignored",
      text: "FROM node:24\nCOPY . .\nRUN «npm install»\n",
      context: {
        "package.json": '{"dependencies":{"express":"^4"}}',
        "package-lock.json": "{}",
        ".dockerignore": "package-lock.json\n",
      },
    },
    {
      title: "locked, nothing to lock, or a package by name",
      text: "FROM node:24\nCOPY . .\nRUN npm install\nRUN npm install left-pad\nRUN bundle install\n",
      context: {
        "package.json": '{"dependencies":{"express":"^4"}}',
        "package-lock.json": "{}",
      },
    },
    { title: "no context to look at", text: "FROM node:24\nCOPY . .\nRUN npm install\n" },
  ],
};

interface Tool {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly manifest: string;
  /** What a manifest with anything to lock holds. */
  readonly declares: RegExp;
  readonly advice: string;
}

const node = { manifest: "package.json", declares: /"(?:d|devD|optionalD|peerD)ependencies"\s*:\s*\{\s*"/ };
const tools: readonly Tool[] = [
  {
    name: "npm",
    verbs: ["install", "i", "ci"],
    ...node,
    advice: "Commit the result of npm install --package-lock-only, and install with npm ci",
  },
  {
    name: "yarn",
    verbs: ["install"],
    ...node,
    advice: "Commit yarn.lock, and install with --frozen-lockfile or --immutable",
  },
  {
    name: "pnpm",
    verbs: ["install", "i"],
    ...node,
    advice: "Commit pnpm-lock.yaml, and install with --frozen-lockfile",
  },
  {
    name: "bundle",
    verbs: ["install"],
    manifest: "Gemfile",
    declares: /^\s*gem\b/m,
    advice: "Commit Gemfile.lock, and set BUNDLE_FROZEN=true",
  },
  {
    name: "composer",
    verbs: ["install"],
    manifest: "composer.json",
    declares: /"require(?:-dev)?"\s*:\s*\{\s*"/,
    advice: "Commit composer.lock",
  },
  {
    name: "poetry",
    verbs: ["install"],
    manifest: "pyproject.toml",
    declares: /dependencies/,
    advice: "Commit the result of poetry lock",
  },
  {
    name: "uv",
    verbs: ["sync"],
    manifest: "pyproject.toml",
    declares: /dependencies/,
    advice: "Commit the result of uv lock, and install with --locked",
  },
  {
    name: "cargo",
    verbs: ["build", "install"],
    manifest: "Cargo.toml",
    declares: /^\[(?:\w+-)?dependencies/m,
    advice: "Commit Cargo.lock, and build with --locked",
  },
];

const locks: readonly { readonly path: string; readonly tools: readonly string[] }[] = [
  { path: "package-lock.json", tools: ["npm", "pnpm", "yarn"] },
  { path: "npm-shrinkwrap.json", tools: ["npm"] },
  { path: "yarn.lock", tools: ["yarn", "npm"] },
  { path: "pnpm-lock.yaml", tools: ["pnpm"] },
  { path: "Gemfile.lock", tools: ["bundle"] },
  { path: "composer.lock", tools: ["composer"] },
  { path: "poetry.lock", tools: ["poetry"] },
  { path: "uv.lock", tools: ["uv"] },
  { path: "Cargo.lock", tools: ["cargo"] },
];

function namesPackages(command: ShellCommand): boolean {
  return (
    command.args.filter(({ raw }) => !raw.startsWith("-")).length > 1 ||
    command.args.some(({ raw }) => /^(?:-g|--global|--prefix.*|-C|--cwd.*|--no-lock.*)$/.test(raw))
  );
}
