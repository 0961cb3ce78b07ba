import type { BuildContext } from "../../core/index.ts";
import { createIgnoreMatcher, parseDockerignore } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const copySourceMissing: Rule<"dockerfile"> = {
  id: "copy-source-missing",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "A file that is copied is not in the context",
  why: `The build stops at this instruction: the source matches nothing that is sent, because it is not there or because \`.dockerignore\` leaves it out.`,
  aliases: ["CopyIgnoredFile"],
  *check({ dockerfile, context }) {
    if (!context?.complete) return;
    const { paths, ignored } = index(context);
    for (const { copy, source, path } of contextCopies(dockerfile)) {
      if (
        path === "" ||
        path.split("/").includes("..") ||
        copy.stage < 0 ||
        copy.flags.some((flag) => flag.name === "parents")
      )
        continue;
      const clean = path.replace(/\/\.\//g, "/");
      const matches = /[*?[\\]/.test(clean)
        ? createIgnoreMatcher(parseDockerignore({ path: "", text: clean }))
        : undefined;
      const found = (all: ReadonlySet<string>): boolean =>
        matches ? [...all].some((one) => matches.lastMatch(one) !== undefined) : all.has(clean);
      if (found(paths)) continue;
      const left = found(ignored) || (!matches && [...ignored].some((one) => clean.startsWith(`${one}/`)));
      yield {
        message: left
          ? `${source.value ?? source.raw} is left out by ${context.ignoreFile?.path ?? ".dockerignore"}`
          : `${source.value ?? source.raw} is not in the build context`,
        at: inSource(dockerfile, source.range),
        ...(left ? {} : { severity: "medium" as const, aliases: [] }),
        ...assistedFix(
          left
            ? "Let it through with a line that begins with !"
            : "Name a file that is there, or give the right context with --context",
        ),
      };
    }
  },
  examples: [
    { title: "not there", text: "FROM a\nCOPY «setup.cfg» .\n", context: { "setup.py": "x" } },
    {
      title: "left out",
      text: "FROM a\nCOPY «dist» /dist\n",
      context: { ".dockerignore": "dist\n", "dist/a.js": "x" },
    },
    {
      title: "there: a file, a directory, a glob, an exception",
      text: "FROM a\nCOPY a.js src ./\nCOPY *.md ./lib/?.txt /d/\n",
      context: { ".dockerignore": "*.md\n!R.md\n", "a.js": "x", "src/b": "x", "R.md": "x", "lib/c.txt": "x" },
    },
    {
      title: "from a stage or an address",
      text: "FROM a AS b\nFROM a\nCOPY --from=b /x /x\nADD https://example.com/x /x\n",
      context: { y: "x" },
    },
    { title: "no context to look at", text: "FROM a\nCOPY x .\n" },
  ],
};

/** Every file with the directories above it: what is sent, and what is left out. */
function index(context: BuildContext): { paths: ReadonlySet<string>; ignored: ReadonlySet<string> } {
  const paths = new Set<string>();
  const ignored = new Set<string>();
  for (const file of context.files) {
    const into = file.ignored ? ignored : paths;
    into.add(file.path);
    for (let slash = file.path.lastIndexOf("/"); slash > 0; slash = file.path.lastIndexOf("/", slash - 1)) {
      const parent = file.path.slice(0, slash);
      if (into.has(parent)) break;
      into.add(parent);
    }
  }
  return { paths, ignored };
}
