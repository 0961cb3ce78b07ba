import type { Runtime } from "./runtime.ts";

export const mysql: Runtime = {
  id: "mysql",
  summary: "The database server",
  path: /(?:^|\/)mysqld$/,
  versions: [
    /\0mysqld? {1,2}Ver (\d{1,2}\.\d{1,3}\.\d{1,3})/,
    /\/mysql-(\d{1,2}\.\d{1,3}\.\d{1,3})\//,
    /\0(8\.\d\.\d{1,3})\0[^\0]{0,80}MySQL Community Server/,
  ],
};
