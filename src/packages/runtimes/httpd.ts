import type { Runtime } from "./runtime.ts";

export const httpd: Runtime = {
  id: "httpd",
  summary: "Apache's HTTP server",
  path: /(?:^|\/)(?:httpd|apache2)$/,
  versions: [/\0Apache\/(\d\.\d{1,3}\.\d{1,3})/],
};
