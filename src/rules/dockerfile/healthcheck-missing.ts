import type { BuildContext, Fix } from "../../core/index.ts";
import {
  chainOf,
  type Dockerfile,
  insertLineBefore,
  type InstructionOf,
  shippedInstructions,
  type Stage,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { findBuild } from "../reading/build-command.ts";
import { healthPath } from "../reading/health-path.ts";
import type { Known, Rule } from "../rule.ts";

export const healthcheckMissing: Rule<"dockerfile"> = {
  id: "healthcheck-missing",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "A service has no HEALTHCHECK",
  why: `Docker, Compose and Swarm see only whether the process lives. With HEALTHCHECK they see whether it answers: Compose can
wait for it (\`condition: service_healthy\`) and Swarm replaces what hangs. Use a client the image already has, best the
program itself. Kubernetes does not read HEALTHCHECK; there probes do this.`,
  aliases: ["DL3057", "CIS-DI-0006", "DS-0026"],
  *check({ dockerfile, context }, known) {
    const exposes = shippedInstructions(dockerfile, "EXPOSE");
    const [first] = exposes;
    const said = first ? undefined : portArgument(dockerfile);
    const stage = dockerfile.stages.at(-1);
    const place = first?.keywordRange ?? said?.word.range;
    if (!place || !stage || shippedInstructions(dockerfile, "HEALTHCHECK").length > 0) return;
    if (chainOf(dockerfile, stage.index).at(-1)?.base.kind === "none") return;
    yield {
      message: "nothing tells whether the service behind this port answers",
      at: inSource(dockerfile, place),
      ...fixFor(dockerfile, stage, context, said?.port ?? onlyPort(exposes), known),
    };
  },
  examples: [
    { title: "a service", text: 'FROM node:20-slim\n«EXPOSE» 3000\nEXPOSE 3001\nCMD ["node", "x.js"]\n' },
    {
      title: "a service whose code says where it tells how it is",
      text: 'FROM node:20-slim\nCOPY . .\n«EXPOSE» 3000\nCMD ["node", "server.js"]\n',
      context: { "server.js": "app.get('/health', (req, res) => res.json({ ok: true }));\n" },
      fixed:
        'FROM node:20-slim\nCOPY . .\nEXPOSE 3000\nHEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD node -e "require(\'http\').get(\'http://127.0.0.1:3000/health\', r => { if (r.statusCode > 399) throw 1; r.resume() })"\nCMD ["node", "server.js"]\n',
    },
    {
      title: "a program in Go, with a client of the base",
      text: 'FROM golang:1.24 AS build\nCOPY . .\nRUN go build -o /app .\nFROM alpine:3.22\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\nCMD ["-listen", «":8080"»]\n',
      context: { "main.go": 'package main\nfunc main() { http.HandleFunc("/healthz", ok) }\n' },
      fixed:
        'FROM golang:1.24 AS build\nCOPY . .\nRUN go build -o /app .\nFROM alpine:3.22\nCOPY --from=build /app /app\nHEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD wget -qO /dev/null http://127.0.0.1:8080/healthz\nENTRYPOINT ["/app"]\nCMD ["-listen", ":8080"]\n',
    },
    {
      title: "an image that can be cut in two first",
      text: 'FROM golang:1.24\nCOPY . .\nRUN go build -o /app .\n«EXPOSE» 8080\nENTRYPOINT ["/app"]\n',
      context: { "main.go": 'package main\nfunc main() { http.HandleFunc("/healthz", ok) }\n' },
    },
    { title: "checked, or switched off", text: "FROM debian:12\nEXPOSE 80\nHEALTHCHECK NONE\nCMD x\n" },
    { title: "no service", text: 'FROM debian:12 AS b\nEXPOSE 80\nFROM debian:12\nENTRYPOINT ["tool"]\n' },
  ],
};

const options = "--interval=30s --timeout=3s";

/** The check itself where all of it is known: the port, the path, and a client that the base will always have. */
function fixFor(
  dockerfile: Dockerfile,
  stage: Stage,
  context: BuildContext | undefined,
  port: string | undefined,
  known: Known,
): { fix?: Fix } {
  const path = healthPath(context);
  const client = clientOf(dockerfile, stage, known);
  const start = stage.instructions.find(({ keyword }) => keyword === "ENTRYPOINT" || keyword === "CMD");
  const url = `http://127.0.0.1:${port ?? "PORT"}${path ?? "/"}`;
  if (!client) return assistedFix(`Let the program check itself: HEALTHCHECK ${options} CMD ["/app", "--check"]`);
  // A second stage may have no client, and cannot be begun where a check needs the first one's.
  const first = dockerfile.stages.length === 1 && findBuild(stage) !== undefined;
  if (path === undefined || port === undefined || !start || first || port.endsWith("443"))
    return assistedFix(`HEALTHCHECK ${options} CMD ${client(url)}`);
  return likelyFix(
    `Ask for ${path} on port ${port}, if the service answers there without a login as soon as it works`,
    insertLineBefore(dockerfile, start, `HEALTHCHECK ${options} --start-period=10s CMD ${client(url)}`),
  );
}

/** How to ask for an address with what the base has, the language's own means first: its smaller variants have them too. */
function clientOf(dockerfile: Dockerfile, stage: Stage, known: Known): ((url: string) => string) | undefined {
  const { tools, family } = baseOf(dockerfile, stage, known);
  if (family === "scratch") return undefined;
  if (tools.includes("node"))
    return (url) => `node -e "require('http').get('${url}', r => { if (r.statusCode > 399) throw 1; r.resume() })"`;
  if (tools.includes("pip")) return (url) => `python3 -c "import urllib.request as u; u.urlopen('${url}', timeout=2)"`;
  if (tools.includes("curl")) return (url) => `curl -fsS ${url}`;
  if (tools.includes("wget")) return (url) => `wget -qO /dev/null ${url}`;
  return tools.includes("python3")
    ? (url) => `python3 -c "import urllib.request as u; u.urlopen('${url}', timeout=2)"`
    : undefined;
}

/** The port that is exposed, where it is one and speaks TCP. */
function onlyPort(exposes: readonly InstructionOf<"EXPOSE">[]): string | undefined {
  const [port, ...more] = exposes.flatMap(({ words }) => words.map(({ value }) => value));
  return more.length > 0 ? undefined : /^(\d+)(?:\/tcp)?$/.exec(port ?? "")?.[1];
}

/** Ports that are hardly ever anything else where they stand alone as an argument. */
const usual: ReadonlySet<string> = new Set("3000 4000 5000 8000 8080 8081 8443 8888 9000 9090".split(" "));

/** The port that the image's command is given, when one of its words can hardly be anything else. */
function portArgument(dockerfile: Dockerfile): { readonly port: string; readonly word: Word } | undefined {
  const start = shippedInstructions(dockerfile, "CMD").at(-1) ?? shippedInstructions(dockerfile, "ENTRYPOINT").at(-1);
  const args = start?.script.commands[0]?.args ?? [];
  for (const [i, word] of args.entries()) {
    const match = /^(?:(--?(?:port|listen|bind|addr|b|p)=?)?(?:[\w.*]*:)?)(\d{2,5})$/.exec(word.value ?? "");
    const port = match?.[2];
    if (port === undefined) continue;
    const named = match?.[1] !== undefined || /^--?(?:p|port|b|bind|listen|addr)$/.test(args[i - 1]?.value ?? "");
    if (named || word.value?.includes(":") || usual.has(port)) return { port, word };
  }
  return undefined;
}
