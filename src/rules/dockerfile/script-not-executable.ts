import {
  addFlag,
  type CopyInstruction,
  type Dockerfile,
  flagValue,
  normalizePath,
  workdirAt,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const scriptNotExecutable: Rule<"dockerfile"> = {
  id: "script-not-executable",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "The script that starts the container cannot be started",
  why: `COPY keeps the mode a file has in the build context. Without the x bit the container ends with ‘permission denied’; with Windows line endings, or without
a \`#!\` line, the kernel looks for an interpreter that is not there.`,

  *check({ dockerfile, context }) {
    if (!context) return;
    const last = dockerfile.stages.at(-1);
    for (const instruction of last?.instructions ?? []) {
      if (instruction.keyword !== "ENTRYPOINT" && instruction.keyword !== "CMD") continue;
      const word = instruction.form === "exec" ? instruction.words[0] : instruction.script.commands[0]?.nameWord;
      const path = word?.value;
      if (!word || path === undefined || !path.includes("/")) continue;
      const copied = findCopy(dockerfile, last?.index ?? 0, path, instruction.index);
      const file =
        copied && context.files.find((one) => one.path === copied.source && !one.ignored && one.type === "file");
      if (!copied || !file) continue;
      const text = context.text(file.path);
      const fault = faultOf(file.mode, text, copied.copy, dockerfile, path);
      if (!fault) continue;
      yield {
        message:
          fault === "mode"
            ? `${path} is copied without its x bit`
            : fault === "crlf"
              ? `${path} has Windows line endings`
              : `${path} has no #! line`,
        at: inSource(dockerfile, word.range),
        related: [{ at: inSource(dockerfile, copied.copy.range), message: "it is copied here" }],
        ...(fault === "mode"
          ? likelyFix("Copy it with --chmod=0755 (needs BuildKit)", [addFlag(dockerfile, copied.copy, "--chmod=0755")])
          : assistedFix(fault === "crlf" ? "Save it with \\n line endings" : "Begin it with #!/bin/sh")),
      };
    }
  },
  examples: [
    {
      title: "no x bit",
      text: 'FROM debian:12\nCOPY run.sh /run.sh\nENTRYPOINT [«"/run.sh"»]\n',
      context: { "run.sh": "#!/bin/sh\n" },
      fixed: 'FROM debian:12\nCOPY --chmod=0755 run.sh /run.sh\nENTRYPOINT ["/run.sh"]\n',
    },
    {
      title: "Windows line endings",
      text: 'FROM debian:12\nCOPY run.sh /app/\nCMD [«"/app/run.sh"»]\n',
      context: { "run.sh 755": "#!/bin/sh\r\necho\r\n" },
    },
    {
      title: "executable",
      text: 'FROM debian:12\nCOPY run.sh /run.sh\nENTRYPOINT ["/run.sh"]\n',
      context: { "run.sh 755": "#!/bin/sh\n" },
    },
    {
      title: "made executable",
      text: 'FROM debian:12\nCOPY run.sh /run.sh\nRUN chmod +x /run.sh\nENTRYPOINT ["/run.sh"]\n',
      context: { "run.sh": "#!/bin/sh\n" },
    },
    { title: "no context to look at", text: 'FROM debian:12\nCOPY run.sh /run.sh\nENTRYPOINT ["/run.sh"]\n' },
  ],
};

/** The COPY that brings the file at an absolute path, and which file of the context it is. */
function findCopy(
  dockerfile: Dockerfile,
  stage: number,
  path: string,
  before: number,
): { copy: CopyInstruction; source: string } | undefined {
  for (const copy of dockerfile.stages[stage]?.instructions.toReversed() ?? []) {
    if (
      (copy.keyword !== "COPY" && copy.keyword !== "ADD") ||
      copy.index > before ||
      copy.flags.some((flag) => flag.name === "from")
    )
      continue;
    const target = copy.target.value;
    const directory = workdirAt(dockerfile, copy);
    if (target === undefined || (!target.startsWith("/") && directory === undefined)) continue;
    const into = normalizePath(target.startsWith("/") ? target : `${directory ?? ""}/${target}`);
    const wanted = path.startsWith("/") ? normalizePath(path) : normalizePath(`${directory ?? ""}/${path}`);
    for (const source of copy.sources) {
      const from = source.value?.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "") ?? "";
      const name = from.split("/").pop() ?? "";
      if (wanted === into && !target.endsWith("/")) return { copy, source: from };
      if (from !== "" && from !== "." && wanted === `${into === "/" ? "" : into}/${name}`)
        return { copy, source: from };
      if (wanted.startsWith(`${into === "/" ? "" : into}/`)) {
        const below = wanted.slice((into === "/" ? "" : into).length + 1);
        return { copy, source: from === "" || from === "." ? below : `${from}/${below}` };
      }
    }
  }
  return undefined;
}

function faultOf(
  mode: number,
  text: string | undefined,
  copy: CopyInstruction,
  dockerfile: Dockerfile,
  path: string,
): "mode" | "crlf" | "shebang" | undefined {
  const chmod = flagValue(copy, "chmod");
  const name = path.split("/").pop() ?? path;
  const made = dockerfile.instructions.some(
    (run) =>
      run.keyword === "RUN" &&
      run.index > copy.index &&
      (run.argumentsText.includes("chmod") ||
        run.argumentsText.includes("install ") ||
        run.argumentsText.includes("dos2unix") ||
        run.argumentsText.includes("sed")) &&
      (run.argumentsText.includes(name) || /chmod\s+-R|chmod\s+\S+\s+\S*\*/.test(run.argumentsText)),
  );
  if (made) return undefined;
  if ((mode & 0o111) === 0 && (chmod === undefined || /^0?[0-7]*[0246][0246][0246]$/.test(chmod))) return "mode";
  if (text === undefined || !/^#!|\.sh$/.test(text.slice(0, 2) + path.slice(-3))) return undefined;
  if (/^#![^\n]*\r\n/.test(text)) return "crlf";
  return path.endsWith(".sh") && !text.startsWith("#!") && text !== "" ? "shebang" : undefined;
}
