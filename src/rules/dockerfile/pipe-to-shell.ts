import { instructionsOf, type ShellCommand } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const pipeToShell: Rule<"dockerfile"> = {
  id: "pipe-to-shell",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",

  summary: "What a download prints is run unseen",
  why: `Whoever can change the page, or stand between it and the build, runs code as root in the image, and nothing records which. Download to a file, check it
against a digest, then run it; better take a package or an image of the project.`,

  *check({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const { commands } = run.script;
      for (const [i, command] of commands.entries()) {
        const before = commands[i - 1];
        const interpreter =
          interpreters.test(command.name) &&
          !command.args.some((word) => word.raw === "-c" || /\.\w+$/.test(word.value ?? ""));
        const piped = command.joinedBy === "|" && interpreter && before !== undefined;
        const substituted =
          interpreters.test(command.name) && command.args.some((word) => /^["']?\$\((?:curl|wget)\b/.test(word.raw));
        if (!piped && !substituted) continue;
        const source = piped ? firstOfPipe(commands, i) : undefined;
        const fetches = substituted || source?.name === "curl" || source?.name === "wget";
        if (!fetches && !(source && (interpreters.test(source.name) || source.name.endsWith(".sh")))) continue;
        yield {
          message: fetches
            ? "this runs whatever the address serves at build time"
            : "this runs whatever another script prints",
          at: inSource(dockerfile, { start: (source ?? command).range.start, end: command.range.end }),
          ...assistedFix("Download to a file, check its digest, then run it"),
        };
      }
    }
  },
  examples: [
    { title: "curl into bash", text: "FROM debian:12\nRUN «curl -fsSL https://example.com/install.sh | bash»\n" },
    {
      title: "through sudo and tee",
      text: "FROM debian:12\nRUN «wget -qO- https://example.com/i | tee /log | sudo -E sh -»\n",
    },
    { title: "a script's output", text: "FROM debian:12\nRUN «bash install.sh --silent | bash»\n" },
    {
      title: "into tar or gpg",
      text: "FROM debian:12\nRUN curl -fsSL https://example.com/key | gpg --dearmor -o /k && curl https://example.com/a.tgz | tar xz\n",
    },
    {
      title: "into a script that is there",
      text: "FROM debian:12\nRUN curl https://example.com/data | python3 read.py\n",
    },
  ],
};

const interpreters = /^(?:ba|da|a|z|k)?sh$|^python\d?(?:\.\d+)?$|^(?:perl|ruby|node|php)$/;

function firstOfPipe(commands: readonly ShellCommand[], last: number): ShellCommand | undefined {
  let at = last;
  while (at > 0 && commands[at]?.joinedBy === "|") at--;
  return commands[at];
}
