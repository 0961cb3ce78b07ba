import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const entrypointShellDropsCmd: Rule<"dockerfile"> = {
  id: "entrypoint-shell-drops-cmd",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "A shell-form ENTRYPOINT ignores CMD",
  why: `With \`ENTRYPOINT command\` Docker runs \`/bin/sh -c command\` and hands CMD to the shell as arguments that nothing reads; arguments of \`docker run\` are lost the
same way. In JSON form CMD becomes the program's arguments.`,

  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const entrypoint = stage.instructions.findLast((one) => one.keyword === "ENTRYPOINT");
      const cmd = stage.instructions.findLast((one) => one.keyword === "CMD");
      if (
        entrypoint?.keyword !== "ENTRYPOINT" ||
        cmd?.keyword !== "CMD" ||
        entrypoint.form === "exec" ||
        cmd.argumentsText === "" ||
        entrypoint.argumentsText === ""
      )
        continue;
      if (
        /["'](?:\$@|\$0)|\$@|\$\*/.test(entrypoint.argumentsText) ||
        entrypoint.script.dialect === "powershell" ||
        entrypoint.script.dialect === "cmd"
      )
        continue;
      yield {
        message: "the ENTRYPOINT in shell form never sees this CMD",
        at: inSource(dockerfile, cmd.argumentsRange),
        related: [{ at: inSource(dockerfile, entrypoint.argumentsRange), message: "the ENTRYPOINT" }],
        ...assistedFix("Write the ENTRYPOINT in JSON form"),
      };
    }
  },
  examples: [
    { title: "CMD is lost", text: 'FROM a\nENTRYPOINT /app\nCMD «["--help"]»\n' },
    { title: "JSON form", text: 'FROM a\nENTRYPOINT ["/app"]\nCMD ["--help"]\n' },
    { title: "in another stage", text: 'FROM a AS x\nENTRYPOINT /app\nFROM b\nCMD ["y"]\n' },
  ],
};
