import { assistedFix, inSource, safeFix } from "../problem.ts";
import { missingIgnoreLines, wholeContextCopy } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const dockerignoreMissing: Rule<"dockerfile"> = {
  id: "dockerignore-missing",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "All of the directory is copied and no .dockerignore says what to leave out",
  why: `Without an ignore file \`COPY . .\` brings version control history, local packages, caches and credentials into the image, and every change of a file nobody
needs rebuilds all layers behind it.`,

  *check({ dockerfile, context }) {
    const copy = wholeContextCopy(dockerfile);
    if (!context || !copy || context.ignoreFile) return;
    const lines = missingIgnoreLines(dockerfile, context);
    const plain = lines.filter((line) => line.kind !== "secret");
    const bytes = lines.reduce((sum, line) => sum + line.bytes, 0);
    if (lines.length === 0) return;
    const secrets = lines.some((line) => line.kind === "secret");
    yield {
      message: `this copies everything in the directory${secrets ? ", credentials included" : ""}: there is no .dockerignore`,
      at: inSource(dockerfile, copy.source.range),
      ...(secrets ? { severity: "high" as const } : {}),
      ...(bytes > 0 ? { bytes: { value: bytes, basis: "measured" as const } } : {}),
      ...(plain.length > 0
        ? safeFix(`Write ${context.ignorePath}, made from what is there`, [
            {
              path: context.ignorePath,
              range: { start: 0, end: 0 },
              text: plain.map((line) => `${line.pattern}\n`).join(""),
            },
          ])
        : assistedFix("Leave them out with a .dockerignore")),
    };
  },
  examples: [
    {
      title: "history, packages and the Dockerfile",
      text: "FROM node:20\nCOPY «.» /app\n",
      context: { ".git/HEAD": "ref", "node_modules/a/index.js": "x", "index.js": "x" },
      fixedFiles: { ".dockerignore": "**/Dockerfile*\n**/.git\n**/node_modules\n" },
    },
    {
      title: "what is copied by name stays",
      text: "FROM node:20\nCOPY package.json .\nCOPY node_modules /m\nCOPY «.» /app\n",
      context: { ".git/HEAD": "ref", "node_modules/a/index.js": "x", "package.json": "{}" },
      fixedFiles: { ".dockerignore": "**/Dockerfile*\n**/.git\n" },
    },
    {
      title: "an ignore file is there",
      text: "FROM node:20\nCOPY . /app\n",
      context: { ".dockerignore": "*.md\n", "a.js": "x" },
    },
    {
      title: "only parts are copied",
      text: "FROM node:20\nCOPY src /app\n",
      context: { ".git/HEAD": "ref", "src/a.js": "x" },
    },
    { title: "no context to look at", text: "FROM node:20\nCOPY . /app\n" },
  ],
};
