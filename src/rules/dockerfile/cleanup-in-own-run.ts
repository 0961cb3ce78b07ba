import { type Dockerfile, joinRuns, shippedInstructions } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { cachePath, cleans } from "../reading/cleaning.ts";
import { sameFlags } from "../reading/run-flags.ts";
import type { Rule } from "../rule.ts";

export const cleanupInOwnRun: Rule<"dockerfile"> = {
  id: "cleanup-in-own-run",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "A RUN that only cleans up frees nothing",
  why: `A layer can hide what an earlier layer holds and never take it away. A RUN that only empties caches adds a layer and leaves every byte where it was. Clean
up in the RUN that made the files.`,
  *check({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const { commands } = run.script;
      if (
        run.script.broken ||
        commands.length === 0 ||
        !commands.every(cleans) ||
        commands.some(
          (command) => command.name === "rm" && !command.args.some((word) => cachePath.test(word.value ?? "")),
        )
      )
        continue;
      const before = dockerfile.instructions[run.index - 1];
      const joins =
        before?.keyword === "RUN" &&
        before.stage === run.stage &&
        !commentBetween(dockerfile, before.range.end, run.range.start);
      yield {
        message: "this only hides what earlier layers hold",
        at: inSource(dockerfile, {
          start: commands[0]?.range.start ?? run.range.start,
          end: commands.at(-1)?.range.end ?? run.range.end,
        }),
        ...safeFix(
          "Clean up in the RUN before",
          joins && sameFlags(before, run) ? joinRuns(dockerfile, before, run) : undefined,
        ),
      };
    }
  },
  examples: [
    {
      title: "lists removed too late",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN «rm -rf /var/lib/apt/lists/*»\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "not right behind",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY a /a\nRUN «apt-get clean && rm -rf /var/lib/apt/lists/*»\n",
    },
    {
      title: "in the same RUN",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl && apt-get clean\n",
    },
    { title: "other files may go because they must not be seen", text: "FROM debian:12\nRUN rm /etc/motd\n" },
  ],
};

function commentBetween(dockerfile: Dockerfile, start: number, end: number): boolean {
  return dockerfile.comments.some(({ range }) => range.start >= start && range.end <= end);
}
