import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const root = mkdtempSync(join(tmpdir(), "plimsoll-cli-"));

function run(
  args: readonly string[],
  options: { cwd?: string; input?: string | Uint8Array; env?: NodeJS.ProcessEnv } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: options.cwd ?? root,
    encoding: "utf8",
    input: options.input ?? "",
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", ...options.env },
  });
  return { status, stdout, stderr };
}
function project(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

beforeAll(() => {
  if (!existsSync(cli)) throw new Error("build first: npm run build");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bad = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCMD ["curl"]\n';
const good = 'FROM scratch\nCOPY app /app\nUSER 65532:65532\nENTRYPOINT ["/app"]\n';

describe("bad input gets its exit status, one line and one hint, and never a stack", () => {
  const directory = project("bad", {
    "broken.yaml": "rules: [\n",
    "unknown.yaml": "colour: red\n",
    "rule.yaml": "rules:\n  no-such: off\n",
    Dockerfile: good,
    app: "x",
    "binary.Dockerfile": new Uint8Array([70, 82, 79, 77, 0, 1, 2]),
    "latin1.Dockerfile": new Uint8Array([0x46, 0x52, 0x4f, 0x4d, 0x20, 0xe9, 0x0a]),
  });
  mkdirSync(join(root, "empty"), { recursive: true });
  it.each([
    ["a missing path", ["check", "nowhere"], 2, "target.missing"],
    ["a directory without Dockerfile", ["check", "../empty"], 2, "target.no-dockerfile"],
    ["a binary file", ["check", "binary.Dockerfile"], 3, "target.not-text"],
    ["invalid UTF-8", ["check", "latin1.Dockerfile"], 3, "target.not-text"],
    ["broken YAML", ["check", "--config", "broken.yaml"], 2, "config.invalid"],
    ["an unknown key", ["check", "--config", "unknown.yaml"], 2, "config.invalid"],
    ["an unknown rule in the configuration", ["check", "--config", "rule.yaml"], 2, "usage.unknown-rule"],
    ["a missing configuration", ["check", "--config", "none.yaml"], 2, "config.missing"],
    ["an unknown option", ["check", "--bogus"], 2, "usage.unknown-option"],
    ["an unknown command", ["bogus"], 2, "usage.unknown-option"],
    ["an unknown rule", ["explain", "no-such-rule"], 2, "usage.unknown-rule"],
    ["a rule set to nonsense", ["check", "--rule", "no-user=purple"], 2, "config.invalid"],
    ["an unknown format", ["check", "--format", "xml"], 2, "usage.unknown-option"],
    ["an unwritable output", ["check", "--output", "no/such/dir/x"], 2, "output.unwritable"],
  ])("%s", (_, args, status, code) => {
    const result = run(args, { cwd: directory });
    expect(result.status).toBe(status);
    const lines = result.stderr.trimEnd().split("\n");
    expect(lines[0]).toContain(`error[${code}]:`);
    expect(lines.filter((line) => line.startsWith("hint:"))).toHaveLength(1);
    expect(result.stderr).not.toMatch(/\n\s+at |node:internal/);
  });
  it.skipIf(process.getuid?.() === 0)("an unreadable file", () => {
    const path = join(directory, "secret.Dockerfile");
    writeFileSync(path, good);
    chmodSync(path, 0);
    expect(run(["check", path])).toMatchObject({ status: 3 });
  });
});

describe("check", () => {
  it("passes, fails and is told from where on to fail", () => {
    project("one", { Dockerfile: bad });
    expect(run(["check", "one"]).status).toBe(1);
    expect(run(["check", "one", "--fail-on", "critical"]).status).toBe(0);
    expect(run(["check", "one", "--fail-on", "none"]).status).toBe(0);
    chmodSync(join(project("clean", { Dockerfile: good, app: "x", ".dockerignore": "*\n!app\n" }), "app"), 0o755);
    expect(run(["check", "clean"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("pass: nothing found") as string,
    });
  });
  it("reads standard input", () => {
    const result = run(["check", "-", "--format", "json"], { input: bad });
    const report = JSON.parse(result.stdout) as {
      findings: { rule: string; start: { line: number; column: number }; aliases: string[] }[];
    };
    expect(report.findings.find(({ rule }) => rule === "apt-lists-kept")).toMatchObject({
      start: { line: 2, column: 5 },
      aliases: ["DL3009", "DKL-DI-0005"],
    });
  });
  it("searches a directory, honours .gitignore and never leaves it", () => {
    const directory = project("tree", {
      Dockerfile: bad,
      "a/api.Dockerfile": bad,
      "b/Containerfile": bad,
      "c/Dockerfile.md": bad,
      "ignored/Dockerfile": bad,
      "node_modules/x/Dockerfile": bad,
      ".gitignore": "ignored/\n",
    });
    symlinkSync("/", join(directory, "root"));
    const report = JSON.parse(run(["check", "tree", "-f", "json"]).stdout) as { subjects: { path: string }[] };
    expect(report.subjects.map(({ path }) => path).sort()).toEqual([
      "tree/Dockerfile",
      "tree/a/api.Dockerfile",
      "tree/b/Containerfile",
    ]);
  });
  it("honours ignore comments of four dialects, and says which ids nobody knows", () => {
    const text =
      "FROM debian:12\n# hadolint ignore=DL3009,DL3015 # why\n# plimsoll ignore=archive-kept reason=none\n# check=skip=NoSuchCheck\n#trivy:ignore:DS-0029\nRUN apt-get update && apt-get install -y curl\n";
    const result = run(["check", "-", "-f", "json"], { input: text });
    const report = JSON.parse(result.stdout) as {
      findings: { rule: string }[];
      ignored: number;
      unknownRules: string[];
    };
    expect(report.findings.map(({ rule }) => rule)).not.toContain("apt-lists-kept");
    expect(report.ignored).toBe(2);
    expect(report.unknownRules).toEqual(["NoSuchCheck"]);
  });
  it("honours .hadolint.yaml and plimsoll.yaml, the latter last", () => {
    project("configured", {
      Dockerfile: bad,
      ".hadolint.yaml": "ignored: [DL3009, DL3005]\noverride:\n  error: [DL3015]\n",
      "plimsoll.yaml": "rules:\n  DL3002: off\nignore:\n  - rule: no-user\n    reason: a tool\n",
    });
    const report = JSON.parse(run(["check", "-f", "json"], { cwd: join(root, "configured") }).stdout) as {
      findings: { rule: string; severity: string }[];
    };
    const rules = report.findings.map(({ rule }) => rule);
    expect(rules).not.toContain("apt-lists-kept");
    expect(rules).not.toContain("no-user");
    expect(report.findings.find(({ rule }) => rule === "apt-recommends")?.severity).toBe("high");
  });
});

describe("the code cache", () => {
  it("keeps what check compiles, which is nothing about images, and is not needed", () => {
    const directory = project("cached", { Dockerfile: bad });
    const cache = join(root, "code-cache");
    const env = { XDG_CACHE_HOME: cache, PLIMSOLL_NO_CODE_CACHE: undefined };
    const first = run(["check"], { cwd: directory, env });
    const kept = (): string[] => readdirSync(join(cache, "plimsoll")).filter((name) => name.startsWith("code-"));
    expect(kept()).toEqual([expect.stringMatching(/^code-cli-.*-check\.bin$/)]);
    writeFileSync(join(cache, "plimsoll", kept()[0] ?? ""), "not code");
    expect(run(["check"], { cwd: directory, env })).toEqual(first);
    expect(run(["check"], { cwd: directory, env })).toEqual(first);
    expect(run(["check"], { cwd: directory, env: { PLIMSOLL_NO_CODE_CACHE: "1" } })).toEqual(first);
  });
});

describe("fix", () => {
  it("shows a diff and writes nothing unless asked", () => {
    const directory = project("fixme", { Dockerfile: bad });
    const shown = run(["fix"], { cwd: directory });
    expect(shown.stdout).toContain("+RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*");
    expect(readFileSync(join(directory, "Dockerfile"), "utf8")).toBe(bad);
    chmodSync(join(directory, "Dockerfile"), 0o640);
    expect(run(["fix", "--write"], { cwd: directory }).status).toBe(0);
    expect(readFileSync(join(directory, "Dockerfile"), "utf8")).toContain("rm -rf /var/lib/apt/lists/*");
    expect(statSync(join(directory, "Dockerfile")).mode & 0o777).toBe(0o640);
    expect(run(["fix"], { cwd: directory }).stdout).toBe("");
  });
  it("keeps CRLF line endings, and fixes only the rules asked for", () => {
    const directory = project("crlf", { Dockerfile: bad.replaceAll("\n", "\r\n") });
    run(["fix", "--write", "--only", "DL3009"], { cwd: directory });
    const text = readFileSync(join(directory, "Dockerfile"), "utf8");
    expect(text.split("\r\n").join("").includes("\n")).toBe(false);
    expect(text).toContain("rm -rf");
  });
  it("writes a .dockerignore made from what is there", () => {
    const directory = project("ignore", {
      Dockerfile: "FROM node:24\nCOPY . /app\n",
      ".git/HEAD": "x",
      "index.js": "x",
      "node_modules/a/i.js": "x",
    });
    run(["fix", "--write", "--only", "dockerignore-missing"], { cwd: directory });
    expect(readFileSync(join(directory, ".dockerignore"), "utf8")).toContain("**/.git\n");
  });
});

describe("the other commands", () => {
  it("explain, rules, dockerignore, init and completion say what they should", () => {
    expect(run(["explain", "DL3009"]).stdout).toContain("apt-lists-kept");
    expect(run(["explain", "syntax"]).stdout).toContain("DL3061");
    expect((JSON.parse(run(["rules", "-f", "json"]).stdout) as unknown[]).length).toBeGreaterThan(70);
    const directory = project("inits", { Dockerfile: bad });
    expect(run(["dockerignore", directory]).status).toBe(0);
    expect(run(["init", "--ci", "github"], { cwd: directory }).status).toBe(0);
    expect(run(["init"], { cwd: directory })).toMatchObject({ status: 2 });
    expect(run(["check"], { cwd: directory }).status).toBe(1);
    for (const shell of ["bash", "zsh", "fish"]) expect(run(["completion", shell]).stdout).toContain("plimsoll");
    const syntax = spawnSync("bash", ["-n"], { input: run(["completion", "bash"]).stdout });
    expect(syntax.status).toBe(0);
    expect(run(["--version"]).stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
    expect(run(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("Exit status") as string });
  });
});
