import type { Runtime } from "./runtime.ts";

export const git: Runtime = {
  id: "git",
  summary: "The version control system",
  path: /(?:^|\/)(?:bin|git-core)\/git$/,
  versions: [/git\/(\d{1,2}\.\d{1,3}\.\d{1,3}(?:\.\d{1,3}|-rc\d{1,2})?)\0/],
};
