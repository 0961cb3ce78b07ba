import type { Runtime } from "./runtime.ts";

export const haproxy: Runtime = {
  id: "haproxy",
  summary: "The load balancer",
  path: /(?:^|\/)haproxy$/,
  versions: [/version (\d{1,2}\.\d{1,3}(?:\.\d{1,3}|-dev\d{1,3}))[\w.+~-]{0,60}, released 20\d\d/],
};
