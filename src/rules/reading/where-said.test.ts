import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../syntax/index.ts";
import { createKnown } from "../../engine/known.ts";
import { defaultSitePolicy } from "../site-policy.ts";
import { whereSaid } from "./where-said.ts";

const known = createKnown(defaultSitePolicy, () => undefined);
const check = whereSaid(/apt-get/, function* ({ dockerfile }) {
  yield { message: "begun", at: { kind: "source", path: dockerfile.source.path, range: { start: 0, end: 0 } } };
});
const begins = (text: string): boolean => [...check({ dockerfile: parseDockerfile(text) }, known)].length > 0;

describe("a check is begun", () => {
  it("where its words stand, and not elsewhere", () => {
    expect(begins("FROM debian:12\nRUN apt-get update\n")).toBe(true);
    expect(begins("FROM alpine:3.20\nRUN apk add git && \\\n    ls\n")).toBe(false);
  });
  it("also where a word goes on in the next line", () => {
    expect(begins("FROM debian:12\nRUN apt\\\n-get update\n")).toBe(true);
    expect(begins("FROM debian:12\r\nRUN ap\\ \r\nt-get update\r\n")).toBe(true);
    expect(begins("# escape=`\nFROM debian:12\nRUN apt-`\nget update\n")).toBe(true);
  });
});
