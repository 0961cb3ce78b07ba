import type { ReportedRule } from "./report.ts";

/** What BuildKit would refuse is reported under this id. It is no rule: the parser finds it, and it cannot be turned off. */
export const syntaxRule: ReportedRule & { readonly id: string } = {
  id: "syntax",
  summary: "BuildKit refuses this",
  why: "The Dockerfile does not parse here, so it does not build. Everything else in the file was still examined.",
  aim: "correctness",
  severity: "high",
  aliases: ["DL1000", "DL3043", "DL3061"],
};
