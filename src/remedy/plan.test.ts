import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, type Digest, type Finding, type Fix, type Severity, severities } from "../core/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import { dominates } from "./dominance.ts";
import { builtInRemedies, planRemedy } from "./plan.ts";
import type { PlanImage, PlanMatch, PlanPackage, PlanSubject } from "./plan-subject.ts";
import { isGrouped, ruleGroups, vulnerableRule } from "./rule-groups.ts";

const text = `FROM debian:11 AS base\nRUN apt-get update && apt-get install -y curl=7.74.0-1 gcc\nCOPY . /app\nCMD ["/app/run"]\n`;
const dockerfile = parseDockerfile({ path: "Dockerfile", text });
const run = dockerfile.instructions[1];
const digestOf = (layer: number): Digest => `sha256:${String(layer).padStart(64, "0")}`;

const rule = fc.constantFrom(...Object.values(ruleGroups).flat(), "shell-form-command", "pipe-to-shell");
const severity = fc.constantFrom<Severity>(...severities);
const edits = fc
  .array(fc.tuple(fc.nat(text.length), fc.nat(12), fc.constantFrom("", "x", "y\n")), { maxLength: 2 })
  .map((all) => {
    let at = 0;
    return all
      .sort((a, b) => a[0] - b[0])
      .flatMap(([start, length, replacement]) => {
        if (start < at) return [];
        at = Math.min(text.length, start + length) + 1;
        return [
          { path: "Dockerfile", range: { start, end: Math.min(text.length, start + length) }, text: replacement },
        ];
      });
  });
const fix = fc.record(
  {
    title: fc.constantFrom("Do it", "Do that"),
    safety: fc.constantFrom<Fix["safety"]>("safe", "likely", "assisted"),
    edits,
    alone: fc.boolean(),
  },
  { requiredKeys: ["title", "safety", "edits"] },
);
const amount = fc.record({ value: fc.nat(1e9), basis: fc.constantFrom("measured" as const, "estimated" as const) });
const finding: fc.Arbitrary<Finding> = fc
  .record(
    { rule, severity, fix, bytes: amount, storedBytes: amount, start: fc.nat(text.length), inImage: fc.nat(4) },
    { requiredKeys: ["rule", "severity", "start", "inImage"] },
  )
  .map(({ start, inImage, ...one }) => ({
    ...one,
    message: "it is so",
    fingerprint: `${one.rule}-${start}-${inImage}`,
    at:
      inImage === 4
        ? { kind: "source", path: "Dockerfile", range: { start, end: start } }
        : { kind: "image", image: "app", layer: digestOf(inImage) },
  }));

const bytes = { unpacked: 1000, stored: 400 };
const origins: readonly NonNullable<PlanPackage["origin"]>[] = [
  { kind: "base", reference: "debian:11" },
  { kind: "base" },
  {
    kind: "instruction",
    at: { kind: "source", path: "Dockerfile", range: run?.range ?? { start: 0, end: 0 } },
    line: 2,
    text: "RUN",
    certainty: "exact",
  },
  { kind: "unknown" },
];
const layers: PlanImage["weight"]["layers"] = origins.map((origin, index) => ({
  diffId: digestOf(index),
  bytes,
  tarBytes: 1000,
  storedBytes: 400,
  entries: 1,
  files: 1,
  origin,
}));
const names = ["curl", "gcc", "libssl3", "openssl", "flask", "stdlib", "left-pad", "$(reboot)"] as const;
const image: fc.Arbitrary<PlanImage> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      type: fc.constantFrom("deb", "apk", "rpm", "npm", "pypi", "golang"),
      layerIndex: fc.nat(3),
      installedBytes: fc.nat(1e6),
      ids: fc.uniqueArray(
        fc.tuple(fc.nat(9), fc.constantFrom<PlanMatch["level"]>(...severities, "unknown"), fc.boolean()),
        {
          selector: ([id]) => id,
          maxLength: 4,
        },
      ),
    }),
    { maxLength: 8 },
  )
  .map((all) => {
    const byPurl = new Map(all.map((one) => [`pkg:${one.type}/${one.name}@1`, one]));
    const packages = [...byPurl].map(([purl, { ids: _ids, ...one }]): PlanPackage => {
      const origin = origins[one.layerIndex];
      return {
        purl,
        version: "1",
        licenses: [],
        files: ["usr/lib/it"],
        ...(["deb", "apk", "rpm"].includes(one.type) ? { source: { name: one.name, version: "1" } } : {}),
        ...(origin ? { origin } : {}),
        ...one,
      };
    });
    const matches = [...byPurl].flatMap(([purl, { ids }]) =>
      ids.map(
        ([id, level, fixed]): PlanMatch => ({ purl, id: `CVE-2026-${id}`, level, ...(fixed ? { fixedIn: "2" } : {}) }),
      ),
    );
    return {
      reference: "app:1",
      weight: { total: { unpacked: 4000, stored: 1600 }, baseLayers: 2, layers },
      packages,
      matches,
      user: "",
      dockerfile: "Dockerfile",
    };
  });
const subject: fc.Arbitrary<PlanSubject> = fc
  .record(
    {
      findings: fc.array(finding, { maxLength: 14 }),
      image,
      lockFiles: fc.subarray(["go.mod", "package-lock.json", "requirements.txt"]),
    },
    { requiredKeys: ["findings", "lockFiles"] },
  )
  .map(({ findings, ...one }) => ({
    ...one,
    // As an image rule tells of packages.
    findings: [
      ...findings,
      ...(one.image?.matches ?? []).slice(0, 3).map(
        ({ purl }): Finding => ({
          rule: vulnerableRule,
          severity: "high",
          message: "it is vulnerable",
          fingerprint: `vulnerable-${purl}`,
          at: { kind: "image", image: "app" },
          about: { purl },
        }),
      ),
    ],
    dockerfiles: new Map([["Dockerfile", dockerfile]]),
    texts: new Map(),
    bases: [],
    today: "2026-11-24",
  }));

describe("a plan", () => {
  it("holds no action that another one of it, as safe and combinable, makes superfluous", () => {
    fc.assert(
      fc.property(subject, (one) => {
        const { actions } = planRemedy(one);
        for (const action of actions) expect(actions.filter((other) => dominates(other, action))).toEqual([]);
      }),
    );
  });

  it("is the same each time, whatever order its remedies are asked in", () => {
    fc.assert(
      fc.property(subject, (one) => {
        const plan = planRemedy(one);
        expect(planRemedy({ ...one })).toEqual(plan);
        expect(planRemedy({ ...one }, builtInRemedies.toReversed())).toEqual(plan);
      }),
    );
  });

  it("resolves findings, closes vulnerabilities and names actions that are there, each action under one id", () => {
    fc.assert(
      fc.property(subject, (one) => {
        const { actions, packages, unanswered, predicted } = planRemedy(one);
        const fingerprints = new Set(one.findings.map(({ fingerprint }) => fingerprint));
        const open = new Set(one.image?.matches.map(({ id, purl }) => `${id} ${purl}`));
        const ids = actions.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { resolves, closes, excludes } of actions) {
          for (const print of resolves) expect(fingerprints).toContain(print);
          for (const key of closes) expect(open).toContain(key);
          for (const id of excludes) expect(ids).toContain(id);
        }
        for (const one of packages) for (const id of one.actions) expect(ids).toContain(id);
        const answered = new Set(actions.flatMap(({ resolves }) => resolves));
        expect(unanswered.filter((print) => answered.has(print))).toEqual([]);
        expect(answered.size + unanswered.length).toBe(fingerprints.size);
        expect(predicted?.bytes ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("has edits that can all be made, action by action", () => {
    fc.assert(
      fc.property(subject, (one) => {
        for (const action of planRemedy(one).actions) {
          if (action.edits.length > 0) expect(() => applyEdits(text, action.edits)).not.toThrow();
          for (const edit of action.edits) expect(edit.text).not.toContain("$(reboot)");
        }
      }),
    );
  });

  it("names for every vulnerable package a cause, and of the remedies that help the one to try first", () => {
    const packageOf = (name: string, layerIndex: number, type = "deb"): PlanPackage => ({
      purl: `pkg:${type}/${name}@1`,
      type,
      name,
      version: "1",
      ...(type === "deb" ? { source: { name, version: "1" } } : {}),
      licenses: [],
      files: [`${name}.record`],
      installedBytes: 1000,
      layerIndex,
      ...(origins[layerIndex] ? { origin: origins[layerIndex] } : {}),
    });
    const packages = [
      packageOf("libssl3", 0),
      packageOf("curl", 2),
      packageOf("vim", 2),
      packageOf("gcc", 2),
      packageOf("flask", 3, "pypi"),
      packageOf("golang.org/x/net", 3, "golang"),
    ];
    const { packages: found, actions } = planRemedy({
      findings: [],
      dockerfiles: new Map([["Dockerfile", dockerfile]]),
      lockFiles: ["requirements.txt"],
      texts: new Map(),
      bases: [],
      today: "2026-11-24",
      image: {
        reference: "app",
        weight: { total: { unpacked: 4000, stored: 1600 }, baseLayers: 2, layers },
        packages,
        matches: packages.map(({ purl }) => ({ purl, id: "CVE-2026-1", level: "high", fixedIn: "2" })),
        user: "",
        dockerfile: "Dockerfile",
      },
    });
    expect(
      Object.fromEntries(found.map(({ name, cause, actions: [first] }) => [name, [cause, first?.split(":")[0]]])),
    ).toEqual({
      libssl3: ["base", "package-upgrade"],
      curl: ["pin", "package-unpin"],
      vim: ["install", "rebuild-layer"],
      gcc: ["not-needed", "package-removal"],
      flask: ["lock-file", "lock-file-bump"],
      "golang.org/x/net": ["bundled-binary", "binary-rebuild"],
    });
    const upgrade = actions.find(({ remedy }) => remedy === "package-upgrade");
    expect(applyEdits(text, upgrade?.edits ?? [])).toBe(
      text.replace(
        "RUN apt-get update && ",
        "# Fixes that the base lacks. To go when it has them, by 2026-12-24 at the latest.\nRUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade libssl3 && ",
      ),
    );
    const unpin = actions.find(({ remedy }) => remedy === "package-unpin");
    expect(applyEdits(text, unpin?.edits ?? [])).toBe(text.replace("curl=7.74.0-1", "curl"));
  });

  it("is made of thousands of findings in no time that matters", () => {
    const many = Array.from(
      { length: 20_000 },
      (_, index): Finding => ({
        rule: index % 2 === 0 ? "consecutive-runs" : "shell-form-command",
        severity: "low",
        message: "it is so",
        fingerprint: `f${index}`,
        at: { kind: "source", path: "Dockerfile", range: { start: 0, end: 1 } },
        fix: {
          title: "Do it",
          safety: "safe",
          // All in each other's way.
          edits: [{ path: "Dockerfile", range: { start: 0, end: 5 }, text: String(index % 3000) }],
        },
      }),
    );
    const started = performance.now();
    planRemedy({
      findings: many,
      dockerfiles: new Map(),
      lockFiles: [],
      texts: new Map(),
      bases: [],
      today: "2026-11-24",
    });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("answers the findings of a rule by one remedy alone", () => {
    const all = Object.values(ruleGroups).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all.every(isGrouped)).toBe(true);
  });
});
