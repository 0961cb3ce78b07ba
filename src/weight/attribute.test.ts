import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../syntax/index.ts";
import { attributeLayers } from "./attribute.ts";

const path = "PATH=/opt/x/bin:/usr/bin:/bin";

/** The layers of the base, as history tells it: an ADD of the base, then what was given. */
function baseLayers(text: string, ...said: readonly string[]): number {
  const dockerfile = parseDockerfile({ path: "Dockerfile", text: `FROM debian:13\n${text}\n` });
  const own = said.map((createdBy) => ({ createdBy, emptyLayer: !/^(?:RUN|COPY)/.test(createdBy) }));
  const history = [{ createdBy: "ADD rootfs / # buildkit", emptyLayer: false }, ...own];
  return attributeLayers({ dockerfile, history, layers: history.filter(({ emptyLayer }) => !emptyLayer).length })
    .baseLayers;
}

describe("the base's layers", () => {
  it.each([
    ["ENV PATH=/opt/x/bin:$PATH", `ENV ${path}`, 1],
    ["ENV A=1 PATH=/opt/x/bin:${PATH} B=2", `ENV A=1 ${path} B=2`, 1],
    ["ENV PATH=$A:/usr/bin:$B", `ENV ${path}`, 1],
    ["ENV PATH=/opt/y/bin:$PATH", `ENV ${path}`, 0],
    ["ENV PATH=/opt/x/bin:$PATH:/bin:/sbin", `ENV ${path}`, 0],
    ["ENV A=ab$X", "ENV A=a", 0],
  ])("end before the first instruction, as in %j for history's %j: %i", (text, said, expected) => {
    expect(baseLayers(`${text}\nRUN true`, said, "RUN /bin/sh -c true # buildkit")).toBe(expected);
  });
});
