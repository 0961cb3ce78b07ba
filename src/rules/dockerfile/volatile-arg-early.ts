import { type Instruction, insertLineBefore, instructionsOf, removeInstruction } from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const volatileArgEarly: Rule<"dockerfile"> = {
  id: "volatile-arg-early",
  subject: "dockerfile",
  aim: "speed",
  severity: "low",

  summary: "A value that changes with every build stands above steps that do not use it",
  why: `An ARG is part of the cache key of every RUN below it, used or not. A commit, date or build number above the install step therefore builds it anew each time.
Declare it right above its first use, best at the end.`,

  *check({ dockerfile }) {
    for (const arg of instructionsOf(dockerfile, "ARG")) {
      if (arg.stage < 0) continue;
      for (const { name } of arg.pairs) {
        if (!volatile.test(name.raw)) continue;
        const below = (dockerfile.stages[arg.stage]?.instructions ?? []).filter((one) => one.index > arg.index);
        const firstUse = below.findIndex((one) => uses(one, name.raw));
        const run = (firstUse < 0 ? below : below.slice(0, firstUse)).find((one) => one.keyword === "RUN");
        if (!run) continue;
        const use = firstUse < 0 ? undefined : below[firstUse];
        const alone = arg.pairs.length === 1;
        const line = dockerfile.source.text.slice(arg.lineRange.start, arg.lineRange.end);
        const edits =
          use && alone && !line.includes("\n")
            ? [removeInstruction(dockerfile, arg), insertLineBefore(dockerfile, use, line)]
            : undefined;
        yield {
          message: `every new value of ${name.raw} builds the steps below again`,
          at: inSource(dockerfile, name.range),
          related: [{ at: inSource(dockerfile, run.keywordRange), message: "this step does not use it" }],
          ...likelyFix("Declare it right above its first use, if no script reads it before", edits),
        };
      }
    }
  },
  examples: [
    {
      title: "a commit for a label",
      text: "FROM debian:12\nARG «GIT_COMMIT»\nRUN apt-get update\nLABEL rev=$GIT_COMMIT\n",
      fixed: "FROM debian:12\nRUN apt-get update\nARG GIT_COMMIT\nLABEL rev=$GIT_COMMIT\n",
    },
    { title: "never used", text: "FROM debian:12\nARG «BUILD_DATE»\nRUN apt-get update\n" },
    { title: "used by the next step", text: "FROM debian:12\nARG GIT_SHA\nRUN make REV=$GIT_SHA\nRUN ls\n" },
    { title: "what rarely changes", text: "FROM debian:12\nARG PYTHON_VERSION=3\nRUN apt-get update\n" },
  ],
};

const volatile =
  /^(?:.*_)?(?:GIT_?(?:COMMIT|SHA|REF|REV|HASH|BRANCH)|COMMIT(?:_?(?:SHA|HASH|ID))?|VCS_REF|REVISION|BUILD_?(?:DATE|TIME|NUMBER|ID|NO|TIMESTAMP)|TIMESTAMP|CACHE_?BUST|SOURCE_DATE_EPOCH|CI_COMMIT\w*|GITHUB_SHA)$/i;

function uses(instruction: Instruction, name: string): boolean {
  const text = `${instruction.argumentsText} ${instruction.flags.map((flag) => flag.value?.raw ?? "").join(" ")}`;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (/[${]/.test(text[at - 1] ?? "") && !/\w/.test(text[at + name.length] ?? "")) return true;
  }
  return false;
}
