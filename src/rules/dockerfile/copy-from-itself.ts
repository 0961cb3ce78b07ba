import { assistedFix, inSource } from "../problem.ts";
import { lendersOf, lendingStage } from "../reading/lenders.ts";
import type { Rule } from "../rule.ts";

export const copyFromItself: Rule<"dockerfile"> = {
  id: "copy-from-itself",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "A stage takes files from itself",
  why: `\`COPY --from\` and \`RUN --mount=from=\` read a stage once it is finished, and a stage is not finished before its own last line:
BuildKit stops with a circular dependency. What the stage already has can be moved with \`RUN cp\` or read where it is; otherwise
another stage was meant.`,
  aliases: ["DL3023", "DS-0006"],
  *check({ dockerfile }) {
    if (!dockerfile.stages[0]?.from) return;
    for (const lender of lendersOf(dockerfile)) {
      const { instruction, kind, range, word, text } = lender;
      if (lendingStage(dockerfile, lender)?.index !== instruction.stage) continue;
      yield {
        message: `${text} is the stage this line stands in`,
        at: inSource(dockerfile, range ?? word.range),
        ...assistedFix(
          kind === "copy"
            ? "Name the stage that was meant, or use RUN cp for files of this one"
            : "Name the stage that was meant; files of this one are there without a mount",
        ),
      };
    }
  },
  examples: [
    {
      title: "by its name, whatever the case",
      text: "FROM debian:12 AS build\nRUN make\nCOPY --from=«Build» /x /y\n",
    },
    { title: "by its number", text: "FROM debian:12\nFROM debian:12\nCOPY --from=«1» /x /y\n" },
    {
      title: "in a mount",
      text: "FROM debian:12 AS build\nRUN --mount=type=bind,target=/b,from=«build» cp /b/x /y\n",
    },
    {
      title: "named like the image it is made of",
      text: "FROM debian AS debian\nCOPY --from=«debian» /etc/passwd /p\n",
    },
    {
      title: "a stage above, also the one it is made of",
      text: "FROM debian:12 AS base\nRUN make\nFROM base AS build\nCOPY --from=base /x /y\nRUN --mount=from=0,target=/b cp /b/x /z\n",
    },
    {
      title: "an image of the same name",
      text: "FROM debian:12 AS debian\nCOPY --from=debian:11 /x /y\nCOPY --from=example.com/debian /x /z\n",
    },
    {
      title: "a name given twice is another rule's",
      text: "FROM debian:12 AS build\nRUN make\nFROM debian:12 AS build\nCOPY --from=build /x /y\n",
    },
    {
      title: "a path or a cache of that name",
      text: "FROM debian:12 AS build\nCOPY build /build\nRUN --mount=type=cache,id=build,target=/b make\n",
    },
    { title: "further down is another rule's", text: "FROM debian:12\nCOPY --from=b /x /y\nFROM debian:12 AS b\n" },
    { title: "a part of a file", text: "COPY --from=0 /x /y\n" },
    { title: "what another file's build triggers", text: "FROM debian:12 AS build\nONBUILD COPY --from=build /x /y\n" },
  ],
};
