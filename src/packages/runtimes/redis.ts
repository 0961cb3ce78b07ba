import type { Runtime } from "./runtime.ts";

export const redis: Runtime = {
  id: "redis",
  summary: "The data store",
  path: /(?:^|\/)redis-(?:server|sentinel|cli|benchmark|check-rdb|check-aof)$/,
  // The second is the build's id: version, host name of twelve hexadecimal digits (a container's) and time in one.
  versions: [/\0err\0(\d\.\d{1,3}\.\d{1,3})\0/, /(\d\.\d\.\d{1,2})[0-9a-f]{12}-\d{19}/],
};
