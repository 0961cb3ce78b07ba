import { describe, expect, it } from "vitest";
import { expandWord } from "./expand.ts";

const values: Readonly<Record<string, string | null>> = {
  set: "value",
  empty: "",
  unset: null,
  path: "/usr/local/lib/x.tar.gz",
};
const expand = (text: string) => expandWord(text, "\\", (name) => values[name]);

describe("expandWord", () => {
  it.each([
    ["$set", "value"],
    ["${set}s", "values"],
    ["$unset", ""],
    ["\\$set", "$set"],
    ["'$set'", "$set"],
    ['"$set" x', "value x"],
    ["${unset:-d}", "d"],
    ["${empty:-d}", "d"],
    ["${empty-d}", ""],
    ["${set:+alt}", "alt"],
    ["${empty:+alt}", ""],
    ["${empty+alt}", "alt"],
    ["${unset:-${set}}", "value"],
    ["${path#*/}", "usr/local/lib/x.tar.gz"],
    ["${path##*/}", "x.tar.gz"],
    ["${path%.*}", "/usr/local/lib/x.tar"],
    ["${path%%.*}", "/usr/local/lib/x"],
    ["${path/l/L}", "/usr/Local/lib/x.tar.gz"],
    ["${path//l/L}", "/usr/LocaL/Lib/x.tar.gz"],
    ["${path//\\//-}", "-usr-local-lib-x.tar.gz"],
    ["a$", "a$"],
  ])("%s is %s", (text, value) => {
    expect(expand(text)).toMatchObject({ value });
  });

  it("cannot say what an unknown variable makes of a word, unless its value does not matter", () => {
    expect(expand("a$nobody").value).toBeUndefined();
    expect(expand("${set:-$nobody}").value).toBe("value");
    expect(expand("${unset:-$nobody}").value).toBeUndefined();
  });

  it.each(["${unset:?}", "${", "${}", "${set^}", '"open', "'open"])("tells what BuildKit refuses in %s", (text) => {
    expect(expand(text).error).toBeDefined();
  });

  it("names the variables with their places", () => {
    expect(expand("a${set:-$empty}b$path").variables.map(({ name, start, end }) => [name, start, end])).toEqual([
      ["set", 1, 15],
      ["empty", 8, 14],
      ["path", 16, 21],
    ]);
  });
});
