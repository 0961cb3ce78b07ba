import type { BuildContext, Fix } from "../../core/index.ts";
import {
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  insertLineBefore,
  removeInstruction,
  type RunInstruction,
  type ShellCommand,
  subcommandOf,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { pipInstalls } from "../reading/pip.ts";
import type { Rule } from "../rule.ts";

export const copyAllBeforeDeps: Rule<"dockerfile"> = {
  id: "copy-all-before-deps",
  subject: "dockerfile",
  aim: "speed",
  severity: "medium",

  summary: "Everything is copied before the dependencies are installed",
  why: `A layer is built again when what it copies has changed, and so are all below it. With all sources copied first, every change of one line installs all
dependencies again. Copy the manifests, install, then copy the rest.`,

  *check({ dockerfile, context }) {
    for (const stage of dockerfile.stages) {
      const copies = stage.instructions.filter(
        (one) => (one.keyword === "COPY" || one.keyword === "ADD") && !one.flags.some((flag) => flag.name === "from"),
      );
      const whole = copies.find(
        (one) =>
          (one.keyword === "COPY" || one.keyword === "ADD") &&
          one.sources.some((source) => /^(?:\.\/?|\/)$/.test(source.value ?? "")),
      );
      if (!whole || (whole.keyword !== "COPY" && whole.keyword !== "ADD")) continue;
      for (const run of stage.instructions) {
        if (run.keyword !== "RUN" || run.index < whole.index) continue;
        const step = installStep(run);
        if (!step || manifestsCopied(stage.instructions, whole.index, step.manifests)) continue;
        yield {
          message: `a change of any file runs ${step.command.name} ${step.verb} again`,
          at: inSource(dockerfile, step.command.range),
          related: [{ at: inSource(dockerfile, whole.range), message: "everything is copied here" }],
          ...fixFor(dockerfile, context, whole, run, step),
        };
        break;
      }
    }
  },
  examples: [
    {
      title: "npm",
      text: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN «npm ci»\nCMD ["node", "a.js"]\n',
      context: { "package.json": "{}", "package-lock.json": "{}", "a.js": "x" },
      fixed:
        'FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "a.js"]\n',
    },
    {
      title: "pip",
      text: "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN «pip install -r requirements.txt»\n",
      context: { "requirements.txt": "flask", "a.py": "x" },
      fixed:
        "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n",
    },
    {
      title: "a package of the project's own",
      text: "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN «pip install ./vendor/tiny»\n",
      context: { "vendor/tiny/setup.py": "x", "a.py": "x" },
    },
    {
      title: "a local dependency needs the sources",
      text: "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN «npm ci»\n",
      context: { "package.json": '{"dependencies":{"x":"file:./x"}}', "package-lock.json": "{}" },
    },
    { title: "manifests first", text: "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n" },
    { title: "packages of the system do not read the sources", text: "FROM python:3.12\nCOPY . .\nRUN python a.py\n" },
  ],
};

interface Step {
  readonly command: ShellCommand;
  readonly verb: string;
  /** What the install reads, in the order it is copied. */
  readonly manifests: readonly string[];
}

const tools: readonly {
  readonly command: RegExp;
  readonly verbs: readonly string[];
  readonly manifests: readonly string[];
}[] = [
  {
    command: /^npm$/,
    verbs: ["install", "ci", "i"],
    manifests: ["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"],
  },
  { command: /^yarn$/, verbs: ["install"], manifests: ["package.json", "yarn.lock", ".yarnrc.yml", ".yarnrc"] },
  { command: /^pnpm$/, verbs: ["install", "i", "fetch"], manifests: ["package.json", "pnpm-lock.yaml", ".npmrc"] },
  { command: /^bundle$/, verbs: ["install"], manifests: ["Gemfile", "Gemfile.lock"] },
  { command: /^composer$/, verbs: ["install"], manifests: ["composer.json", "composer.lock"] },
  { command: /^go$/, verbs: ["mod"], manifests: ["go.mod", "go.sum"] },
  { command: /^poetry$/, verbs: ["install"], manifests: ["pyproject.toml", "poetry.lock"] },
  { command: /^uv$/, verbs: ["sync"], manifests: ["pyproject.toml", "uv.lock"] },
];

/** The first command of a RUN that installs what a manifest lists, and nothing that is named. */
function installStep(run: RunInstruction): Step | undefined {
  for (const command of run.script.commands) {
    const verb = subcommandOf(command) ?? "";
    const tool = tools.find((one) => one.command.test(command.name) && one.verbs.includes(verb));
    const more = command.args.filter((word) => !word.raw.startsWith("-")).length > 1;
    if (tool && (!more || verb === "mod")) return { command, verb, manifests: tool.manifests };
  }
  for (const { command } of pipInstalls(run)) {
    const at = command.args.findIndex((word) => word.raw === "-r" || word.raw === "--requirement");
    const file = command.args[at + 1]?.value;
    if (at >= 0 && file !== undefined && !file.startsWith("/") && !file.includes("*"))
      return { command, verb: "install", manifests: [file.replace(/^\.\//, "")] };
  }
  for (const { command, verb } of pipInstalls(run)) {
    // A directory of the project: it is its own manifest.
    const local = command.args.find(({ value }) => /^\.\/[\w./-]*\w$/.test(value ?? "") && !/\.\w+$/.test(value ?? ""));
    if (local?.value && verb) return { command, verb: "install", manifests: [local.value.slice(2)] };
  }
  return undefined;
}

function manifestsCopied(instructions: readonly Instruction[], before: number, manifests: readonly string[]): boolean {
  return instructions.some(
    (one) =>
      (one.keyword === "COPY" || one.keyword === "ADD") &&
      one.index < before &&
      one.sources.some((source) => manifests.some((manifest) => matches(manifest, source.value ?? ""))),
  );
}

function matches(manifest: string, source: string): boolean {
  const name = source.split("/").pop() ?? source;
  return name === manifest || (name.includes("*") && manifest.startsWith(name.slice(0, name.indexOf("*"))));
}

/** Moves the install above the copy, when the context shows that it reads the manifests alone. */
function fixFor(
  dockerfile: Dockerfile,
  context: BuildContext | undefined,
  whole: CopyInstruction,
  run: RunInstruction,
  step: Step,
): { fix?: Fix } {
  const advice = assistedFix(
    `Copy ${step.manifests[0] ?? "the manifest"} and what locks it first, install, then copy the rest`,
  );
  if (!context) return advice;
  const there = step.manifests.filter((name) => context.files.some((file) => file.path === name && !file.ignored));
  const texts = there.map((name) => context.text(name) ?? "");
  if (
    !there.includes(step.manifests[0] ?? "") ||
    texts.some((text) => needsSources.test(text)) ||
    run.script.commands.length > 1 ||
    run.heredocs.length > 0
  )
    return advice;
  const target = whole.target.value;
  const between = dockerfile.instructions.slice(whole.index + 1, run.index);
  if (
    target === undefined ||
    !/^(?:\.\/?|\/.*)$/.test(target) ||
    between.some((one) => one.keyword === "RUN" || one.keyword === "WORKDIR" || one.keyword === "USER")
  )
    return advice;
  if (target !== "." && target !== "./" && !between.every((one) => one.keyword !== "WORKDIR")) return advice;
  if (
    target.startsWith("/") &&
    !dockerfile.instructions.some(
      (one) =>
        one.keyword === "WORKDIR" &&
        one.stage === run.stage &&
        one.index < whole.index &&
        one.words[0]?.value?.replace(/\/$/, "") === target.replace(/\/$/, ""),
    )
  )
    return advice;
  const flags = whole.flags
    .map((flag) => ` ${dockerfile.source.text.slice(flag.range.start, flag.range.end)}`)
    .join("");
  const runText = dockerfile.source.text.slice(run.range.start, run.range.end);
  const lines = `COPY${flags} ${there.join(" ")} ./${dockerfile.newline}${runText}`;
  return likelyFix("Install before copying the rest, if the install reads only its manifests", [
    insertLineBefore(dockerfile, whole, lines),
    removeInstruction(dockerfile, run),
  ]);
}

/** Local paths, workspaces, editable installs, and scripts that run on install. */
const needsSources =
  /"(?:file|link|workspace|portal):|"workspaces"|"(?:pre|post)?install"\s*:|"prepare"\s*:|^\s*(?:-e|--editable)\b|^\s*-r\s|^\s*(?:\.{0,2}\/|\.$)|\bpath\s*[:=]|^\s*replace\b|packages\s*=\s*\[/m;
