import type { Runtime } from "./runtime.ts";

export const postgres: Runtime = {
  id: "postgres",
  summary: "The database server",
  path: /(?:^|\/)postgres$/,
  versions: [/\0(?:postgres \(PostgreSQL\)|PostgreSQL) (\d{1,2}(?:\.\d{1,3}){1,2}|\d{2}(?:beta|rc)\d{1,2})[ \0\n]/],
};
