import type { Runtime } from "./runtime.ts";

export const nginx: Runtime = {
  id: "nginx",
  summary: "The web server",
  path: /(?:^|\/)nginx$/,
  versions: [/\0nginx version: nginx\/(\d\.\d{1,3}\.\d{1,3})/, /\0nginx\/(\d\.\d{1,3}\.\d{1,3})/],
};
