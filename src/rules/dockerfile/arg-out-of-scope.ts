import type { SourceRange } from "../../core/index.ts";
import { type Dockerfile, insertLineBefore, instructionsOf, type RunInstruction } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const argOutOfScope: Rule<"dockerfile"> = {
  id: "arg-out-of-scope",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "A RUN uses an ARG that was declared for FROM only",
  why: `An \`ARG\` before the first \`FROM\` is visible in FROM lines and nowhere else. In a stage the variable is empty until the stage declares it again with
\`ARG NAME\`, which takes over the default.`,
  *check({ dockerfile }) {
    const globals = dockerfile.globalArguments;
    if (globals.length === 0) return;
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (run.stage < 0 || run.form === "exec") continue;
      for (const name of globals) {
        if (dockerfile.declares(name, run)) continue;
        const at = findUse(run.argumentsText, name);
        if (at < 0 || assigns(run, name)) continue;
        const range = useRange(dockerfile, run.lineRange, name);
        if (!range) continue;
        yield {
          message: `${name} is empty here: it was declared before FROM`,
          at: inSource(dockerfile, range),
          ...safeFix(`Declare ARG ${name} in the stage`, [insertLineBefore(dockerfile, run, `ARG ${name}`)]),
        };
      }
    }
  },
  examples: [
    {
      title: "used in a RUN",
      text: "ARG V=1\nFROM a:$V\nRUN echo «$V»\n",
      fixed: "ARG V=1\nFROM a:$V\nARG V\nRUN echo $V\n",
    },
    {
      title: "with braces",
      text: 'ARG V=1\nFROM a\nRUN echo "«${V}»"\n',
      fixed: 'ARG V=1\nFROM a\nARG V\nRUN echo "${V}"\n',
    },
    { title: "declared again", text: "ARG V=1\nFROM a\nARG V\nRUN echo $V\n" },
    { title: "set by the script", text: "ARG V=1\nFROM a\nRUN V=2 && echo $V\n" },
    { title: "a longer name", text: "ARG V=1\nFROM a:$V\nRUN echo $VERSION\n" },
  ],
};

function findUse(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1];
    if ((before === "$" || (before === "{" && text[at - 2] === "$")) && !/\w/.test(text[at + name.length] ?? ""))
      return at;
  }
  return -1;
}

function useRange(dockerfile: Dockerfile, within: SourceRange, name: string): SourceRange | undefined {
  const text = dockerfile.source.text.slice(within.start, within.end);
  const at = findUse(text, name);
  if (at < 0) return undefined;
  const braced = text[at - 1] === "{";
  const close = braced ? text.indexOf("}", at) : -1;
  return {
    start: within.start + at - (braced ? 2 : 1),
    end: within.start + (close >= 0 ? close + 1 : at + name.length),
  };
}

/** Whether the script gives the variable a value itself. */
function assigns(run: RunInstruction, name: string): boolean {
  const text = run.argumentsText;
  for (let at = text.indexOf(`${name}=`); at >= 0; at = text.indexOf(`${name}=`, at + 1))
    if (!/[\w$-]/.test(text[at - 1] ?? " ")) return true;
  return run.script.named("read").some((read) => read.args.some((word) => word.raw === name));
}
