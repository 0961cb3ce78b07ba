import type { Runtime } from "./runtime.ts";

export const memcached: Runtime = {
  id: "memcached",
  summary: "The cache server",
  path: /(?:^|\/)memcached$/,
  versions: [/\0memcached (\d\.\d{1,3}\.\d{1,3})/],
};
