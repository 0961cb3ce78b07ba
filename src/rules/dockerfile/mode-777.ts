import type { SourceRange } from "../../core/index.ts";
import {
  type Dockerfile,
  instructionsOf,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
  shippedInstructions,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const mode777: Rule<"dockerfile"> = {
  id: "mode-777",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "Files are made writable for everyone, setuid, or sudo is opened to all",
  why: `A program that may write to its own code lets whoever takes it over leave something behind, and mode 777 allows that to
every user. Give files to the user that must write them (\`COPY --chown\`) and leave the code to root with mode 755 or 644.
A setuid program runs as root whoever starts it, and a \`NOPASSWD\` rule makes a user root on demand: both undo USER.`,
  *check({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const command of run.script.named("chmod"))
        yield* modes(dockerfile, command, command.args.slice(0, lastMode(command)));
      for (const name of ["mkdir", "install"]) {
        for (const command of run.script.named(name))
          yield* modes(
            dockerfile,
            command,
            command.args.filter(
              (word, i) =>
                /^(?:-[a-zA-Z]*m|--mode)$/.test(command.args[i - 1]?.raw ?? "") || /^(?:-m|--mode=)./.test(word.raw),
            ),
          );
      }
      const rule = openSudo(dockerfile, run);
      if (rule)
        yield {
          message: "this user becomes root without a password",
          at: inSource(dockerfile, rule),
          ...assistedFix("Leave sudo and its rule out; do what needs root in the build"),
        };
    }
    for (const keyword of ["COPY", "ADD"] as const) {
      for (const copy of instructionsOf(dockerfile, keyword)) {
        const value = copy.flags.find(({ name }) => name === "chmod")?.value;
        if (value) yield* modes(dockerfile, undefined, [value]);
      }
    }
  },
  examples: [
    {
      title: "writable for everyone",
      text: "FROM debian:12\nRUN chmod -R «777» /app && \\\n    chmod «a+rwx» /x && chmod «o+w,g+r» y && mkdir -p -m «0777» /d\nCOPY --chmod=«777» a b\n",
      fixed:
        "FROM debian:12\nRUN chmod -R 755 /app && \\\n    chmod a+rx,u+w /x && chmod o+w,g+r y && mkdir -p -m 0755 /d\nCOPY --chmod=755 a b\n",
    },
    {
      title: "setuid programs and open sudo",
      text: "FROM debian:12\nRUN chmod «u+s» /bin/x; chmod «4755» /bin/y; chmod «+s» /bin/z\nRUN echo 'app ALL=(ALL) «NOPASSWD:ALL»' >> /etc/sudoers\n",
    },
    {
      title: "usual modes, a temporary directory, a group's directory, a build stage",
      text: "FROM debian:12 AS build\nRUN chmod 777 /src\nFROM debian:12\nCOPY --from=build --chmod=755 /a /a\nRUN chmod -R 755 /a && chmod 1777 /tmp && chmod g+s /srv && chmod 2775 /srv/x && chmod +x 777 && chmod u-s,a-w /b && chmod a=rX /c && mkdir -m 1777 /t && mkdir 777\n",
    },
  ],
};

/** The mode is the first operand of chmod; options may look like modes (`-w`), so only words up to it are looked at. */
function lastMode(command: ShellCommand): number {
  const at = command.args.findIndex((word) => !/^--|^-[Rcvf]+$/.test(word.raw));
  return at + 1;
}

function* modes(dockerfile: Dockerfile, command: ShellCommand | undefined, words: readonly Word[]) {
  for (const word of words) {
    const text = (word.value ?? word.raw).replace(/^(?:--mode=|-m)/, "");
    const offset = (word.value ?? word.raw).length - text.length;
    const fault = faultOf(text);
    if (!fault) continue;
    const whole = word.raw === word.value;
    const range: SourceRange = whole ? { start: word.range.start + offset, end: word.range.end } : word.range;
    const better = text.replace(/^0?[2367]?777$|^0?777$/, text.startsWith("0") ? "0755" : "755");
    const narrowed =
      better !== text ? better : text === "a+rwx" || text === "ugo+rwx" || text === "+rwx" ? "a+rx,u+w" : undefined;
    yield {
      message: fault,
      at: inSource(dockerfile, range),
      ...(narrowed !== undefined &&
      whole &&
      (command === undefined || word.range.end - word.range.start === word.raw.length)
        ? assistedFix("Let only the owner write", replaceRange(dockerfile, range, narrowed))
        : assistedFix(
            fault.startsWith("a setuid")
              ? "Leave the bit away, and grant the one capability that is needed"
              : "Let only the owner write",
          )),
    };
  }
}

function faultOf(mode: string): string | undefined {
  const octal = /^0*([0-7]?)([0-7])([0-7])([0-7])$/.exec(mode);
  if (octal) {
    const special = Number(octal[1] || "0");
    const executable = Number(octal[2]) & 1;
    if ((special & 4) !== 0 && executable) return "a setuid program runs as its owner, whoever starts it";
    return (Number(octal[4]) & 2) !== 0 && (special & 1) === 0 ? "everyone may write there" : undefined;
  }
  for (const clause of mode.split(",").slice(0, 10)) {
    const [, who = "", sign, permissions = ""] = /^([ugoa]*)([+=])([rwxXst]*)$/.exec(clause) ?? [];
    if (!sign) continue;
    if (permissions.includes("s") && (who === "" || /[ua]/.test(who)))
      return "a setuid program runs as its owner, whoever starts it";
    const everyone = /[oa]/.test(who) || (who === "" && sign === "=");
    if (everyone && permissions.includes("w") && !permissions.includes("t") && !mode.includes("+t"))
      return "everyone may write there";
  }
  return undefined;
}

const openRule = /NOPASSWD:\s?[^\s'"\\]{1,40}/;

function openSudo(dockerfile: Dockerfile, run: RunInstruction): SourceRange | undefined {
  const { start, end } = run.range;
  const text = dockerfile.source.text.slice(start, end);
  if (!text.includes("NOPASSWD")) return undefined;
  const match = openRule.exec(text);
  return match ? { start: start + match.index, end: start + match.index + match[0].length } : undefined;
}
