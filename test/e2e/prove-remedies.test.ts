import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildStore, openStore } from "../../src/advisories/index.ts";
import type { ScanOptions } from "../../src/engine/index.ts";
import type { ProofDocument } from "../../src/report/index.ts";
import { labEngine, runIn } from "../support/lab.ts";
import { labScan, proveEngine, proveDockerfile, textOf, told } from "../support/prove.ts";

const lab = labEngine();
const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const grave = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

/** An advisory that one version of a package fixes, or one of each of its lines. */
function advisory(ecosystem: string, name: string, ...fixes: readonly (readonly [from: string, fixed: string])[]) {
  const id = `TEST-${name}`;
  const range = (introduced: string, fixed: string) => ({
    type: ecosystem === "npm" ? "SEMVER" : "ECOSYSTEM",
    events: [{ introduced }, { fixed }],
  });
  return {
    schema_version: "1.7.0",
    id,
    modified: "2026-11-01T00:00:00Z",
    summary: "a hole",
    severity: [{ type: "CVSS_V3", score: grave }],
    affected: fixes.map(([from, fixed]) => ({ package: { ecosystem, name }, ranges: [range(from, fixed)] })),
  };
}

describe.skipIf(!lab)("fix --prove with what the plan has against vulnerabilities", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-remedies-"));
  const base = `plimsoll-e2e-base:${process.pid}`;
  const store = join(work, "store");
  let scan: ScanOptions;

  const project = (name: string, files: Readonly<Record<string, string>>): string => {
    const directory = join(work, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return directory;
  };

  beforeAll(() => {
    const records = [
      advisory("Debian:11", "libtasn1-6", ["0", "4.16.0-2+deb11u2"]),
      advisory("Debian:11", "xz-utils", ["0", "5.2.5-2.1~deb11u2"]),
      advisory("Debian:11", "libsepol", ["0", "3.1-1+deb11u1"]),
      advisory("PyPI", "tinytide", ["0", "1.0.2"]),
      advisory("npm", "minimist", ["0", "0.0.10"], ["1.0.0", "1.2.6"]),
    ];
    const folder = project(
      "advisories",
      Object.fromEntries(
        records.map((one) => {
          const ecosystem = (one.affected[0]?.package.ecosystem ?? "").split(":")[0] ?? "";
          return [`${ecosystem}/${one.id}.json`, JSON.stringify(one)];
        }),
      ),
    );
    buildStore(folder, store);
    scan = { ...labScan(), store: { store: openStore(store), kind: "given" } };
    // Its mirror has a newer libsepol1 too, which is not to be had here.
    const held = "Package: libsepol1\\nPin: version 3.1-1\\nPin-Priority: 1001\\n";
    const context = project("base", {
      Dockerfile: `FROM debian:11-slim\nRUN printf '${held}' > /etc/apt/preferences.d/held\n`,
    });
    runIn(lab, context, "docker", ["build", "-q", "-t", base, "."]);
  }, 120_000);

  afterAll(() => {
    spawnSync("docker", ["rmi", "-f", base], { env: lab.env });
    rmSync(work, { recursive: true, force: true });
  });

  it("packages of the base are upgraded, and one whose fix cannot be had is left with its reason", {
    timeout: 120_000,
  }, async () => {
    const text = `FROM ${base}\nMAINTAINER dev@example.com\nUSER 65534\nCMD ["cat", "/etc/debian_version"]\n`;
    const directory = project("debian", { Dockerfile: text });
    const outcome = await proveDockerfile(lab, await proveEngine(), directory, 'docker run --rm "$IMAGE" | grep ^11', {
      scan,
    });
    const { proof } = outcome;
    expect(proof.verdict, told(outcome)).toBe("proved");
    expect(proof.kept.map(({ id }) => id.replace(/-[0-9a-f]{8}$/, ""))).toEqual([
      "maintainer-deprecated",
      "package-upgrade:Dockerfile:libtasn1-6",
      "package-upgrade:Dockerfile:xz-utils",
    ]);
    expect(proof.rejected.map(({ action: { id }, reason }) => `${id}: ${reason}`)).toEqual([
      "package-upgrade:Dockerfile:libsepol: closed: still open: TEST-libsepol in libsepol1, which 3.1-1+deb11u1 fixes and could not be had",
    ]);
    // The first trial tells which is to blame, the second does without it.
    expect(proof.trials).toBe(3);
    expect(proof.candidate.dockerfile).toMatch(/^# Fixes that the base lacks\. To go when .*, by 2026-12-24/m);
    expect(proof.candidate.dockerfile).toContain("--only-upgrade liblzma5 libtasn1-6 && rm");
    const after = proof.after.image;
    expect(after?.advisories?.map(({ id }) => id)).toEqual(["TEST-libsepol"]);
    expect(after?.measure.fixable?.critical).toBe(1);
    expect(textOf(directory, "Dockerfile")).toBe(text);
  });

  it("a pin in requirements.txt is raised within its line", { timeout: 120_000 }, async () => {
    const directory = project("python", {
      Dockerfile:
        'FROM python:3.11-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install --no-cache-dir --no-index --find-links vendor -r requirements.txt\nUSER 65534:65534\nCMD ["python", "-c", "import tinytide; print(tinytide.level)"]\n',
      "requirements.txt": "# what it needs\ntinytide==1.0.0  # the tide\n",
    });
    for (const version of ["1.0.0", "1.0.2"]) wheel(directory, version);
    const outcome = await proveDockerfile(lab, await proveEngine(), directory, 'docker run --rm "$IMAGE" | grep high', {
      scan,
    });
    expect(outcome.proof.verdict, told(outcome)).toBe("proved");
    expect(outcome.proof.kept.map(({ id }) => id)).toContain("lock-file-bump:requirements.txt:tinytide");
    expect(outcome.changes.find(({ path }) => path === "requirements.txt")?.after).toBe(
      "# what it needs\ntinytide==1.0.2  # the tide\n",
    );
    expect(outcome.proof.after.image?.packages?.some(({ purl }) => purl === "pkg:pypi/tinytide@1.0.2")).toBe(true);
    expect(textOf(directory, "requirements.txt")).toContain("tinytide==1.0.0");
  });

  /** Pure Python, as an index would have it. */
  function wheel(directory: string, version: string): void {
    const info = `wheel-${version}/tinytide-${version}.dist-info`;
    const made = project("wheels", {
      [`wheel-${version}/tinytide/__init__.py`]: 'level = "high"\n',
      [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: tinytide\nVersion: ${version}\n`,
      [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      [`${info}/RECORD`]: "",
    });
    mkdirSync(join(directory, "vendor"), { recursive: true });
    const archive = join(directory, "vendor", `tinytide-${version}-py3-none-any.whl`);
    const names = ["tinytide", `tinytide-${version}.dist-info`];
    const inside = join(made, `wheel-${version}`);
    runIn(lab ?? { env: {}, samples: "" }, inside, "python3", ["-m", "zipfile", "-c", archive, ...names]);
  }

  it("npm writes its lock file anew in a container, and both files are written when it is proved", {
    timeout: 120_000,
  }, () => {
    // Without addresses: npm takes the packages from the registry it is set to.
    const entry = (version: string, more = {}) => ({ version, ...more });
    const dependencies = { minimist: "^1.2.5", mkdirp: "0.5.1" };
    const lock = {
      name: "tides",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name: "tides", version: "1.0.0", dependencies },
        "node_modules/minimist": entry("1.2.5"),
        "node_modules/mkdirp": entry("0.5.1", { dependencies: { minimist: "0.0.8" } }),
        "node_modules/mkdirp/node_modules/minimist": entry("0.0.8"),
      },
    };
    const directory = project("node", {
      Dockerfile:
        'FROM node:20-slim\nWORKDIR /srv\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev && npm cache clean --force\nUSER node\nCMD ["node", "-e", "console.log(require(\'minimist\')([\'--tide=high\']).tide)"]\n',
      "package.json": `${JSON.stringify({ name: "tides", version: "1.0.0", dependencies }, null, 2)}\n`,
      "package-lock.json": `${JSON.stringify(lock, null, 2)}\n`,
    });
    const rules = [
      "tag-floats",
      "base-unsupported-tag",
      "not-digest-pinned",
      "user-not-numeric",
      "healthcheck-missing",
    ];
    const run = spawnSync(
      process.execPath,
      [
        cli,
        "fix",
        "--prove",
        "--likely",
        "--write",
        "--network",
        "host",
        "--store",
        store,
        "--proof",
        "proof.json",
        "--smoke",
        'docker run --rm "$IMAGE" | grep ^high',
        ...rules.flatMap((rule) => ["--rule", `${rule}=off`]),
      ],
      { cwd: directory, env: { ...lab.env, NO_COLOR: "1", PLIMSOLL_CACHE: join(work, "cache") }, encoding: "utf8" },
    );
    expect(run.status, run.stdout + run.stderr).toBe(0);
    const proof = JSON.parse(textOf(directory, "proof.json")) as ProofDocument;
    expect(proof).toMatchObject({ verdict: "proved", after: { fixable: { critical: 0 } } });
    expect(proof.fixed.map(({ purl }) => purl)).toEqual(["pkg:npm/minimist@0.0.8", "pkg:npm/minimist@1.2.5"]);
    expect(proof.diff).toContain("+++ b/package-lock.json");
    expect(JSON.parse(textOf(directory, "package.json"))).toEqual({
      name: "tides",
      version: "1.0.0",
      dependencies: { minimist: "^1.2.6", mkdirp: "0.5.1" },
      overrides: { "minimist@0.0.8": "0.0.10" },
    });
    const { packages } = JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")) as typeof lock;
    expect(packages["node_modules/minimist"]).toMatchObject({ integrity: expect.stringMatching(/^sha512-/) });
    expect(packages["node_modules/mkdirp/node_modules/minimist"].version).toBe("0.0.10");
  });

  it("another base is tried where bases are measured, and upgraded once it holds", { timeout: 120_000 }, () => {
    const registry = lab.env["LAB_REGISTRY"] ?? "127.0.0.1:5000";
    const text = 'FROM debian:11\nUSER 65534:65534\nCMD ["cat", "/etc/debian_version"]\n';
    const directory = project("bases", { Dockerfile: text });
    const rules = ["tag-floats", "base-unsupported-tag", "base-fat-variant", "not-digest-pinned"];
    const options = ["--likely", "--network", "host", "--store", store, "--bases", "--registry", registry];
    const run = spawnSync(
      process.execPath,
      [
        cli,
        "fix",
        "--prove",
        ...options,
        "--proof",
        "-",
        "--smoke",
        'docker run --rm "$IMAGE" | grep ^11',
        ...rules.flatMap((rule) => ["--rule", `${rule}=off`]),
      ],
      { cwd: directory, env: { ...lab.env, NO_COLOR: "1", PLIMSOLL_CACHE: join(work, "cache") }, encoding: "utf8" },
    );
    const proof = JSON.parse(run.stdout) as ProofDocument;
    expect(proof.verdict, run.stdout).toBe("proved");
    expect(proof.kept.map(({ id }) => id)).toEqual([
      "base-change:Dockerfile:debian:11-slim",
      "package-upgrade:Dockerfile:libsepol",
      "package-upgrade:Dockerfile:libtasn1-6",
      "package-upgrade:Dockerfile:xz-utils",
    ]);
    expect(proof.diff).toContain("+FROM debian:11-slim\n+# Fixes that the base lacks.");
    expect(proof.after?.bytes).toBeLessThan(proof.before?.bytes ?? 0);
    expect(textOf(directory, "Dockerfile")).toBe(text);
  });
});
