import type { Fix } from "../../core/index.ts";
import {
  type CopyInstruction,
  type Dockerfile,
  insertLineBefore,
  isEditable,
  removeInstruction,
  type RunInstruction,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import { isLocalPackage, managerCalls } from "../reading/package-managers.ts";
import type { Rule } from "../rule.ts";

export const packagesAfterCopy: Rule<"dockerfile"> = {
  id: "packages-after-copy",
  subject: "dockerfile",
  aim: "speed",
  severity: "low",
  summary: "Packages of the system are installed after everything was copied",
  why: `A layer is built again when anything above it changes. Packages out of an index do not depend on the project's
sources, so their step belongs above the COPY: then a change of one line does not fetch them all again.`,
  *check({ dockerfile }) {
    for (const { copy, path } of contextCopies(dockerfile)) {
      if (path !== "") continue;
      for (const run of dockerfile.stages[copy.stage]?.instructions ?? []) {
        if (run.keyword !== "RUN" || run.index < copy.index) continue;
        const call = managerCalls(run).find(
          ({ does, packages }) => does === "install" && packages.length > 0 && !packages.some(isLocalPackage),
        );
        if (!call?.verb) continue;
        yield {
          message: `a change of any file runs this ${call.command.name} ${call.verb.value ?? ""} again`,
          at: inSource(dockerfile, { start: call.command.nameWord.range.start, end: call.verb.range.end }),
          related: [{ at: inSource(dockerfile, copy.range), message: "everything is copied here" }],
          ...move(dockerfile, copy, run),
        };
      }
      return;
    }
  },
  examples: [
    {
      title: "below the copy",
      text: 'FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && «apt-get install» -y git\nCMD ["/app/x"]\n',
      fixed: 'FROM debian:12\nWORKDIR /app\nRUN apt-get update && apt-get install -y git\nCOPY . .\nCMD ["/app/x"]\n',
    },
    {
      title: "with steps of the project in it",
      text: "FROM alpine:3.20\nCOPY . /app\nRUN /app/prepare && «apk add» git\n",
    },
    {
      title: "above it, from a file, or part of the context copied",
      text: "FROM debian:12\nRUN apt-get install -y git\nCOPY . /app\nRUN apt-get install -y /app/x.deb\nFROM debian:12\nCOPY a.py /a.py\nRUN apt-get install -y git\n",
    },
  ],
};

const only: ReadonlySet<string> = new Set(["rm", "true", ":"]);

/** Moves the RUN above the copy, when it calls package managers alone and nothing between could matter to it. */
function move(dockerfile: Dockerfile, copy: CopyInstruction, run: RunInstruction): { fix?: Fix } {
  const advice = assistedFix("Install above the COPY");
  const calls = new Set(managerCalls(run).map(({ command }) => command));
  const between = dockerfile.instructions.slice(copy.index + 1, run.index);
  if (
    !isEditable(run) ||
    run.heredocs.length > 0 ||
    run.script.commands.some((command) => !calls.has(command) && !only.has(command.name)) ||
    between.some(({ keyword }) => keyword !== "WORKDIR" && keyword !== "EXPOSE" && keyword !== "LABEL")
  )
    return advice;
  const text = dockerfile.source.text.slice(run.range.start, run.range.end);
  return likelyFix("Install above the COPY, if the packages need nothing of the project", [
    insertLineBefore(dockerfile, copy, text),
    removeInstruction(dockerfile, run),
  ]);
}
