import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageContextJunk: Rule<"image"> = contentRule({
  id: "image-context-junk",
  class: "context-junk",
  severity: "low",
  risk: 1,
  measures: ["dockerignore-gap"],
  summary: "Files that only developers need were copied into the image",
  why: `Reports of test coverage, caches of tools, settings of editors, logs, the Dockerfile itself: \`COPY .\` takes
them all. They cost bytes, say more about the project than they should, and undo the build cache whenever they change.
A line in \`.dockerignore\` keeps them on the host. Files with credentials are \`image-secret-file\`'s.`,
  aliases: ["DKL-LI-0003"],
  what: "files that only developers need",
  spare: "no program reads them",
  least: 0,
  ownOnly: true,
  fix: ({ labels }) => `Add to .dockerignore: ${labels.slice(0, 10).join("  ")}`,
  examples: [
    {
      title: "coverage, the Dockerfile and a log",
      layers: [
        { "etc/x.log": 9 },
        { "app/coverage/lcov.info": 9_000, "app/Dockerfile": "FROM x", "app/debug.log": 10, "app/x.js": 5 },
      ],
      instructions: ["RUN make", "COPY . /app"],
      reports: ["app"],
    },
    {
      title: "the same made by a RUN, and what packages publish",
      layers: [{ "app/debug.log": 10 }, { "app/node_modules/x/.vscode/settings.json": 10, "app/x.js": 5 }],
      instructions: ["RUN make", "COPY . /app"],
      reports: [],
    },
  ],
});
