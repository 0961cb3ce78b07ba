import { inSource, likelyFix, safeFix } from "../problem.ts";
import { missingIgnoreLines, wholeContextCopy } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const dockerignoreGap: Rule<"dockerfile"> = {
  id: "dockerignore-gap",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: ".dockerignore lets through what no image needs",
  why: `The ignore file is there and something of a kind that hardly ever belongs into an image is still sent and copied: history, local packages, caches,
credentials, the Dockerfile itself. Each such file costs bytes, spoils the cache when it changes, or tells secrets.`,
  aliases: ["DKL-LI-0003"],
  *check({ dockerfile, context }) {
    const copy = wholeContextCopy(dockerfile);
    if (!context?.ignoreFile || !copy) return;
    const lines = missingIgnoreLines(dockerfile, context);
    const { path, text } = context.ignoreFile;
    for (const secret of [true, false]) {
      const group = lines.filter(
        (line) => (line.kind === "secret") === secret && (secret || line.kind !== "docs" || line.bytes > 0),
      );
      if (group.length === 0) continue;
      const bytes = group.reduce((sum, line) => sum + line.bytes, 0);
      const added = `${text === "" || text.endsWith("\n") ? "" : "\n"}${group.map((line) => `${line.pattern}\n`).join("")}`;
      const edits = [{ path, range: { start: text.length, end: text.length }, text: added }];
      yield {
        message: `this copies ${group
          .map((line) => line.pattern.replace(/^\*\*\//, ""))
          .slice(0, 4)
          .join(", ")}${group.length > 4 ? " and more" : ""}`,
        at: inSource(dockerfile, copy.source.range),
        severity: secret ? "high" : bytes > 1_000_000 ? "medium" : "low",
        bytes: { value: bytes, basis: "measured" },
        ...(secret
          ? likelyFix("Leave them out of the context, if the program gets its secrets at run time", edits)
          : safeFix("Leave them out of the context", edits)),
      };
    }
  },
  examples: [
    {
      title: "history",
      text: "FROM node:20\nCOPY «.» /app\n",
      context: { ".dockerignore": "Dockerfile\n.dockerignore", ".git/HEAD": "ref", "a.js": "x" },
      fixedFiles: { ".dockerignore": "Dockerfile\n.dockerignore\n**/.git\n" },
    },
    {
      title: "a secret",
      text: "FROM node:20\nCOPY «.» /app\n",
      context: { ".dockerignore": "Dockerfile\n.dockerignore\n", ".env": "A=1", "a.js": "x" },
      fixedFiles: { ".dockerignore": "Dockerfile\n.dockerignore\n**/.env\n" },
    },
    {
      title: "a key that a command needs",
      text: "FROM node:20\nCOPY . /app\nRUN chmod 600 id_rsa\n",
      context: { ".dockerignore": "Dockerfile\n.dockerignore\n", id_rsa: "x", "a.js": "x" },
    },
    {
      title: "nothing of the kind",
      text: "FROM node:20\nCOPY . /app\n",
      context: { ".dockerignore": "Dockerfile\n.dockerignore\n", "a.js": "x" },
    },
  ],
};
