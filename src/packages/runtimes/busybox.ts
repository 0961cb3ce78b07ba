import type { Runtime } from "./runtime.ts";

export const busybox: Runtime = {
  id: "busybox",
  summary: "Unix tools in one program",
  path: /(?:^|\/)busybox(?:\.[a-z]+)?$/,
  versions: [/BusyBox v(\d{1,2}\.\d{1,3}\.\d{1,3})/],
};
