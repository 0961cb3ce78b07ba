import { chainOf, type Dockerfile, shippedInstructions, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import type { Rule } from "../rule.ts";

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
  *check({ dockerfile }, known) {
    const exposes = shippedInstructions(dockerfile, "EXPOSE");
    const [first] = exposes;
    const said = first ? undefined : portArgument(dockerfile);
    const stage = dockerfile.stages.at(-1);
    const place = first?.keywordRange ?? said?.word.range;
    if (!place || !stage || shippedInstructions(dockerfile, "HEALTHCHECK").length > 0) return;
    if (chainOf(dockerfile, stage.index).at(-1)?.base.kind === "none") return;
    const port = said?.port ?? /^\d+/.exec(exposes.at(-1)?.words[0]?.value ?? "")?.[0] ?? "PORT";
    const { tools, family } = baseOf(dockerfile, stage, known);
    const url = `http://127.0.0.1:${port}/`;
    const command = tools.includes("curl")
      ? `curl -fsS ${url}`
      : tools.includes("wget")
        ? `wget -qO /dev/null ${url}`
        : tools.includes("node")
          ? `node -e "require('http').get('${url}', r => { if (r.statusCode > 399) throw 1; r.resume() })"`
          : tools.includes("python3")
            ? `python3 -c "import urllib.request as u; u.urlopen('${url}', timeout=2)"`
            : undefined;
    yield {
      message: "nothing tells whether the service behind this port answers",
      at: inSource(dockerfile, place),
      ...assistedFix(
        command && family !== "scratch"
          ? `HEALTHCHECK --interval=30s --timeout=3s CMD ${command}`
          : 'Let the program check itself: HEALTHCHECK --interval=30s --timeout=3s CMD ["/app", "--check"]',
      ),
    };
  },
  examples: [
    { title: "a service", text: 'FROM node:20-slim\n«EXPOSE» 3000\nEXPOSE 3001\nCMD ["node", "x.js"]\n' },
    { title: "checked, or switched off", text: "FROM debian:12\nEXPOSE 80\nHEALTHCHECK NONE\nCMD x\n" },
    { title: "no service", text: 'FROM debian:12 AS b\nEXPOSE 80\nFROM debian:12\nENTRYPOINT ["tool"]\n' },
  ],
};

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
