import type { MatchFamily } from "../family.ts";

/** Interpreters that no package manager installed, by the names their advisories use. */
const names: Readonly<Record<string, string>> = { node: "node", nodejs: "node", ruby: "ruby", jruby: "jruby" };

export const runtimes: MatchFamily = {
  id: "runtimes",
  has: (one) => one.type === "generic" && Object.hasOwn(names, one.name),
  lookUp: (one) =>
    one.version === ""
      ? "no-version"
      : [{ ecosystem: "runtimes", name: names[one.name] ?? one.name, version: one.version }],
};
