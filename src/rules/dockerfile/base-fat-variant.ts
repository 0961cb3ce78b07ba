import type { BaseFacts, TagFacts } from "../../bases/index.ts";
import type { BuildContext, Fix, SourceRange } from "../../core/index.ts";
import { chainOf, type Dockerfile, replaceRange, shippedStages, type Stage, subcommandOf } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { imageUses, tagRange } from "../reading/images.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import { leanIsEnough, slimIsEnough } from "../reading/slim-enough.ts";
import type { Known, Rule } from "../rule.ts";

export const baseFatVariant: Rule<"dockerfile"> = {
  id: "base-fat-variant",
  subject: "dockerfile",
  aim: "size",
  severity: "low",

  summary: "The full variant of the base is shipped where the slim one may do",
  why: `The full variant of a language image holds compilers, headers and version control for building native packages: some 250 to 900 MB more than \`-slim\`, all of it
something to patch. A stage that compiles nothing does not need it.`,

  *check({ dockerfile, context }, known) {
    const shipped = shippedStages(dockerfile);
    for (const use of imageUses(dockerfile)) {
      const { official, tag } = use.reference;
      if (use.kind !== "from" || official === undefined || !shipped.has(use.instruction.stage)) continue;
      const facts = known.tag(official, tag ?? "latest");
      const stage = dockerfile.stages[use.instruction.stage];
      const base = known.base(use.text);
      // A base without compilers lets whoever compiles install them, in either variant.
      if (!stage || !facts || (base.compilers && compiles(dockerfile, stage))) continue;
      const slim = slimTag(official, tag, facts, known);
      if (
        slim === undefined ||
        (base.sdk !== undefined && base.sdk !== "node") ||
        (facts.slim === undefined && base.compilers !== true)
      )
        continue;
      const range = tagRange(use);
      yield {
        message: base.compilers
          ? "this holds compilers and headers that nothing here uses"
          : "the slim variant of this is smaller and lacks documentation and translations alone",
        at: inSource(dockerfile, range && range.end > range.start ? range : use.word.range),
        bytes: { value: official === "debian" ? 42_000_000 : 800_000_000, basis: "estimated" },
        ...fixFor(dockerfile, stage, context, base, official, slim, facts, range),
      };
    }
  },
  examples: [
    { title: "python", text: 'FROM python:«3.13»\nCOPY app.py .\nCMD ["python", "app.py"]\n' },
    {
      title: "a distribution, which has no compilers to lose",
      text: "FROM debian:«12»\nRUN apt-get update && apt-get install -y gcc && gcc x.c\n",
    },
    { title: "it compiles", text: "FROM python:3.13\nRUN apt-get update && apt-get install -y libpq-dev\n" },
    {
      title: "slim, alpine, an image without",
      text: "FROM python:3.13-slim\nFROM node:24-alpine\nFROM nginx:stable\n",
    },
    {
      title: "the project's code calls nothing that only the full variant has",
      text: 'FROM python:«3.13-trixie»\nCOPY . /app\nCMD ["python", "/app/app.py"]\n',
      context: { "app.py": "import json\n" },
      fixed: 'FROM python:3.13-slim-trixie\nCOPY . /app\nCMD ["python", "/app/app.py"]\n',
    },
    {
      title: "requirements that come as wheels",
      text: 'FROM python:«3.13»\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      context: { "app.py": "import flask\n", "requirements.txt": "flask==3.1\nrequests\n" },
      fixed:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
    },
    {
      title: "code that calls git",
      text: 'FROM python:«3.13»\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
      context: { "app.py": 'import subprocess\nsubprocess.run(["git", "pull"])\n' },
    },
    {
      title: "requirements that need a compiler",
      text: 'FROM python:«3.13»\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      context: { "app.py": "import psycopg2\n", "requirements.txt": "psycopg2\n" },
    },
    {
      title: "a distribution: nothing reads its documentation",
      text: 'FROM debian:«bookworm»\nRUN apt-get update && apt-get install -y python3\nCMD ["python3"]\n',
      fixed: 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y python3\nCMD ["python3"]\n',
    },
    { title: "a build stage is not shipped", text: "FROM python:3.13 AS build\nFROM python:3.13-slim\n" },
  ],
};

const builders = /^(?:gcc|g\+\+|cc|make|cmake|cargo|go|javac|mvn|gradle|node-gyp|git)$/;

function compiles(dockerfile: Dockerfile, stage: Stage): boolean {
  return chainOf(dockerfile, stage.index).some((one) =>
    one.instructions.some(
      (run) =>
        run.keyword === "RUN" &&
        (run.script.commands.some(
          (command) => builders.test(command.name) && !(command.name === "git" && subcommandOf(command) === "config"),
        ) ||
          installs(run).some((call) =>
            call.packages.some((word) => /-dev$|^(?:build-essential|gcc|g\+\+|make)$/.test(packageName(word))),
          )),
    ),
  );
}

/** The slim sibling of a tag, as precise as the tag itself where there is one; undefined where the tag has none, or is one. */
function slimTag(official: string, tag: string | undefined, facts: TagFacts, known: Known): string | undefined {
  if (tag === undefined || tag === "latest") return known.tag(official, "slim")?.live ? "slim" : facts.slim;
  if (tag.includes("slim") || tag.includes("alpine")) return undefined;
  const dash = tag.indexOf("-");
  const candidates = dash < 0 ? [`${tag}-slim`] : [`${tag.slice(0, dash)}-slim${tag.slice(dash)}`, `${tag}-slim`];
  const live = candidates.find((one) => known.tag(official, one)?.live);
  return live ?? facts.slim ?? (facts.live || dash >= 0 ? undefined : candidates[0]);
}

function fixFor(
  dockerfile: Dockerfile,
  stage: Stage,
  context: BuildContext | undefined,
  base: BaseFacts,
  official: string,
  slim: string,
  facts: TagFacts,
  range: SourceRange | undefined,
): { fix?: Fix } {
  const title = `Use ${official}:${slim}`;
  const starts = stage.instructions.some(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  const enough = base.compilers ? slimIsEnough(dockerfile, stage, context) : leanIsEnough(dockerfile, stage);
  if (!range || !starts || !enough || facts.state === "unknown") return assistedFix(title);
  const separator = range.end > range.start ? "" : ":";
  return likelyFix(
    base.compilers
      ? `${title}, if the program loads no library and calls no tool that only the full image has`
      : `${title}, if nothing reads manuals or translations`,
    replaceRange(dockerfile, range, separator + slim),
  );
}
