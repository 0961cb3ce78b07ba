import { describe, expect, it } from "vitest";
import { readConfig, readHadolintConfig } from "./config.ts";
import { createEngine } from "./engine.ts";
import { defaultPolicy } from "./policy.ts";

describe("ids in ignore comments", () => {
  it("are told once: as a finding where a name is near, else in the list of unknown ones", async () => {
    const engine = await createEngine();
    const text = "FROM debian:12\n# plimsoll ignore=no-usr,nothing-like-it\nRUN ls\n";
    const { findings, unknownRules } = engine.lint([{ path: "Dockerfile", text }]);
    expect(findings.filter(({ rule }) => rule === "suppression-broken").map(({ message }) => message)).toEqual([
      "there is no rule no-usr",
    ]);
    expect(unknownRules).toEqual(["nothing-like-it"]);
  });
  it("may name what no rule covers, where peers have a code for it", async () => {
    const engine = await createEngine();
    const text = "FROM debian:12\n# plimsoll ignore=CIS-DI-0005,CIS-DI-0011,DL3017\nRUN ls\n";
    expect(engine.lint([{ path: "Dockerfile", text }]).unknownRules).toEqual([]);
  });
});

describe("strict labels", () => {
  const source = (text: string) => ({ path: "x.yaml", text });
  it("are read from hadolint's configuration, and from Plimsoll's after it", async () => {
    const hadolint = await readHadolintConfig(
      source("label-schema:\n  team: text\nstrict-labels: true\n"),
      () => undefined,
      defaultPolicy,
    );
    expect(hadolint.site).toMatchObject({ labels: { team: "text" }, strictLabels: true });
    const both = await readConfig(source("strict-labels: false\n"), () => undefined, hadolint);
    expect(both.site).toMatchObject({ labels: { team: "text" }, strictLabels: false });
    expect(defaultPolicy.site.strictLabels).toBe(false);
  });
});
