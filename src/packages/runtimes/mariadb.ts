import type { Runtime } from "./runtime.ts";

export const mariadb: Runtime = {
  id: "mariadb",
  summary: "The database server",
  path: /(?:^|\/)(?:mariadbd|mysqld)$/,
  versions: [/\0(\d{1,2}\.\d{1,3}\.\d{1,3})-MariaDB/],
};
