import { describe, expect, it } from "vitest";
import { applyEdits, type Digest } from "../../core/index.ts";
import { planSubject } from "../../../test/support/plan-subject.ts";
import type { PlanPackage } from "../plan-subject.ts";
import { installerRemoval } from "./installer-removal.ts";

const diffId: Digest = `sha256:${"0".repeat(64)}`;
const bytes = { unpacked: 1000, stored: 400 };
const layer = {
  diffId,
  bytes,
  tarBytes: 1000,
  storedBytes: 400,
  entries: 1,
  files: 1,
  origin: { kind: "base" as const },
};

type Told = Partial<PlanPackage> & Pick<PlanPackage, "name">;

function installed(told: Told): PlanPackage {
  const type = told.type ?? "pypi";
  const purl = `pkg:${type}/${told.name}@1.0`;
  return { purl, type, version: "1.0", licenses: [], files: [], origin: { kind: "base" }, layerIndex: 0, ...told };
}

/** The Dockerfile afterwards, and which packages lose their vulnerabilities. */
function removed(text: string, all: readonly Told[], user = "") {
  const packages = all.map(installed);
  const subject = planSubject(text, {
    weight: { total: bytes, baseLayers: 1, layers: [layer] },
    packages,
    matches: packages.map(({ purl }) => ({ id: "CVE-2026-1", purl, level: "high" })),
    user,
  });
  const proposals = [...installerRemoval.propose(subject)];
  return proposals.map(({ edits = [], closes = [] }) => ({
    text: applyEdits(text, edits),
    closes: closes.map(({ purl }) => purl),
  }));
}

const python = [{ name: "setuptools" }, { name: "pip" }, { name: "flask" }];
const npm = { name: "tar", type: "npm", files: ["usr/local/lib/node_modules/npm/node_modules/tar/package.json"] };

describe("installers of the base", () => {
  it("go with the step that last calls one, so that nothing of it is stored", () => {
    expect(
      removed('FROM python:3.12\nRUN pip install x\nCOPY . .\nUSER 1000\nCMD ["python", "a.py"]\n', python),
    ).toEqual([
      {
        text: 'FROM python:3.12\nRUN pip install x && pip uninstall -y setuptools wheel pip\nCOPY . .\nUSER 1000\nCMD ["python", "a.py"]\n',
        closes: ["pkg:pypi/pip@1.0", "pkg:pypi/setuptools@1.0"],
      },
    ]);
  });

  it("go before root does, where no step calls one", () => {
    const [one] = removed('FROM node:20\nCOPY --from=build /app /app\nUSER node\nCMD ["node", "/app"]\n', [npm]);
    expect(one?.text).toBe(
      'FROM node:20\nCOPY --from=build /app /app\nRUN npm uninstall -g corepack npm\nUSER node\nCMD ["node", "/app"]\n',
    );
  });

  it("that belong to Debian are left to dpkg, which refuses where another package needs one", () => {
    const owner = "pkg:deb/debian/python3-pip@20.3.4-4%2Bdeb11u2?arch=all";
    const [one] = removed("FROM debian:12\nCMD python3 a.py\n", [{ name: "pip", owner }]);
    expect(one?.text).toContain("RUN dpkg --purge python3-pip\n");
    expect(
      removed("FROM debian:12\nCMD python3 a.py\n", [{ name: "pip", owner: "pkg:rpm/redhat/python3-pip@1" }]),
    ).toEqual([]);
  });

  it("stay where the container starts with one, another user calls one, or nobody is root", () => {
    expect(removed("FROM node:20\nCMD npm start\n", [npm])).toEqual([]);
    expect(removed('FROM node:20\nUSER node\nRUN npm ci\nCMD ["node", "a.js"]\n', [npm])).toEqual([]);
    expect(removed('FROM node:20\nCMD ["node", "a.js"]\n', [npm], "node")).toEqual([]);
    const inherited = 'FROM node:20 AS base\nUSER node\nFROM base\nCMD ["node", "a.js"]\n';
    expect(removed(inherited, [npm], "node")).toEqual([]);
  });

  it("are none of the project's own packages, nor of another layer's", () => {
    const own = { name: "tar", type: "npm", files: ["app/node_modules/tar/package.json"] };
    expect(removed('FROM node:20\nCMD ["node", "a.js"]\n', [own])).toEqual([]);
    expect(
      removed('FROM node:20\nCMD ["node", "a.js"]\n', [{ ...npm, origin: { kind: "unknown" }, layerIndex: 1 }]),
    ).toEqual([]);
  });
});
