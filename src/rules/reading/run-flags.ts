import type { RunInstruction } from "../../syntax/index.ts";

/** Whether two RUNs have the same flags, in whatever order. */
export function sameFlags(a: RunInstruction, b: RunInstruction): boolean {
  if (a.flags.length === 0 && b.flags.length === 0) return true;
  const texts = (run: RunInstruction): string =>
    run.flags
      .map((flag) => `${flag.name}=${flag.value?.raw ?? ""}`)
      .sort()
      .join(" ");
  return texts(a) === texts(b);
}
