import type { InstructionNode } from "./instruction.ts";
import type { Instruction, SyntaxProblem } from "./tree.ts";

const allowedFlags: Readonly<Partial<Record<Instruction["keyword"], readonly string[]>>> = {
  FROM: ["platform"],
  RUN: ["mount", "network", "security", "device"],
  COPY: ["from", "chown", "chmod", "link", "parents", "exclude"],
  ADD: ["chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"],
  HEALTHCHECK: ["interval", "timeout", "start-period", "start-interval", "retries"],
};
const repeatable = new Set(["mount", "exclude", "device"]);
const jsonKeywords = new Set<Instruction["keyword"]>([
  "RUN",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "SHELL",
  "COPY",
  "ADD",
  "VOLUME",
]);
const stageName = /^[a-z][a-z0-9\-_.]*$/;

/** Adds what BuildKit would refuse in one instruction. */
export function checkInstruction(node: InstructionNode, instruction: Instruction, problems: SyntaxProblem[]): void {
  const say = (message: string, range = instruction.keywordRange): void => void problems.push({ message, range });
  const { keyword } = instruction;
  if (keyword === "UNKNOWN") {
    say(
      instruction.keywordRange.end > instruction.keywordRange.start
        ? "unknown instruction"
        : "an instruction is missing",
    );
    return;
  }
  if (instruction.flags.length > 0) {
    const seen = new Set<string>();
    for (const flag of instruction.flags) {
      if (!allowedFlags[keyword]?.includes(flag.name)) say(`${keyword} has no flag --${flag.name}`, flag.range);
      else if (seen.has(flag.name) && !repeatable.has(flag.name)) say(`--${flag.name} is given twice`, flag.range);
      seen.add(flag.name);
    }
  }
  const text = instruction.argumentsText;
  if (text === "") {
    if (keyword !== "RUN" && keyword !== "CMD" && keyword !== "ENTRYPOINT") say(`${keyword} needs an argument`);
    return;
  }
  switch (instruction.keyword) {
    case "FROM": {
      const { words, as } = instruction;
      if (words.length !== 1 && !(words.length === 3 && as))
        say("FROM takes an image, or an image AS a name", instruction.argumentsRange);
      else if (as && !stageName.test(as.raw.toLowerCase())) say(`a stage cannot be named ${as.raw}`, as.range);
      break;
    }
    case "COPY":
    case "ADD":
      if (instruction.words.length < 2) say(`${keyword} needs a source and a destination`, instruction.argumentsRange);
      break;
    case "ENV":
    case "LABEL":
      for (const pair of instruction.pairs) {
        if (!pair.value)
          say(`${keyword} needs a value: ${instruction.legacy ? "NAME value" : "NAME=value"}`, pair.range);
        else if (pair.name.raw === "") say(`${keyword} needs a name before =`, pair.range);
      }
      break;
    case "HEALTHCHECK":
      if (!/^(?:none$|cmd\s)/i.test(text))
        say("HEALTHCHECK takes NONE, or CMD and a command", instruction.argumentsRange);
      break;
    case "SHELL":
      if (instruction.form !== "exec") say("SHELL needs a JSON array of strings", instruction.argumentsRange);
      break;
    case "ONBUILD": {
      const inner = /^\S+/.exec(text)?.[0].toUpperCase() ?? "";
      if (inner === "ONBUILD" || inner === "FROM" || inner === "MAINTAINER")
        problems.push({
          message: `ONBUILD cannot trigger ${inner}`,
          range: instruction.argumentsRange,
          aliases: ["DL3043"],
        });
      break;
    }
    default:
  }
  if (jsonKeywords.has(keyword) && node.rawJson === "not-strings")
    say("a JSON form holds strings only", instruction.argumentsRange);
}
