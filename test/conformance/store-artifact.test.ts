import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/advisories/index.ts";
import { createStoreBuilder } from "../../src/advisories/store/build.ts";
import { pullStore, pushStore } from "../../src/engine/index.ts";
import { type Answer, type FakeRegistry, fakeRegistry, sha256 } from "../support/fake-registry.ts";
import { jobWith } from "../support/image-view.ts";
import { labEngine } from "../support/lab.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-artifact-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;

/** A store that knows one advisory of this name, in a folder of its own. */
function makeStore(id: string): string {
  const folder = join(root, String(++made));
  mkdirSync(folder);
  const path = join(folder, "advisories.store");
  const builder = createStoreBuilder(path);
  const events = [{ introduced: "0" }, { fixed: "1.2.3" }];
  const affected = [{ ecosystem: "npm", name: "left-pad", ranges: [{ events }], versions: [] }];
  builder.add({ id, aliases: [], upstream: [], severities: [], modified: "2026-01-02", affected }, 1);
  builder.finish([]);
  return path;
}

function idsIn(path: string): readonly string[] {
  const store = openStore(path);
  try {
    return store.find("npm", "left-pad").map(({ id }) => id);
  } finally {
    store.close();
  }
}

/** A registry that keeps what is pushed, by path. */
function keeping(kept: Map<string, Buffer>): Answer {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://registry");
    if (request.method === "POST") {
      response.writeHead(202, { location: `${url.pathname}one` }).end();
      return;
    }
    if (request.method === "PUT") {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const digest = url.searchParams.get("digest");
        kept.set(digest ? url.pathname.replace("uploads/one", digest) : url.pathname, Buffer.concat(parts));
        response.writeHead(201).end();
      });
      return;
    }
    const bytes = kept.get(url.pathname);
    if (!bytes) response.writeHead(404).end();
    else response.writeHead(200, { "content-length": bytes.length }).end(request.method === "HEAD" ? undefined : bytes);
  };
}

async function withRegistry(use: (registry: FakeRegistry, kept: Map<string, Buffer>) => Promise<void>): Promise<void> {
  const kept = new Map<string, Buffer>();
  const registry = await fakeRegistry(keeping(kept));
  try {
    await use(registry, kept);
  } finally {
    await registry.close();
  }
}

const job = jobWith();

describe("a store in a registry", () => {
  it("is the same store when it is pulled, and its manifest says what it is", () =>
    withRegistry(async ({ host }, kept) => {
      const store = makeStore("GHSA-2222-3333-4444");
      const pushed = await pushStore(store, `${host}/team/store:today`, root, job);
      const target = join(root, "pulled", "advisories.store");
      const pulled = await pullStore(`${host}/team/store:today`, target, job);
      expect(pulled).toEqual(pushed);
      expect(readFileSync(target)).toEqual(readFileSync(store));
      const manifest = kept.get("/v2/team/store/manifests/today") ?? Buffer.alloc(0);
      expect(pushed.reference).toBe(`${host}/team/store:today@${sha256(manifest)}`);
      expect(JSON.parse(manifest.toString())).toMatchObject({
        artifactType: "application/vnd.plimsoll.store.v1",
        config: { mediaType: "application/vnd.oci.empty.v1+json", size: 2 },
        annotations: { "org.opencontainers.image.created": "2026-01-02T00:00:00Z" },
      });
      expect(await pushStore(store, `${host}/team/store:again`, root, job)).toMatchObject({
        reference: expect.stringContaining(sha256(manifest)) as string,
      });
    }));

  it.each([
    ["what was changed on its way", (bytes: Buffer) => bytes.map((byte) => byte ^ 1), "image.digest-mismatch"],
    ["what is cut short", (bytes: Buffer) => bytes.subarray(0, 40), "image.invalid"],
    ["what is longer than it says", (bytes: Buffer) => Buffer.concat([bytes, bytes]), "image.invalid"],
  ])(
    "%s is refused, and the one in use stays",
    (_, change, code) =>
      withRegistry(async ({ host }, kept) => {
        await pushStore(makeStore("GHSA-2222-3333-4444"), `${host}/a/b:1`, root, job);
        const blobs = [...kept].filter(([path, bytes]) => path.includes("/blobs/") && bytes.length > 2);
        for (const [path, bytes] of blobs) kept.set(path, Buffer.from(change(bytes)));
        const used = makeStore("GHSA-5555-6666-7777");
        await expect(pullStore(`${host}/a/b:1`, used, job)).rejects.toMatchObject({ code });
        expect(idsIn(used)).toEqual(["GHSA-5555-6666-7777"]);
        expect(readdirSync(join(used, ".."))).toEqual(["advisories.store"]);
      }),
    60_000,
  );

  it("is refused when its contents are damaged though its digest is right", () =>
    withRegistry(async ({ host }, kept) => {
      const store = makeStore("GHSA-2222-3333-4444");
      await pushStore(store, `${host}/a/b:1`, root, job);
      const bytes = readFileSync(store);
      bytes[120] = (bytes[120] ?? 0) ^ 1;
      const packed = gzipSync(bytes);
      const path = "/v2/a/b/manifests/1";
      const manifest = JSON.parse(String(kept.get(path))) as { layers: [{ digest: string; size: number }] };
      manifest.layers[0].digest = sha256(packed);
      manifest.layers[0].size = packed.length;
      kept.set(path, Buffer.from(JSON.stringify(manifest)));
      kept.set(`/v2/a/b/blobs/${sha256(packed)}`, packed);
      const used = makeStore("GHSA-5555-6666-7777");
      await expect(pullStore(`${host}/a/b:1`, used, job)).rejects.toMatchObject({ code: "store.damaged" });
      expect(idsIn(used)).toEqual(["GHSA-5555-6666-7777"]);
    }));

  const layer = { mediaType: "application/vnd.plimsoll.store.v1+gzip", digest: sha256(Buffer.from("x")), size: 1 };
  const artifactType = "application/vnd.plimsoll.store.v1";
  it.each<[string, unknown]>([
    ["an image", { schemaVersion: 2, config: {}, layers: [layer] }],
    ["nothing but a list", []],
    ["two layers", { artifactType, layers: [layer, layer] }],
    ["no layer", { artifactType, layers: [] }],
    ["a layer of another kind", { artifactType, layers: [{ ...layer, mediaType: "text/plain" }] }],
    ["a digest that is a path", { artifactType, layers: [{ ...layer, digest: "../../x" }] }],
    ["a size that cannot be", { artifactType, layers: [{ ...layer, size: 1e300 }] }],
  ])("is not what a name leads to that has %s", (_, manifest) =>
    withRegistry(async ({ host }, kept) => {
      kept.set("/v2/a/b/manifests/1", Buffer.from(JSON.stringify(manifest)));
      const target = join(root, "never", "advisories.store");
      await expect(pullStore(`${host}/a/b:1`, target, job)).rejects.toMatchObject({ code: "store.missing" });
      expect(existsSync(target)).toBe(false);
    }),
  );

  it("has a name as images have one", async () => {
    await expect(pullStore("Not A Name", join(root, "x"), job)).rejects.toMatchObject({
      code: "usage.unknown-option",
    });
  });
});

const engine = labEngine("13");

describe.skipIf(!engine)("a store in a real registry", () => {
  it("with Basic authentication is pushed and pulled with the login docker has", async () => {
    const open = engine?.env["LAB_REGISTRY"] ?? "";
    const host = open.replace(/\d+$/, (port) => String(Number(port) + 1));
    const login = Buffer.from("plimsoll-test:only-for-tests").toString("base64");
    const withLogin = jobWith({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth: login } } }) });
    const store = makeStore(`TEST-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`);
    const name = `${host}/plimsoll-test/store:${process.pid}`;
    const { reference } = await pushStore(store, name, root, withLogin);
    const target = join(root, "from-lab", "advisories.store");
    expect(await pullStore(reference, target, withLogin)).toMatchObject({ reference });
    expect(readFileSync(target)).toEqual(readFileSync(store));
    await expect(pullStore(reference, target, job)).rejects.toMatchObject({ code: "image.unreachable" });
  });
});
