import { chainOf, insertLineBefore } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const nodeEnvMissing: Rule<"dockerfile"> = {
  id: "node-env-missing",
  subject: "dockerfile",
  aim: "speed",
  severity: "info",
  summary: "A Node.js service starts without NODE_ENV=production",
  why: `Express and many other packages ask \`NODE_ENV\`: unless it is \`production\` they compile templates anew for every
request, keep no caches, and send stack traces to whoever causes an error. npm leaves development dependencies out when it is
set before the install.`,
  check: whereSaid(/node|npm|yarn|pnpm/, function* ({ dockerfile }, known) {
    const stage = dockerfile.stages.at(-1);
    if (!stage || !baseOf(dockerfile, stage, known).reference?.match(/^(?:docker\.io\/)?(?:library\/)?node(?:[:@]|$)/))
      return;
    const start =
      stage.instructions.findLast(({ keyword }) => keyword === "ENTRYPOINT") ??
      stage.instructions.findLast(({ keyword }) => keyword === "CMD");
    if (start?.keyword !== "CMD" && start?.keyword !== "ENTRYPOINT") return;
    const command = start.script.commands.find(({ name }) => /^(?:node|npm|yarn|pnpm)$/.test(name));
    if (!command || /NODE_ENV|\b(?:dev|test|watch)\b|--watch/.test(start.argumentsText)) return;
    const declared = chainOf(dockerfile, stage.index).some(({ instructions }) =>
      instructions.some((one) => one.keyword === "ENV" && one.pairs.some(({ name }) => name.raw === "NODE_ENV")),
    );
    if (declared) return;
    yield {
      message: "this starts in development mode: nothing sets NODE_ENV",
      at: inSource(dockerfile, command.nameWord.range),
      ...assistedFix(
        "Set it where the program starts, if it is not meant for development",
        insertLineBefore(dockerfile, start, "ENV NODE_ENV=production"),
      ),
    };
  }),
  examples: [
    {
      title: "a service",
      text: 'FROM node:24-slim\nCOPY . /app\nCMD [«"node"», "/app/server.js"]\n',
      fixed: 'FROM node:24-slim\nCOPY . /app\nENV NODE_ENV=production\nCMD ["node", "/app/server.js"]\n',
    },
    {
      title: "by npm",
      text: "FROM node:24-slim\nCOPY . /app\nCMD «npm» start\n",
      fixed: "FROM node:24-slim\nCOPY . /app\nENV NODE_ENV=production\nCMD npm start\n",
    },
    {
      title: "set, or meant for development",
      text: 'FROM node:24 AS base\nENV NODE_ENV=production\nFROM base\nCMD ["node", "/app/server.js"]\n',
    },
    { title: "a development server", text: 'FROM node:24\nCMD ["npm", "run", "dev"]\n' },
    { title: "another base may set it", text: 'FROM registry.example.com/node:1\nCMD ["node", "x.js"]\n' },
  ],
};
