import type { Runtime } from "./runtime.ts";

export const go: Runtime = {
  id: "go",
  name: "toolchain",
  type: "golang",
  summary: "The compiler and its tools",
  path: /(?:^|\/)go\/VERSION$/,
  text: true,
  versions: [/^go(\d\.\d{1,3}(?:\.\d{1,3}|rc\d{1,2}|beta\d{1,2})?)/],
};
