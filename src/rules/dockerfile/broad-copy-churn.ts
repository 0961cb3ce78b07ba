import { inSource, safeFix } from "../problem.ts";
import { missingIgnoreLines, wholeContextCopy } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const broadCopyChurn: Rule<"dockerfile"> = {
  id: "broad-copy-churn",
  subject: "dockerfile",
  aim: "speed",
  severity: "low",

  summary: "Every change of a file nobody needs rebuilds the slow steps",
  why: `\`COPY . .\` above an install or a build is rebuilt whenever any file of the context changes: a README, a CI file, the Dockerfile itself. Leave those out with
\`.dockerignore\`, or copy only what the step reads.`,

  *check({ dockerfile, context }) {
    const whole = wholeContextCopy(dockerfile);
    if (!context?.ignoreFile || !whole) return;
    const slow = dockerfile.instructions.some(
      (run) =>
        run.keyword === "RUN" &&
        run.stage === whole.copy.stage &&
        run.index > whole.copy.index &&
        run.script.commands.some((command) => slowSteps.test(command.name)),
    );
    if (!slow) return;
    const lines = missingIgnoreLines(dockerfile, context).filter((line) => line.kind === "ci" || line.kind === "docs");
    if (lines.length === 0) return;
    const { path, text } = context.ignoreFile;
    const added = `${text === "" || text.endsWith("\n") ? "" : "\n"}${lines.map((line) => `${line.pattern}\n`).join("")}`;
    yield {
      message: `a change of ${lines.map((line) => line.pattern.replace(/^\*\*\//, "")).join(", ")} rebuilds the slow steps below`,
      at: inSource(dockerfile, whole.source.range),
      ...safeFix("Leave them out of the context", [
        { path, range: { start: text.length, end: text.length }, text: added },
      ]),
    };
  },
  examples: [
    {
      title: "a README",
      text: "FROM node:20\nCOPY «.» .\nRUN npm run build\n",
      context: { ".dockerignore": "Dockerfile\n.dockerignore\n", "README.md": "x", "a.js": "x" },
      fixedFiles: { ".dockerignore": "Dockerfile\n.dockerignore\n**/README*\n" },
    },
    {
      title: "left out",
      text: "FROM node:20\nCOPY . .\nRUN npm run build\n",
      context: { ".dockerignore": "Dockerfile\n.dockerignore\n*.md\n", "README.md": "x", "a.js": "x" },
    },
    {
      title: "nothing slow below",
      text: 'FROM node:20\nCOPY . .\nCMD ["node", "a.js"]\n',
      context: { ".dockerignore": "Dockerfile\n", "README.md": "x" },
    },
  ],
};

const slowSteps =
  /^(?:npm|yarn|pnpm|pip\d?|poetry|uv|bundle|composer|go|cargo|mvn|gradle|dotnet|make|apt-get|apk|dnf|yum|javac)$/;
