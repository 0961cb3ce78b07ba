import { describe, expect, it } from "vitest";
import type { Digest } from "../core/index.ts";
import type { BaseOption } from "./base-option.ts";
import { planSubject } from "../../test/support/plan-subject.ts";
import { chooseRemedies } from "./choose-remedies.ts";
import type { PlanMatch, PlanPackage, PlanSubject } from "./plan-subject.ts";

const path = "Dockerfile";
const text = "FROM debian:11\nCOPY . /app\n";
const digest: Digest = `sha256:${"0".repeat(64)}`;
const bytes = { unpacked: 1000, stored: 400 };
const layer = {
  diffId: digest,
  bytes,
  tarBytes: 1000,
  storedBytes: 400,
  entries: 1,
  files: 1,
  origin: { kind: "base" as const },
};
const advisories = { critical: 0, high: 9, medium: 0, low: 0, info: 0, unknown: 0 };

interface Installed {
  readonly name: string;
  readonly source?: string;
  readonly type?: string;
  readonly level?: PlanMatch["level"];
  readonly bytes?: number;
}

function subjectOf(installed: readonly Installed[], more: Partial<PlanSubject> = {}): PlanSubject {
  const packages = installed.map(
    ({ name, source = name, type = "deb", bytes: size = 1000 }): PlanPackage => ({
      purl: `pkg:${type}/${name}@1.0.0`,
      type,
      name,
      version: "1.0.0",
      licenses: [],
      files: [],
      installedBytes: size,
      layerIndex: type === "deb" ? 0 : 1,
      ...(type === "deb" ? { source: { name: source, version: "1.0.0" }, origin: { kind: "base" as const } } : {}),
    }),
  );
  const matches = packages.map(({ purl }, index) => ({
    purl,
    id: "CVE-2026-1",
    level: installed[index]?.level ?? "high",
    fixedIn: "1.0.9",
  }));
  const weight = { total: bytes, baseLayers: 1, layers: [layer, layer] };
  return planSubject(text, { weight, packages, matches, user: "" }, more);
}

function choose(subject: PlanSubject, { without = [] as readonly string[], tools = true, likely = true } = {}) {
  const read = (one: string): string => (one === path ? text : (subject.texts.get(one) ?? ""));
  return chooseRemedies(subject, { likely, tools, without: new Set(without), read });
}

describe("the plan's remedies as actions", () => {
  const two = [{ name: "libssl1.1", source: "openssl" }, { name: "openssl" }, { name: "curl" }];

  it("are one for each source package, and one command upgrades all that are chosen", () => {
    const choice = choose(subjectOf(two));
    expect(choice.actions.map(({ id }) => id)).toEqual([
      "package-upgrade:Dockerfile:curl",
      "package-upgrade:Dockerfile:openssl",
    ]);
    const all = choice.apply(choice.actions).texts.get(path) ?? "";
    expect(all.match(/^RUN .*$/gm)).toHaveLength(1);
    expect(all).toContain("--only-upgrade curl libssl1.1 openssl ");
    const some = choice.apply(choice.actions.slice(0, 1)).texts.get(path) ?? "";
    expect(some).toContain("--only-upgrade curl ");
    expect(some).not.toContain("openssl");
    expect(choice.apply([]).texts.size).toBe(0);
  });

  it("are likely ones, and none that was tried", () => {
    expect(choose(subjectOf(two), { likely: false }).actions).toEqual([]);
    const without = ["package-upgrade:Dockerfile:curl"];
    expect(choose(subjectOf(two), { without }).actions.map(({ id }) => id)).toEqual([
      "package-upgrade:Dockerfile:openssl",
    ]);
  });

  it("leave out what costs more than it is worth, and declare what they cost", () => {
    const heavy = { name: "heavy", level: "low" as const, bytes: 50e6 };
    const grave = { name: "grave", level: "critical" as const, bytes: 50e6 };
    const { actions } = choose(subjectOf([heavy, grave]));
    expect(actions.map(({ id }) => id)).toEqual(["package-upgrade:Dockerfile:grave"]);
    expect(actions[0]?.scope.growth).toBeGreaterThan(50e6);
    expect(actions[0]?.scope.growth).toBeLessThan(100e6);
  });

  it("raise versions in texts by an edit, in lock files by their tool where it runs", () => {
    const python = subjectOf([{ name: "flask", type: "pypi" }], {
      lockFiles: ["web/requirements.txt"],
      texts: new Map([["web/requirements.txt", "flask==1.0.0\n"]]),
    });
    const pins = choose(python);
    expect(pins.apply(pins.actions).texts.get("web/requirements.txt")).toBe("flask==1.0.9\n");
    const node = subjectOf([{ name: "a", type: "npm" }], { lockFiles: ["package-lock.json"] });
    expect(choose(node, { tools: false }).actions).toEqual([]);
    const locks = choose(node);
    expect(locks.apply(locks.actions).raises).toMatchObject([
      { lockFile: "package-lock.json", raises: [{ name: "a", from: "1.0.0", to: "1.0.9" }], actions: locks.actions },
    ]);
  });

  it("begin with the base that is worth most, alone, and take the next when that was tried", () => {
    const option = (kind: BaseOption["kind"], reference: string, size: number, dropIn = true): BaseOption => ({
      kind,
      reference,
      changes: [],
      dropIn,
      measured: { digest, platform: "linux/amd64", from: "registry", bytes: size, packages: 1, advisories, fixable: 9 },
    });
    const options = [
      option("current", "debian:11", 100e6),
      option("slim", "debian:11-slim", 60e6),
      option("patch", "debian:11.11", 80e6),
      option("line", "debian:12", 10e6, false),
    ];
    const open = new Map([
      ["debian:11-slim", new Set<string>()],
      ["debian:11.11", new Set(["CVE-2026-1 curl"])],
    ]);
    const subject = subjectOf(two, { bases: [{ path, options, open }] });
    const first = choose(subject);
    expect(first.actions.map(({ id }) => id)).toEqual(["base-change:Dockerfile:debian:11-slim"]);
    expect(first.apply(first.actions).texts.get(path)).toBe("FROM debian:11-slim\nCOPY . /app\n");
    const tried = first.actions.map(({ id }) => id);
    expect(choose(subject, { without: tried }).actions.map(({ id }) => id)).toEqual([
      "base-change:Dockerfile:debian:11.11",
    ]);
    const both = [...tried, "base-change:Dockerfile:debian:11.11"];
    expect(choose(subject, { without: both }).actions.map(({ rule }) => rule)).toEqual([
      "package-upgrade",
      "package-upgrade",
    ]);
  });
});
