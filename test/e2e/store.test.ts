import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, verifyStore } from "../../src/advisories/index.ts";
import { openRandomFile } from "../../src/host/index.ts";
import { sharedData } from "../support/advisory-data.ts";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const root = mkdtempSync(join(tmpdir(), "plimsoll-db-"));
const advisories = sharedData("advisories");

const environment = (cache: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PLIMSOLL_CACHE: cache,
  PLIMSOLL_STORE: "",
  NO_COLOR: "1",
});
function run(cache: string, ...args: string[]) {
  return spawnSync(process.execPath, [cli, "db", ...args], {
    encoding: "utf8",
    env: environment(cache),
    maxBuffer: 1 << 28,
  });
}
function start(
  cache: string,
  ...args: string[]
): { readonly child: ChildProcess; readonly ended: Promise<{ status: number | null; text: string }> } {
  const child = spawn(process.execPath, [cli, "db", ...args], {
    env: environment(cache),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, ended: new Promise((done) => child.on("close", (status) => done({ status, text }))) };
}
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

beforeAll(() => {
  if (!existsSync(cli)) throw new Error("build first: npm run build");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("the store that ships", () => {
  it("answers on a fresh machine without a network, and says how old it is", () => {
    const cache = join(root, "fresh");
    const { status, stdout, stderr } = run(cache, "status");
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/came with Plimsoll/);
    expect(stderr).toMatch(/days old: plimsoll db update/);
    expect(JSON.parse(run(cache, "lookup", "DSA-5020-1", "--format", "json").stdout)).toMatchObject({
      advisories: expect.arrayContaining([expect.objectContaining({ id: "DSA-5020-1" })]),
    });
    expect(run(cache, "status", "--verify").status).toBe(0);
    expect(run(cache, "status", "--max-age", "0").status).toBe(3);
  });

  it("holds no prose and is at most 8 MB", () => {
    expect(statSync(join(cli, "../starter-store.bin")).size).toBeLessThanOrEqual(8 << 20);
    const { stdout } = run(join(root, "fresh-2"), "lookup", "npm/lodash", "--format", "json");
    const { advisories: found } = JSON.parse(stdout) as { advisories: Record<string, unknown>[] };
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((advisory) => advisory["summary"] !== undefined || advisory["url"] !== undefined)).toEqual([]);
  });

  it("is unpacked by many at once without harm", { timeout: 120_000 }, async () => {
    const cache = join(root, "crowd");
    const all = await Promise.all(Array.from({ length: 6 }, () => start(cache, "lookup", "npm/lodash").ended));
    for (const { status, text } of all) expect(status, text).toBe(0);
    expect(readdirSync(cache).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe.skipIf(!advisories)("an update", () => {
  const mirror = join(root, "mirror");
  const address = pathToFileURL(mirror).href;
  beforeAll(() => {
    mkdirSync(mirror);
    for (const part of ["npm", "crates.io", "runtimes", "severity", "kev"])
      cpSync(join(advisories ?? "", part), join(mirror, part), { recursive: true });
  });

  it("fetches only what was asked for, says when there is nothing newer, and is in use from then on", {
    timeout: 60_000,
  }, () => {
    const cache = join(root, "asked");
    const first = run(cache, "update", "--mirror", address, "-e", "npm");
    expect(first.status, first.stderr).toBe(0);
    expect(existsSync(join(cache, "feeds/crates.io"))).toBe(false);
    expect(run(cache, "update", "--mirror", address, "-e", "npm").stdout).toMatch(/^nothing newer/);
    const status = JSON.parse(run(cache, "status", "--format", "json").stdout) as {
      kind: string;
      ecosystems: { name: string }[];
    };
    expect(status.kind).toBe("fetched");
    expect(status.ecosystems.map(({ name }) => name)).toEqual(["npm"]);
    const carried = join(root, "carried.gz");
    expect(run(cache, "export", carried).status).toBe(0);
    expect(run(join(root, "elsewhere"), "import", carried).status).toBe(0);
    expect(JSON.parse(run(join(root, "elsewhere"), "status", "--format", "json").stdout)).toMatchObject({
      kind: "fetched",
    });
  });

  it("keeps what came with Plimsoll and no publisher offers: severities by id, and advisories about runtimes", {
    timeout: 60_000,
  }, () => {
    const cache = join(root, "kept");
    const feeds = [`osv=${address}`, "kev=off", "epss=off"].flatMap((feed) => ["--feed", feed]);
    const updated = run(cache, "update", ...feeds, "-e", "npm", "-e", "runtimes", "--format", "json");
    expect(updated.status, updated.stderr).toBe(0);
    const info = JSON.parse(updated.stdout) as { ecosystems: { name: string }[]; feeds: { id: string }[] };
    expect(info.ecosystems.map(({ name }) => name)).toEqual(["npm", "runtimes"]);
    expect(info.feeds.map(({ id }) => id)).toEqual(["osv", "starter"]);
    expect(JSON.parse(run(cache, "lookup", "CVE-2021-23337", "--format", "json").stdout)).toMatchObject({
      facts: { severities: expect.arrayContaining([expect.objectContaining({ source: expect.any(String) })]) },
    });
    expect(run(cache, "lookup", "runtimes/node").stdout).toMatch(/NSWG-COR-1\n/);
  });

  it("that fails leaves the store in use", { timeout: 60_000 }, () => {
    const cache = join(root, "failing");
    expect(run(cache, "update", "--mirror", address, "-e", "npm").status).toBe(0);
    const before = run(cache, "status").stdout;
    const failed = run(cache, "update", "--mirror", address, "-e", "no-such-ecosystem");
    expect(failed.status).toBe(3);
    expect(failed.stderr).toMatch(/^error\[feed\.unreachable\]: .*\nhint: /);
    expect(run(cache, "status").stdout).toBe(before);
  });

  it("leaves twenty readers undisturbed while it replaces their store", { timeout: 170_000 }, async () => {
    const cache = join(root, "readers");
    expect(run(cache, "update", "--mirror", address, "-e", "npm").status).toBe(0);
    const readers = Array.from({ length: 20 }, () => start(cache, "lookup", "npm/lodash", "--format", "json"));
    const writers = (async () => {
      for (const ecosystems of [["npm", "crates.io"], ["npm"], ["npm", "runtimes"]]) {
        const { status, text } = await start(
          cache,
          "update",
          "--mirror",
          address,
          ...ecosystems.flatMap((name) => ["-e", name]),
        ).ended;
        expect(status, text).toBe(0);
      }
    })();
    for (const { ended } of readers) {
      const { status, text } = await ended;
      expect(status, text).toBe(0);
      expect((JSON.parse(text) as { advisories: unknown[] }).advisories.length).toBeGreaterThan(3);
    }
    await writers;
  });

  it("killed at a hundred moments never leaves a store that does not open", { timeout: 170_000 }, async () => {
    const cache = join(root, "killed");
    const arguments_ = ["update", "--mirror", address, "-e", "npm", "-e", "crates.io"];
    const begun = performance.now();
    expect(run(cache, ...arguments_).status).toBe(0);
    const length = performance.now() - begun;
    let died = 0;
    for (let i = 0; i < 100; i++) {
      rmSync(join(cache, "feeds/built.json"), { force: true });
      if (i % 10 === 0) rmSync(join(cache, "feeds"), { recursive: true, force: true });
      const { child, ended } = start(cache, ...arguments_);
      await wait((length * 1.1 * i) / 100);
      child.kill("SIGKILL");
      if ((await ended).status === null) died++;
      const store = openStore(join(cache, "advisories.store"));
      expect(store.info.advisories).toBeGreaterThan(2000);
      expect(store.find("npm", "lodash").length).toBeGreaterThan(3);
      store.close();
      const file = openRandomFile(join(cache, "advisories.store"));
      verifyStore(file);
      file.close();
    }
    expect(died).toBeGreaterThan(50);
    const last = run(cache, ...arguments_);
    expect(last.status, last.stderr).toBe(0);
    expect(readdirSync(cache).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("takes up a transfer that was cut off where it ended, and fetches changed records alone", {
    timeout: 60_000,
  }, async () => {
    const cache = join(root, "resumed");
    const asked: string[] = [];
    let cut = true;
    const archive = readFileSync(join(mirror, "npm/all.zip"));
    let list = readFileSync(join(mirror, "npm/modified_id.csv"), "utf8");
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
      if (request.url === "/npm/modified_id.csv") return response.end(list);
      if (request.url === "/npm/GHSA-2222-2222-2222.json")
        return response.end(
          '{"id":"GHSA-2222-2222-2222","modified":"2030-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"brand-new"},"versions":["1.0.0"]}]}',
        );
      if (request.url !== "/npm/all.zip") {
        response.statusCode = 404;
        return response.end();
      }
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.setHeader("etag", '"one"');
      response.setHeader("content-length", archive.length - from);
      if (from > 0) {
        response.statusCode = 206;
        response.setHeader("content-range", `bytes ${from}-${archive.length - 1}/${archive.length}`);
      }
      if (!cut) return response.end(archive.subarray(from));
      cut = false;
      return response.write(archive.subarray(0, 300_000), () => response.destroy());
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const update = () =>
        start(cache, "update", "--feed", `osv=${base}`, "--feed", "kev=off", "--feed", "epss=off", "-e", "npm").ended;
      expect(await update()).toMatchObject({ status: 3 });
      expect(await update()).toMatchObject({ status: 0 });
      expect(asked.filter((line) => line.startsWith("/npm/all.zip"))).toEqual([
        "/npm/all.zip",
        "/npm/all.zip bytes=300000-",
      ]);
      asked.length = 0;
      list = `2030-01-01T00:00:00Z,GHSA-2222-2222-2222\n${list}`;
      expect(await update()).toMatchObject({ status: 0 });
      expect(asked).toEqual(["/npm/modified_id.csv", "/npm/GHSA-2222-2222-2222.json"]);
      expect(run(cache, "lookup", "npm/brand-new").stdout).toMatch(/^GHSA-2222-2222-2222/);
      expect(run(cache, "lookup", "npm/lodash").stdout).toMatch(/GHSA/);
    } finally {
      server.close();
    }
  });
});
