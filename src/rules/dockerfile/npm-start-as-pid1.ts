import type { BuildContext } from "../../core/index.ts";
import { replaceRange, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const npmStartAsPid1: Rule<"dockerfile"> = {
  id: "npm-start-as-pid1",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",

  summary: "npm, yarn or pnpm as the container's first process",
  why: `A package manager as process 1 starts a shell that starts the program. Signals end there, so \`docker stop\` waits and kills, and 50 to 100 MB of memory go
to a process that only waits. Start the program itself.`,

  *check({ dockerfile, context }) {
    for (const instruction of [
      ...shippedInstructions(dockerfile, "CMD"),
      ...shippedInstructions(dockerfile, "ENTRYPOINT"),
    ]) {
      const command = instruction.script.commands.find(
        (one) => /^(?:npm|yarn|pnpm)$/.test(one.name) && one.joinedBy !== "|",
      );
      if (!command || instruction.stage !== dockerfile.stages.length - 1) continue;
      const verb = command.args[0]?.value ?? "";
      if (!/^(?:start|run|run-script|exec|serve)$/.test(verb) && command.name === "npm") continue;
      const script =
        verb === "start"
          ? "start"
          : (command.args.find((word, i) => i > 0 && !(word.value ?? "").startsWith("-"))?.value ?? verb);
      const body = scriptOf(context, script);
      const words =
        body !== undefined && /^(?:node|tsx|ts-node)\s[\w./ -]+$/.test(body) ? body.split(/\s+/) : undefined;
      const range = instruction.form === "exec" ? instruction.argumentsRange : command.range;
      yield {
        message: `${command.name} stands between Docker's signals and the program`,
        at: inSource(dockerfile, range),
        ...(words && instruction.script.commands.length <= 1
          ? likelyFix(`Start what the script "${script}" starts, if no pre or post script matters`, [
              replaceRange(
                dockerfile,
                instruction.argumentsRange,
                `[${words.map((word) => JSON.stringify(word)).join(", ")}]`,
              ),
            ])
          : assistedFix("Start the program itself")),
      };
    }
  },
  examples: [
    {
      title: "npm start",
      text: 'FROM node:20\nCMD «["npm", "start"]»\n',
      context: { "package.json": '{"scripts":{"start":"node server.js"}}' },
      fixed: 'FROM node:20\nCMD ["node", "server.js"]\n',
    },
    { title: "in shell form", text: "FROM node:20\nCMD «npm run serve»\n" },
    { title: "the program itself", text: 'FROM node:20\nCMD ["node", "server.js"]\n' },
  ],
};

function scriptOf(context: BuildContext | undefined, name: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(context?.text("package.json") ?? "{}");
    const scripts =
      typeof manifest === "object" && manifest !== null && "scripts" in manifest ? manifest.scripts : undefined;
    if (
      typeof scripts !== "object" ||
      scripts === null ||
      Object.hasOwn(scripts, `pre${name}`) ||
      Object.hasOwn(scripts, `post${name}`)
    )
      return undefined;
    const body: unknown = Object.hasOwn(scripts, name) ? (scripts as Record<string, unknown>)[name] : undefined;
    return typeof body === "string" ? body : undefined;
  } catch {
    return undefined;
  }
}
