import { array, assert, constantFrom, dictionary, letrec, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parsePlainYaml, type Plain } from "./plain-yaml.ts";
import { plainJson } from "./plain-json.ts";

function asObject(value: Plain): unknown {
  if (typeof value === "string") return value;
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, one]) => [key, asObject(one as Plain)]))
    : (value as readonly Plain[]).map(asObject);
}

const text = oneof(
  string({ unit: constantFrom(..."abcXYZ019@/^~.-_()#:'\", {}[]*&!|>%".split("")) }),
  constantFrom(
    "1.2.3",
    "npm:lodash@3",
    "a: b",
    "- x",
    "sha512-AbC==",
    "true",
    "null",
    "# no",
    "it's",
    'say "so"',
    "^1.0.0 || >=2",
  ),
).filter((one) => one.trim() === one && one !== "" && !one.includes("\n"));

const { tree } = letrec((tie) => ({
  tree: dictionary(
    text,
    oneof({ depthSize: "small" }, text, tie("tree"), array(text, { minLength: 1, maxLength: 4 })),
    {
      minKeys: 1,
      maxKeys: 5,
      noNullPrototype: true,
    },
  ),
}));

describe("the YAML of lock files", () => {
  it("is read as the writer of another library wrote it", () => {
    assert(
      property(tree, (value) => {
        for (const indentSeq of [true, false]) {
          const written = stringify(value, { lineWidth: 0, indentSeq });
          expect(asObject(parsePlainYaml(written)), written).toEqual(value);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("passes over prose in blocks, and takes long keys and flow on one line", () => {
    const parsed = parsePlainYaml(
      'a:\n  deprecated: |-\n    key: not\n      one\n  resolution: {integrity: sha512-x, tarball: \'file:a, b\'}\n  cpu: [x64, "arm64"]\n? "long, key"\n:\n  version: 1.0.0\nlist:\n- name: x\n  version: 2\n- y\n',
    );
    expect(asObject(parsed)).toEqual({
      a: { deprecated: "", resolution: { integrity: "sha512-x", tarball: "file:a, b" }, cpu: ["x64", "arm64"] },
      "long, key": { version: "1.0.0" },
      list: [{ name: "x", version: "2" }, "y"],
    });
  });
});

describe("JSON with comments", () => {
  it("loses comments and trailing commas, and nothing in its strings", () => {
    const written = '{ // one\n "a": [1, 2, /* two */ ], "b,]": "http://x/*y*/,}", \n}';
    expect(JSON.parse(plainJson(written))).toEqual({ a: [1, 2], "b,]": "http://x/*y*/,}" });
  });
});
