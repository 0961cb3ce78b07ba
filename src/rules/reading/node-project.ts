import type { Stage } from "../../syntax/index.ts";
import { asObject } from "./contents.ts";

/** Commands that leave nothing behind which the running program could need. */
const harmless: ReadonlySet<string> = new Set([
  "npm",
  "chown",
  "chmod",
  "mkdir",
  "rm",
  "cd",
  "useradd",
  "groupadd",
  "echo",
  "true",
  "test",
]);

/** Whether nothing but npm, and what changes its files, works in a stage. */
export function onlyNpm(stage: Stage): boolean {
  return stage.instructions.every(
    (one) =>
      one.keyword !== "RUN" ||
      (!one.script.broken &&
        one.script.commands.length > 0 &&
        one.script.commands.every(({ name }) => harmless.has(name))),
  );
}

/** A JSON object of the project; undefined when the text is none. */
export function jsonObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
