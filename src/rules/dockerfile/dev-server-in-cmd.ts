import { shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const devServerInCmd: Rule<"dockerfile"> = {
  id: "dev-server-in-cmd",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "The container starts a development server or a debugger",
  why: `Development servers reload code, show their errors to whoever causes them, serve one request at a time and are not
meant to face a network; a debugger that listens on all addresses runs any code for anybody who can reach its port. Build for
production and start that: gunicorn or uvicorn without \`--reload\`, \`next start\`, a web server with the built files.`,
  *check({ dockerfile }) {
    for (const keyword of ["ENTRYPOINT", "CMD"] as const) {
      const start = shippedInstructions(dockerfile, keyword).at(-1);
      if (!start || start.stage !== dockerfile.stages.length - 1) continue;
      const text = start.script.commands
        .flatMap(({ nameWord, args }) => [nameWord, ...args])
        .map(({ value, raw }) => value ?? raw)
        .join(" ")
        .slice(0, 2000);
      const found = servers.find(([, pattern]) => pattern.test(text));
      if (!found) continue;
      yield {
        message: `this starts ${found[0]}`,
        at: inSource(dockerfile, start.argumentsRange),
        ...assistedFix("Start what is meant for production, and keep this for a stage of its own"),
      };
    }
  },
  examples: [
    { title: "Flask's server", text: 'FROM python:3.13-slim\nCMD «["flask", "run", "--host=0.0.0.0"]»\n' },
    { title: "Django's", text: "FROM python:3.13-slim\nENTRYPOINT «python manage.py runserver 0.0.0.0:8000»\n" },
    {
      title: "a debugger for everybody",
      text: 'FROM node:24-slim\nCMD «["node", "--inspect=0.0.0.0:9229", "server.js"]»\n',
    },
    { title: "a script for development", text: "FROM node:24\nCMD «npm run dev»\n" },
    {
      title: "production, or an earlier stage",
      text: 'FROM node:24 AS dev\nCMD ["npm", "run", "dev"]\nFROM python:3.13-slim\nCMD ["gunicorn", "app:app"]\n',
    },
  ],
};

const servers: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    "a debugger that listens on all addresses",
    /--inspect(?:-brk)?=(?:0\.0\.0\.0|\[::\]|::)|address=(?:\*|0\.0\.0\.0):\d|debugpy\s+--listen\s+0\.0\.0\.0/,
  ],
  ["Flask's development server", /\bflask\b.*\brun\b/],
  ["Django's development server", /\bmanage\.py\s+runserver\b/],
  [
    "a server that reloads its code",
    /\b(?:uvicorn|gunicorn|hypercorn)\b.*\s--reload\b|^nodemon\b|\bnode\b.*\s--watch\b/,
  ],
  [
    "a development server",
    /^(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?dev\b|^(?:npx\s+)?(?:vite(?!\s+(?:build|preview))|next\s+dev|ng\s+serve|webpack-dev-server|webpack\s+serve)\b|\bartisan\s+serve\b|^php\s+-S\b/,
  ],
];
