import { instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const noExpansionInExec: Rule<"dockerfile"> = {
  id: "no-expansion-in-exec",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "A JSON command holds what only a shell would understand",
  why: `The JSON form starts the program without a shell: \`$PORT\`, \`&&\`, \`>\` and \`*.jar\` reach it as they are written. Start a
shell where one is needed, and let it hand over: \`["sh", "-c", "exec java -jar app.jar --port=$PORT"]\`.`,
  *check({ dockerfile }) {
    for (const keyword of ["CMD", "ENTRYPOINT", "RUN"] as const)
      for (const instruction of instructionsOf(dockerfile, keyword)) {
        const [program, ...args] = instruction.form === "exec" ? instruction.words : [];
        if (!program || shells.test(program.value ?? "") || mayExpand(dockerfile.instructions, keyword)) continue;
        for (const word of [program, ...args]) {
          const sign = shellSign(word.value ?? "", word === program);
          if (sign === undefined) continue;
          yield {
            message: `no shell reads this: the program is given ${sign} as it stands`,
            at: inSource(dockerfile, word.range),
            ...assistedFix('Start a shell: ["sh", "-c", "exec …"]'),
          };
        }
      }
  },
  examples: [
    {
      title: "a variable and a list",
      text: 'FROM debian:12\nRUN ["apt-get", "update", «"&&"», "true"]\nCMD ["/app", «"--port=$PORT"»]\n',
    },
    {
      title: "with a shell, an entrypoint that may read it, or other programs' languages",
      text: 'FROM debian:12\nRUN ["/bin/sh", "-c", "echo $HOME && ls"]\nRUN ["awk", "{print $1}", "x"]\nFROM debian:12\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["run", "$PORT"]\n',
    },
  ],
};

const shells =
  /(?:^|\/)(?:(?:ba|da|a|z|k)?sh|busybox|pwsh|powershell(?:\.exe)?|cmd(?:\.exe)?|env|eval|tini|dumb-init|envsubst|perl|ruby|python\d?|php|find|sed|awk)$/i;

/** What an ENTRYPOINT that is a script makes of the words of CMD nobody can know. */
function mayExpand(instructions: readonly { keyword: string; argumentsText: string }[], keyword: string): boolean {
  return (
    keyword === "CMD" &&
    instructions.some((one) => one.keyword === "ENTRYPOINT" && /\.sh\b|\bsh\b|entrypoint/.test(one.argumentsText))
  );
}

function shellSign(text: string, isProgram: boolean): string | undefined {
  if (/^(?:&&|\|\||\||;|>>?|<|2>&1)$/.test(text)) return text;
  return (isProgram ? /^\$\{?[A-Za-z_]\w*\}?/ : /\$\{?[A-Z_][A-Z0-9_]*\}?(?=$|[/:,.\s"-])/).exec(text)?.[0];
}
