import { chainOf, type Dockerfile, shippedInstructions, type Stage } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const healthcheckToolAbsent: Rule<"dockerfile"> = {
  id: "healthcheck-tool-absent",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "HEALTHCHECK calls a program the image does not have",
  why: `The check then fails each time, and the container is unhealthy for ever: Compose does not start what waits for it, and
Swarm kills it over and over. Slim images of Debian have neither curl nor wget, Alpine has wget alone, and images from scratch
have nothing. Let the program check itself, or use the language that is there.`,
  check: whereSaid(/curl|wget/, function* ({ dockerfile }, known) {
    const check = shippedInstructions(dockerfile, "HEALTHCHECK").at(-1);
    const stage = dockerfile.stages.at(-1);
    const command = check?.script.commands[0];
    if (!stage || !command || (command.name !== "curl" && command.name !== "wget")) return;
    const { family, tools, compilers, reference } = baseOf(dockerfile, stage, known);
    const bare =
      family === "scratch" ||
      family === "distroless" ||
      (family === "alpine" && command.name === "curl") ||
      (family === "debian" &&
        !compilers &&
        /^(?:(?:docker\.io\/)?(?:library\/)?)?(?:debian|ubuntu)(?:[:@]|$)|-slim\b/.test(reference ?? ""));
    if (!bare || tools.includes(command.name) || brought(dockerfile, stage, command.name)) return;
    yield {
      message: `nothing brings ${command.name} into the image: this check can only fail`,
      at: inSource(dockerfile, command.nameWord.range),
      ...assistedFix(`Let the program check itself${family === "alpine" ? ", or use wget" : ""}`),
    };
  }),
  examples: [
    {
      title: "a slim base",
      text: 'FROM python:3.13-slim\nCOPY a.py /a.py\nHEALTHCHECK CMD «curl» -f http://127.0.0.1:8000/\nCMD ["python", "/a.py"]\n',
    },
    {
      title: "nothing at all",
      text: 'FROM scratch\nCOPY a /a\nHEALTHCHECK CMD [«"wget"», "-q", "http://127.0.0.1/"]\n',
    },
    {
      title: "installed, in the base, or not known",
      text: "FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\nHEALTHCHECK CMD curl -f http://127.0.0.1/\n",
    },
    { title: "busybox has wget", text: "FROM alpine:3.20\nHEALTHCHECK CMD wget -q http://127.0.0.1/\n" },
  ],
};

/** Whether a step of the chain installs it, copies it, or runs what nobody can read. */
function brought(dockerfile: Dockerfile, stage: Stage, name: string): boolean {
  return chainOf(dockerfile, stage.index).some(({ instructions }) =>
    instructions.some(
      (one) =>
        (one.keyword === "RUN" &&
          (one.script.broken ||
            installs(one).some(({ packages }) =>
              packages.some((word) => packageName(word) === name || word.value === undefined),
            ) ||
            one.script.commands.some(
              (command) => command.name === name || command.name.endsWith(".sh") || command.name === "",
            ))) ||
        ((one.keyword === "COPY" || one.keyword === "ADD") &&
          (one.target.value?.includes(name) ||
            one.sources.some(({ value }) => value === undefined || value.includes(name)) ||
            (one.flags.some((flag) => flag.name === "from") && /\/(?:bin|usr)?\/?$/.test(one.target.value ?? "")))),
    ),
  );
}
