import { DockerfileParser } from "dockerfile-ast";
import { describe, expect, it } from "vitest";
import { LineIndex, parseDockerfile } from "../../src/index.ts";
import { generateDockerfile } from "../support/generate.ts";

describe("beside dockerfile-ast, a parser by other hands", () => {
  it("the same instructions begin on the same lines of a thousand Dockerfiles", () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const text = generateDockerfile(seed);
      const lines = new LineIndex(text);
      const ours = parseDockerfile(text).instructions.map(
        ({ keyword, range }) => `${keyword} ${lines.position(range.start).line}`,
      );
      const theirs = DockerfileParser.parse(text)
        .getInstructions()
        .map((one) => `${one.getKeyword()} ${one.getRange().start.line + 1}`);
      expect(ours).toEqual(theirs);
    }
  });
});
