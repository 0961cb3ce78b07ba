import { chainOf, type Dockerfile, shippedStages, type Stage, subcommandOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { imageUses, tagRange } from "../reading/images.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import type { Rule } from "../rule.ts";

export const baseFatVariant: Rule<"dockerfile"> = {
  id: "base-fat-variant",
  subject: "dockerfile",
  aim: "size",
  severity: "low",

  summary: "The full variant of the base is shipped where the slim one may do",
  why: `The full variant of a language image holds compilers, headers and version control for building native packages: some 250 to 900 MB more than \`-slim\`, all of it
something to patch. A stage that compiles nothing does not need it.`,

  *check({ dockerfile }, known) {
    const shipped = shippedStages(dockerfile);
    for (const use of imageUses(dockerfile)) {
      const { official, tag } = use.reference;
      if (use.kind !== "from" || official === undefined || !shipped.has(use.instruction.stage)) continue;
      const facts = known.tag(official, tag ?? "latest");
      const stage = dockerfile.stages[use.instruction.stage];
      const base = known.base(use.text);
      // A base without compilers lets whoever compiles install them, in either variant.
      if (!stage || !facts || (base.compilers && compiles(dockerfile, stage))) continue;
      const slim =
        facts.slim ??
        (facts.live || tag === undefined || tag.includes("slim") || tag.includes("alpine") ? undefined : `${tag}-slim`);
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
        ...assistedFix(`Use ${official}:${slim}`),
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
