import type { Runtime } from "./runtime.ts";

export const bash: Runtime = {
  id: "bash",
  summary: "The GNU shell",
  path: /(?:^|\/)bin\/bash$/,
  versions: [/@\(#\)Bash version (\d{1,2}\.\d{1,3}\.\d{1,4})\(/],
};
