import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DifferenceDocument, ScanDocument } from "../../src/report/index.ts";
import { sharedData } from "../support/advisory-data.ts";
import { labEngine, runIn } from "../support/lab.ts";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const root = mkdtempSync(join(tmpdir(), "plimsoll-scan-"));
const rootfs = sharedData("rootfs");
const engine = labEngine("13");
/** Without any network device, where the system lets us. */
const apart = spawnSync("unshare", ["-rn", "true"]).status === 0 ? ["unshare", "-rn"] : [];

beforeAll(() => {
  if (!existsSync(cli)) throw new Error("build first: npm run build");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A machine that has never seen Plimsoll: nothing in its environment but a new home. */
function freshMachine(name: string, files: Readonly<Record<string, string>> = {}) {
  const home = join(root, name);
  for (const [path, text] of Object.entries({ ".keep": "", ...files })) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const run = (...args: readonly string[]) => {
    const [program = "", ...words] = [...apart, "env", "-i", `HOME=${home}`, process.execPath, cli, ...args];
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: home, encoding: "utf8", maxBuffer: 1 << 28 });
    return { status, stdout, stderr, json: () => JSON.parse(stdout) as ScanDocument };
  };
  return Object.assign((...args: readonly string[]) => run("scan", ...args), { run });
}

describe.skipIf(!rootfs)("on a fresh machine without a network an alpine root file system is scanned", () => {
  if (!rootfs) return;
  const archive = `rootfs:${join(rootfs, "alpine-minirootfs-3.18.9-x86_64.tar.gz")}`;
  const expected = (
    JSON.parse(readFileSync(join(rootfs, "expected.json"), "utf8")) as {
      file: string;
      findings: { id: string; packages: string[] }[];
    }[]
  ).find(({ file }) => archive.endsWith(file));

  it("within seconds, with just the findings that were computed apart from this program", () => {
    const begun = performance.now();
    const { status, json, stderr } = freshMachine("alpine")(archive, "--format", "json");
    const document = json();
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(stderr).not.toMatch(/error/);
    expect(document.store.kind).toBe("starter");
    const found = document.matches.flatMap(({ advisories, name }) => advisories.map(({ id }) => `${id} ${name}`));
    const computed = (expected?.findings ?? []).flatMap(({ id, packages }) => packages.map((name) => `${id} ${name}`));
    expect(found.sort()).toEqual(computed.sort());
    expect(status).toBe(document.matches.some(({ level }) => level === "high" || level === "critical") ? 1 : 0);
  });

  it("and where the database of packages is damaged, that is said and nothing passes", () => {
    const damaged = freshMachine("damaged", {
      "root/etc/os-release": "ID=alpine\nVERSION_ID=3.18.9\n",
      "root/lib/apk/db/installed": "P:not-known-to-anyone\nV:1.0-r0\n\nP:nor-this-one\nV:1.2",
    });
    const { status, json } = damaged("rootfs:root", "--format", "json");
    const document = json();
    expect(document.gaps).toContainEqual({
      subject: expect.stringMatching(/^packages of lib\/apk\/db\/installed in layer sha256:[0-9a-f]{12}$/) as string,
      reason: "could not be read: it ends in the middle of a record",
    });
    expect(document.packages.map(({ name }) => name)).toEqual(["nor-this-one", "not-known-to-anyone"]);
    expect(document.verdict).toBe("incomplete");
    expect(status).toBe(3);
    const directory = freshMachine("damaged-lock", { "app/package-lock.json": '{"packages":{' });
    const scanned = directory("dir:app", "--format", "json");
    expect(scanned.json().gaps).toContainEqual({
      subject: "packages of package-lock.json",
      reason: "could not be read: it is no JSON object",
    });
    expect(scanned.status).toBe(3);
  });

  it("and ends with the status that its options ask for", () => {
    const scan = freshMachine("statuses");
    expect(scan(archive, "--fail-on", "none").status).toBe(0);
    expect(scan(archive, "--exit-code", "7").status).toBe(7);
    expect(scan(archive, "--exit-code", "0").status).toBe(0);
    expect(scan(archive, "--exit-code", "7", "--pkg-types", "library").status).toBe(0);
    expect(scan(archive, "--fail-on", "none", "--exit-on-eol", "9").status).toBe(9);
    expect(scan(archive, "--max-db-age", "0")).toMatchObject({ status: 3, stderr: /store\.outdated/ });
    expect(scan(archive, "--severity", "terrible")).toMatchObject({ status: 2 });
    expect(scan("no/such/image:1")).toMatchObject({ status: 3 });
  });

  it("without what was ignored, which it shows with the reason when asked, and which rules hit nothing", () => {
    const id = expected?.findings[0]?.id.replace(/^ALPINE-/, "") ?? "";
    const hidden = expected?.findings.at(-1)?.packages[0] ?? "";
    const scan = freshMachine("ignoring", {
      ".trivyignore": `${id} # judged\nCVE-1999-0001\nCVE-1999-0002 exp:2001-01-01\n`,
      "plimsoll.yaml": `vulnerabilities:\n  - purl: pkg:apk/alpine/${hidden}\n    reason: never run\n`,
    });
    const { matches, suppressed, unusedIgnores } = scan(archive, "--format", "json").json();
    expect(matches.filter((match) => match.id === id || match.name === hidden)).toEqual([]);
    expect(suppressed.find((match) => match.id === id)?.suppression.by).toMatch(/^(?:\.trivyignore:1|plimsoll\.yaml)/);
    expect(unusedIgnores).toEqual([
      ".trivyignore:2: CVE-1999-0001",
      ".trivyignore:3: CVE-1999-0002 (no longer holds: it ended on 2001-01-01)",
    ]);
    expect(scan(archive, "--show-suppressed").stdout).toMatch(/never run/);
  });
});

describe.skipIf(!rootfs)("what is known of a root file system's packages", () => {
  const archive = (file: string): string => `rootfs:${join(rootfs ?? "", file)}`;
  const [older, newer] = ["alpine-minirootfs-3.18.9-x86_64.tar.gz", "alpine-minirootfs-3.20.3-x86_64.tar.gz"];
  const idsOf = (file: string): ReadonlySet<string> => {
    const all = JSON.parse(readFileSync(join(rootfs ?? "/nonexistent", "expected.json"), "utf8")) as {
      file: string;
      findings: { id: string }[];
    }[];
    const found = all.find((one) => one.file === file)?.findings ?? [];
    return new Set(found.map(({ id }) => id.replace(/^ALPINE-/, "")));
  };

  it("is one finding of check for one cause, and none where all of it is ignored", () => {
    interface Found {
      readonly findings: readonly { readonly rule: string; readonly message: string; readonly severity: string }[];
    }
    const told = (name: string, files = {}): readonly string[] => {
      const { stdout } = freshMachine(name, files).run("check", archive(older), "--format", "json");
      const { findings } = JSON.parse(stdout) as Found;
      return findings.filter(({ rule }) => rule === "image-vulnerable-package").map(({ message }) => message);
    };
    const [message, ...others] = told("checked");
    expect(others).toEqual([]);
    expect(message).toMatch(/^layer 1 has \d+ vulnerable packages \(.*openssl/);
    expect(told("checked-ignoring", { ".trivyignore": [...idsOf(older)].join("\n") })).toEqual([]);
    const vex = {
      "@context": "https://openvex.dev/ns/v0.2.0",
      statements: [...idsOf(older)].map((name) => ({
        vulnerability: { name },
        status: "not_affected",
        justification: "component_not_present",
        products: ["libcrypto3", "libssl3", "busybox"].map((one) => ({ "@id": `pkg:apk/alpine/${one}` })),
      })),
    };
    const machine = freshMachine("checked-vex", {
      "openssl.vex.json": JSON.stringify(vex),
      "mine.ignore": `${[...idsOf(older)].join("\n")}\nCVE-1999-0001\n`,
      ".trivyignore": "CVE-1999-0002\n",
      Dockerfile: "FROM scratch\n",
    });
    const rules = (stdout: string): readonly string[] =>
      (JSON.parse(stdout) as Found).findings.map(({ rule, message: text }) => `${rule}: ${text}`);
    const withVex = machine.run("check", archive(older), "--format", "json", "--vex", "openssl.vex.json");
    expect(rules(withVex.stdout).filter((text) => /vulnerable-package.*(?:openssl|busybox)/.test(text))).toEqual([]);
    expect(withVex.stderr).toContain("ignores nothing: .trivyignore:1: CVE-1999-0002");
    const byFile = machine.run("check", archive(older), "--format", "json", "--ignorefile", "mine.ignore");
    expect(rules(byFile.stdout).filter((text) => text.startsWith("image-vulnerable-package"))).toEqual([]);
    expect(byFile.stderr).toMatch(/ignores nothing: mine\.ignore:\d+: CVE-1999-0001\n/);
    expect(byFile.stderr).not.toContain(".trivyignore");
    expect(machine.run("check", "Dockerfile", "--vex", "openssl.vex.json")).toMatchObject({ status: 2 });
    expect(told("checked-off", { "plimsoll.yaml": "rules:\n  vulnerable-package: off\n" })).toEqual([]);
  });

  it("is compared by diff: what an update fixes, and what it brings", () => {
    const { stdout, stderr } = freshMachine("compared").run("diff", archive(older), archive(newer), "--format", "json");
    const { packages = [], vulnerabilities } = JSON.parse(stdout || stderr) as DifferenceDocument;
    const [had, has] = [idsOf(older), idsOf(newer)];
    expect(vulnerabilities?.fixed.map(({ id }) => id).sort()).toEqual([...had].filter((id) => !has.has(id)).sort());
    expect(vulnerabilities?.new.map(({ id }) => id).sort()).toEqual([...has].filter((id) => !had.has(id)).sort());
    expect(packages.find(({ name }) => name === "libssl3")).toMatchObject({
      type: "apk",
      before: [expect.stringMatching(/^3\.1/)],
      after: [expect.stringMatching(/^3\.3/)],
    });
  });
});

describe.skipIf(!engine)("on a fresh machine without a network a debian archive is scanned", () => {
  it("within seconds, with the packages that dpkg-query tells of", { timeout: 170_000 }, () => {
    if (!engine) return;
    const archive = join(root, "debian.tar");
    const image = "python:3.11-slim";
    runIn(engine, root, "docker", ["save", "-o", archive, image]);
    const query = ["run", "--rm", "--network", "none", image, "dpkg-query", "-W", "-f", "${Package} ${Version}\\n"];
    const installed = runIn(engine, root, "docker", query).trim().split("\n").sort();
    const begun = performance.now();
    const { status, json } = freshMachine("debian")(archive, "--format", "json");
    const document = json();
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(
      document.packages
        .filter(({ type }) => type === "deb")
        .map((one) => `${one.name} ${one.version}`)
        .sort(),
    ).toEqual(installed);
    expect(document.release).toMatchObject({ family: "debian" });
    expect(document.matches.length).toBeGreaterThan(20);
    expect(status).toBe(1);
  });
});

describe("a directory of sources is scanned by its lock files", () => {
  const lock = JSON.stringify({
    lockfileVersion: 3,
    packages: {
      "": {},
      "node_modules/lodash": { version: "4.17.20" },
      "node_modules/minimist": { version: "1.2.0", dev: true },
    },
  });
  const scan = freshMachine("sources", {
    "app/package-lock.json": lock,
    "app/node_modules/x/package-lock.json": lock.replace("4.17.20", "4.17.1"),
    "app/.gitignore": "build/\n",
    "app/build/package-lock.json": lock.replace("4.17.20", "4.17.2"),
  });

  it("those that git ignores and those of installed packages left out, and what only development needs", () => {
    const document = scan("app", "--format", "json").json();
    expect(document.target).toMatchObject({ kind: "directory", reference: "app" });
    expect(document.packages.map(({ purl }) => purl)).toEqual(["pkg:npm/lodash@4.17.20"]);
    expect(document.matches.map(({ id }) => id)).toContain("CVE-2021-23337");
    const all = scan("dir:app", "--include-dev-deps", "--format", "json").json();
    expect(all.packages.map(({ purl }) => purl)).toEqual(["pkg:npm/lodash@4.17.20", "pkg:npm/minimist@1.2.0"]);
  });
});

const advisories = sharedData("advisories");
describe.skipIf(!advisories)("twenty scans at once", () => {
  it("all succeed while the store they read is replaced again and again", { timeout: 170_000 }, async () => {
    const cache = join(root, "crowded");
    const environment = { PATH: process.env["PATH"], HOME: cache, PLIMSOLL_CACHE: cache };
    const start = (...words: readonly string[]): Promise<{ status: number | null; text: string; errors: string }> =>
      new Promise((done) => {
        const child = spawn(process.execPath, [cli, ...words], { cwd: root, env: environment });
        let [text, errors] = ["", ""];
        child.stdout.on("data", (part: Buffer) => (text += part.toString()));
        child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
        child.on("close", (status) => done({ status, text, errors }));
      });
    const sources = join(root, "crowded-sources");
    mkdirSync(sources, { recursive: true });
    const packages = { "node_modules/lodash": { version: "4.17.20" } };
    writeFileSync(join(sources, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
    const mirror = pathToFileURL(join(root, "mirror")).href;
    for (const part of ["npm", "severity", "kev"])
      cpSync(join(advisories ?? "", part), join(root, "mirror", part), { recursive: true });
    const update = ["db", "update", "--mirror", mirror, "-e", "npm"];
    const first = await start(...update);
    expect(first.status, first.errors).toBe(0);
    const scans = Array.from({ length: 20 }, () => start("scan", sources, "--format", "json"));
    for (let round = 0; round < 3; round++) {
      rmSync(join(cache, "feeds/built.json"), { force: true });
      const again = await start(...update);
      expect(again.status, again.errors).toBe(0);
    }
    for (const { status, text, errors } of await Promise.all(scans)) {
      expect(status, errors).toBe(1);
      const { store, matches } = JSON.parse(text) as ScanDocument;
      expect(store.kind).toBe("fetched");
      expect(matches.map(({ id }) => id)).toContain("CVE-2021-23337");
    }
  });
});
