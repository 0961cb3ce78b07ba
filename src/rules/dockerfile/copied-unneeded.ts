import type { BuildContext, Fix } from "../../core/index.ts";
import {
  type CopyInstruction,
  type Dockerfile,
  normalizePath,
  replaceRange,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { isHarmlessStep } from "../reading/compiles.ts";
import { contextCopies } from "../reading/context.ts";
import { pipInstalls } from "../reading/pip.ts";
import { pythonFiles } from "../reading/python-program.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

/** Bytes below which the rest of a project is not worth a word. */
const worthSaying = 100_000;
/** More names than a person would list. */
const maximumNames = 12;

export const copiedUnneeded: Rule<"dockerfile"> = {
  id: "copied-unneeded",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "The whole project is copied, and the program is a small part of it",
  why: `\`COPY . /app\` takes everything that happens to lie beside the program: raw data, dumps, the front end, credentials. A
\`.dockerignore\` keeps out what somebody thought of; copying by name lets in what is needed and nothing else. The rule follows
the imports of the program that is started, and speaks only where the code names every file it reads.`,
  check: whereSaid(/python|uvicorn|gunicorn|hypercorn|waitress/, function* ({ dockerfile, context }) {
    if (!context?.complete) return;
    const stage = dockerfile.stages.at(-1);
    for (const { copy, source, path } of contextCopies(dockerfile)) {
      if (path !== "" || copy.sources.length !== 1 || copy.stage < 0 || !stage) continue;
      const found = neededOf(dockerfile, stage, copy, context);
      if (!found || found.spared < worthSaying) continue;
      yield {
        message: `the program is made of ${found.names.join(", ")}, and all of the project is copied`,
        at: inSource(dockerfile, source.range),
        bytes: { value: found.spared, basis: "estimated" },
        ...narrow(dockerfile, copy, found.names, context),
      };
    }
  }),
  examples: [
    {
      title: "a module and what it imports",
      text: 'FROM python:3.13-slim\nCOPY --chown=1000 «.» /app\nWORKDIR /app\nRUN pip install -r requirements.txt ./vendor/tiny\nCMD ["python", "-m", "report"]\n',
      context: {
        "report/__init__.py": "",
        "report/__main__.py": 'import csv\nfrom report import summary\nfrom common import log\nopen("names.csv")\n',
        "report/summary.py": "x = 1\n",
        "common.py": "import json\n",
        "names.csv": "a",
        "requirements.txt": "flask\n",
        "vendor/tiny/setup.py": "from setuptools import setup\nsetup(name='tiny')\n",
        "vendor/other/a.py": "",
        "data/raw.bin": "x".repeat(200_000),
      },
      fixed:
        'FROM python:3.13-slim\nCOPY --chown=1000 common.py names.csv requirements.txt /app/\nCOPY --chown=1000 report /app/report\nCOPY --chown=1000 vendor/tiny /app/vendor/tiny\nWORKDIR /app\nRUN pip install -r requirements.txt ./vendor/tiny\nCMD ["python", "-m", "report"]\n',
    },
    {
      title: "a script beside its module",
      text: "FROM python:3.13-slim\nWORKDIR /app\nCOPY «.» .\nCMD python -u main.py\n",
      context: { "main.py": "from log import write\n", "log.py": "", "dump.sql": "x".repeat(200_000) },
      fixed: "FROM python:3.13-slim\nWORKDIR /app\nCOPY log.py main.py ./\nCMD python -u main.py\n",
    },
    {
      title: "code that looks for files itself, a step that may read any, or little to spare",
      text: "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD python main.py\n",
      context: { "main.py": "import glob\n", "dump.sql": "x".repeat(200_000) },
    },
    {
      title: "a step that may read any of them",
      text: "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN make assets\nCMD python main.py\n",
      context: { "main.py": "import json\n", "dump.sql": "x".repeat(200_000) },
    },
    {
      title: "little to spare",
      text: "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD python main.py\n",
      context: { "main.py": "import json\n", "dump.sql": "x" },
    },
  ],
};

interface Needed {
  /** Files and directories, as COPY would name them, sorted. */
  readonly names: readonly string[];
  readonly spared: number;
}

function neededOf(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  context: BuildContext,
): Needed | undefined {
  const to = copy.target.value;
  const directory = workdirAt(dockerfile, copy);
  if (to === undefined || (!to.startsWith("/") && directory === undefined)) return undefined;
  const target = normalizePath(to.startsWith("/") ? to : `${directory ?? ""}/${to}`);
  const program = target === "/" ? undefined : pythonFiles(dockerfile, stage, context, "", target);
  const named = program && namedBySteps(dockerfile, copy, target, context);
  if (!program || !named) return undefined;
  const needed = new Set([...program, ...named]);
  const sent = context.files.filter(({ type, ignored }) => type === "file" && !ignored);
  const names = coverage(
    sent.map(({ path }) => path),
    needed,
  );
  const left = sent.filter(({ path }) => !needed.has(path));
  return names.length > maximumNames ? undefined : { names, spared: left.reduce((sum, { size }) => sum + size, 0) };
}

/** What later steps name of the project; undefined where one of them may read more than it names. */
function namedBySteps(
  dockerfile: Dockerfile,
  copy: CopyInstruction,
  target: string,
  context: BuildContext,
): ReadonlySet<string> | undefined {
  const named = new Set<string>();
  const sent = context.files.filter(({ type, ignored }) => type === "file" && !ignored);
  for (const one of dockerfile.instructions) {
    if (one.index <= copy.index) continue;
    if (one.keyword === "HEALTHCHECK" && !one.none) return undefined;
    if (one.keyword !== "RUN") continue;
    if (one.flags.length > 0 || one.script.broken) return undefined;
    const pips = pipInstalls(one);
    const directory = workdirAt(dockerfile, one) ?? "/";
    for (const command of one.script.commands) {
      if (command.name === "cd" || !(isHarmlessStep(command) || pips.some((pip) => pip.command === command)))
        return undefined;
      if (/^(?:rm|chown)$/.test(command.name)) continue;
      for (const { value } of command.args) {
        const path = normalizePath(value?.startsWith("/") ? value : `${directory}/${value ?? ""}`);
        if (value === undefined || value.startsWith("-") || !path.startsWith(`${target}/`)) continue;
        const relative = path.slice(target.length + 1);
        if (/[*?[]/.test(relative)) return undefined;
        for (const file of sent)
          if (file.path === relative || file.path.startsWith(`${relative}/`)) named.add(file.path);
      }
      if (
        command.name === "cp" ||
        command.name === "mv" ||
        pips.some(({ command: pip }) => pip.args.some(({ value }) => value === "."))
      )
        return undefined;
    }
  }
  return named;
}

/** Directories that are needed as a whole by their name, other files by their own. */
function coverage(sent: readonly string[], needed: ReadonlySet<string>): readonly string[] {
  const partial = new Set<string>();
  for (const path of sent) {
    if (needed.has(path)) continue;
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) partial.add(path.slice(0, at));
  }
  const names = new Set<string>();
  for (const path of needed) {
    let name = path;
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      if (partial.has(path.slice(0, at))) break;
      name = path.slice(0, at);
    }
    names.add(name);
  }
  return [...names].sort();
}

function narrow(
  dockerfile: Dockerfile,
  copy: CopyInstruction,
  names: readonly string[],
  context: BuildContext,
): { fix?: Fix } {
  if (copy.form === "exec" || names.some((name) => !/^[\w./@+-]+$/.test(name))) return {};
  const { text } = dockerfile.source;
  const head = text.slice(copy.range.start, copy.argumentsRange.start);
  const target = copy.target.raw.replace(/\/+$/, "");
  const files = new Set(context.files.flatMap(({ path, type }) => (type === "file" ? [path] : [])));
  const top = names.filter((name) => files.has(name) && !name.includes("/"));
  const deeper = names.filter((name) => files.has(name) && name.includes("/"));
  const trees = names.filter((name) => !files.has(name));
  const lines = [
    ...(top.length > 0 ? [`${head}${top.join(" ")} ${target}/`] : []),
    ...[...deeper, ...trees].sort().map((name) => `${head}${name} ${target}/${name}`),
  ];
  return likelyFix(
    `Copy ${names.join(", ")} alone, if the program reads nothing else of the project`,
    replaceRange(dockerfile, copy.range, lines.join(dockerfile.newline)),
  );
}
