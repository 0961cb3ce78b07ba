import { instructionsOf, replaceRange, type ShellCommand } from "../../syntax/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const shellFormCommand: Rule<"dockerfile"> = {
  id: "shell-form-command",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "CMD or ENTRYPOINT in shell form runs under a shell",
  why: `In shell form \`/bin/sh -c\` is process 1 and the program its child. Many shells do not pass signals on, so \`docker stop\` waits ten seconds and kills; and on
an image without a shell nothing starts at all. The JSON form runs the program itself.`,
  aliases: ["DL3025", "JSONArgsRecommended"],
  *check({ dockerfile }) {
    for (const instruction of [...instructionsOf(dockerfile, "CMD"), ...instructionsOf(dockerfile, "ENTRYPOINT")]) {
      if (instruction.form === "exec" || instruction.argumentsText === "" || instruction.argumentsText.startsWith("["))
        continue;
      if (
        dockerfile.instructions.some(
          (one) => one.keyword === "SHELL" && one.stage === instruction.stage && one.index < instruction.index,
        )
      )
        continue;
      const { script } = instruction;
      if (script.dialect !== "posix") continue;
      const text = dockerfile.source.text.slice(instruction.argumentsRange.start, instruction.argumentsRange.end);
      const [command] = script.commands;
      const words = command && [command.nameWord, ...command.args];
      const starts = command?.wrappers.every((wrapper) => wrapper.name === "exec") === true;
      const plain =
        script.commands.length === 1 &&
        words &&
        starts &&
        command.assignments.length === 0 &&
        command.redirects.length === 0 &&
        !/[$`*?[\]{}~&;|<>()!#\n]/.test(text);
      const values = plain ? words.map((word) => word.value) : [];
      const isCommand =
        plain && values.every((value) => value !== undefined) && values[0] !== undefined && !builtins.has(values[0]);
      const json = isCommand
        ? `[${values.map((value) => JSON.stringify(value)).join(", ")}]`
        : `["sh", "-c", ${JSON.stringify(`${mayExec(script.commands) ? "exec " : ""}${instruction.argumentsText}`)}]`;
      const edits = [replaceRange(dockerfile, instruction.argumentsRange, json)];
      yield {
        message: `${instruction.keyword} runs under /bin/sh, which gets the signals instead of the program`,
        at: inSource(dockerfile, instruction.argumentsRange),
        ...(isCommand
          ? safeFix("Use the JSON form", edits)
          : assistedFix("Use the JSON form", text.includes("\n") ? [] : edits)),
      };
    }
  },
  examples: [
    {
      title: "a plain command",
      text: "FROM debian:12\nCMD «nginx -g 'daemon off;'»\n",
      fixed: 'FROM debian:12\nCMD ["sh", "-c", "exec nginx -g \'daemon off;\'"]\n',
    },
    {
      title: "words alone",
      text: "FROM debian:12\nENTRYPOINT «python app.py --port 80»\n",
      fixed: 'FROM debian:12\nENTRYPOINT ["python", "app.py", "--port", "80"]\n',
    },
    {
      title: "a variable needs a shell, which can give way",
      text: "FROM debian:12\nCMD «java $OPTS -jar a.jar»\n",
      fixed: 'FROM debian:12\nCMD ["sh", "-c", "exec java $OPTS -jar a.jar"]\n',
    },
    { title: "the JSON form", text: 'FROM debian:12\nENTRYPOINT ["python", "app.py"]\n' },
    { title: "a SHELL was chosen", text: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nCMD echo hi\n' },
  ],
};

const builtins: ReadonlySet<string> = new Set([
  "cd",
  "export",
  "set",
  "source",
  ".",
  "eval",
  "ulimit",
  "umask",
  "trap",
  "wait",
  "read",
  "alias",
  "exit",
]);

/** Only a single command can take the shell's place. */
function mayExec(commands: readonly ShellCommand[]): boolean {
  const [only] = commands;
  return (
    commands.length === 1 &&
    only !== undefined &&
    only.wrappers.length === 0 &&
    only.assignments.length === 0 &&
    only.name !== "" &&
    !builtins.has(only.name)
  );
}
