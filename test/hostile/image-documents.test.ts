import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { PlimsollError } from "../../src/core/index.ts";
import { defaultLimits, findImage } from "../../src/image/index.ts";
import { type BlobStore, openStore } from "../../src/image/layout.ts";
import { openImage } from "../../src/image/open.ts";
import { padding, tarEnd, tarHeader } from "../../src/image/tar-write.ts";
import { tarSplitLayer } from "../../src/image/tar-split.ts";
import { sha256 } from "../support/fake-registry.ts";
import { amd64, jobWith, viewOf } from "../support/image-view.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-documents-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const header = (name: string, size: number): Buffer =>
  tarHeader({ name, flag: "0", mode: 0o644, uid: 0, gid: 0, size, mtime: 1 });
const layer = Buffer.concat([header("etc/os-release", 5), Buffer.from("ID=x\n"), padding(5), tarEnd]);

/** Values that no honest document has where they come to stand. */
const strange: readonly Json[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  "",
  "x".repeat(5000),
  "sha256:",
  `sha256:${"g".repeat(64)}`,
  "../../../../etc/passwd",
  "\0",
  [],
  {},
  [[[[[[[[]]]]]]]],
  Array.from({ length: 2000 }, () => ({})),
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":null}') as Json,
];

/** Replaces, removes or doubles the part of a document that `at` picks. */
function mutate(value: Json, at: number, how: number): Json {
  const parts: (readonly (string | number)[])[] = [];
  const list = (node: Json, path: readonly (string | number)[]): void => {
    parts.push(path);
    if (Array.isArray(node)) node.forEach((one: Json, index) => list(one, [...path, index]));
    else if (typeof node === "object" && node !== null)
      for (const [key, one] of Object.entries(node)) list(one, [...path, key]);
  };
  list(value, []);
  const path = parts[at % parts.length] ?? [];
  const change = (node: Json, depth: number): Json | undefined => {
    if (depth === path.length)
      return how < strange.length ? strange[how] : how === strange.length ? undefined : ([node, node] as Json);
    const key = path[depth] ?? "";
    if (Array.isArray(node))
      return node.flatMap((one: Json, index) => (index === key ? (change(one, depth + 1) ?? []) : [one])) as Json;
    const entries = Object.entries(node as Record<string, Json>).flatMap(([name, one]): [string, Json][] => {
      const changed = name === key ? change(one, depth + 1) : one;
      return changed === undefined ? [] : [[name, changed]];
    });
    return Object.fromEntries(entries);
  };
  return change(value, 0) ?? null;
}

const mutation = fc.record({
  which: fc.nat(4),
  at: fc.nat(60),
  how: fc.nat(strange.length + 1),
  flips: fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 3 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** A document, mutated if it is the one meant, as bytes. */
function write(value: Json, here: boolean, { at, how, flips }: Mutation): Buffer {
  if (!here) return Buffer.from(JSON.stringify(value));
  if (flips.length === 0) return Buffer.from(JSON.stringify(mutate(value, at, how)));
  const bytes = Buffer.from(JSON.stringify(value));
  for (const [offset, byte] of flips) bytes[offset % bytes.length] = byte;
  return bytes;
}

const descriptor = (bytes: Uint8Array, mediaType: string, more: Record<string, Json> = {}): Json => ({
  mediaType,
  digest: sha256(bytes),
  size: bytes.length,
  ...more,
});

/** An OCI layout with a nested index and an attestation, and a docker save list: digests fit, whatever was mutated. */
function documents(change: Mutation): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const put = (bytes: Uint8Array): Uint8Array => {
    files.set(`blobs/${sha256(bytes).replace(":", "/")}`, bytes);
    return bytes;
  };
  put(layer);
  const config = put(
    write(
      {
        os: "linux",
        architecture: "amd64",
        created: "2026-01-01T00:00:00Z",
        config: {
          User: "app",
          Env: ["A=b"],
          Cmd: ["x"],
          Labels: { a: "b" },
          Healthcheck: { Test: ["CMD", "x"] },
          ExposedPorts: { "80/tcp": {} },
        },
        rootfs: { type: "layers", diff_ids: [sha256(layer)] },
        history: [{ created_by: "x", empty_layer: true }, { created_by: "y" }],
      },
      change.which === 0,
      change,
    ),
  );
  const type = "application/vnd.oci.image";
  const manifest = put(
    write(
      {
        schemaVersion: 2,
        config: descriptor(config, `${type}.config.v1+json`),
        layers: [descriptor(layer, `${type}.layer.v1.tar`, { urls: [] })],
        annotations: { a: "b" },
      },
      change.which === 1,
      change,
    ),
  );
  const inner = put(
    write(
      {
        schemaVersion: 2,
        manifests: [
          descriptor(manifest, `${type}.manifest.v1+json`, {
            platform: { os: "linux", architecture: "amd64", variant: "v2" },
          }),
          descriptor(Buffer.from("absent"), `${type}.manifest.v1+json`, {
            platform: { os: "unknown", architecture: "unknown" },
            annotations: { "vnd.docker.reference.type": "attestation-manifest" },
          }),
        ],
      },
      change.which === 2,
      change,
    ),
  );
  const saved: Json = [
    {
      Config: `blobs/${sha256(config).replace(":", "/")}`,
      RepoTags: ["app:1"],
      Layers: [`blobs/${sha256(layer).replace(":", "/")}`],
    },
  ];
  files.set("manifest.json", write(saved, change.which === 4, change));
  const index: Json = {
    schemaVersion: 2,
    manifests: [
      descriptor(inner, `${type}.index.v1+json`, { annotations: { "org.opencontainers.image.ref.name": "1" } }),
    ],
  };
  if (change.which !== 4) files.set("index.json", write(index, change.which === 3, change));
  return files;
}

function memoryStore(files: ReadonlyMap<string, Uint8Array>): BlobStore {
  return {
    reference: "memory",
    find: (name) => {
      const bytes = files.get(name);
      return Promise.resolve(
        bytes && {
          size: bytes.length,
          async *read() {
            yield await Promise.resolve(bytes);
          },
        },
      );
    },
    close: () => Promise.resolve(),
  };
}

/** Whether it went well; what is thrown must be ours. */
async function orTyped(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    expect(error.code.startsWith("image.")).toBe(true);
    return false;
  }
}

describe("mutated documents of images give an image or a typed error", () => {
  it("as they are they give an image", async () => {
    const none = { which: 9, at: 0, how: 0, flips: [] };
    const image = openImage(await openStore(memoryStore(documents(none)), amd64, defaultLimits), defaultLimits);
    expect(image.attestations).toBe(1);
    expect((await viewOf(image)).layers[0]?.entries).toHaveLength(1);
  });

  it("indexes, manifests, configurations, lists of docker save", async () => {
    let read = 0;
    let refused = 0;
    const property = fc.asyncProperty(mutation, async (change) => {
      const went = await orTyped(async () => {
        const blobs = await openStore(memoryStore(documents(change)), amd64, defaultLimits);
        const image = openImage(blobs, defaultLimits);
        if (image.gaps.length === 0) await viewOf(image);
      });
      if (went) read++;
      else refused++;
    });
    await fc.assert(property, { numRuns: 6000, seed: 20 });
    // Both happen, or the mutations reach nothing.
    expect(Math.min(read, refused)).toBeGreaterThan(300);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  }, 60_000);

  it("archives whose bytes were changed", async () => {
    const none = { which: 9, at: 0, how: 0, flips: [] };
    const good = Buffer.concat([
      ...[...documents(none)].flatMap(([name, bytes]) => [header(name, bytes.length), bytes, padding(bytes.length)]),
      tarEnd,
    ]);
    const file = join(directory, "mutated.tar");
    writeFileSync(file, good);
    const image = await findImage(`archive:${file}`, amd64, jobWith());
    await image.close();
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(good.length)),
      fc.boolean(),
      async (flips, cut, packed) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of flips) bytes[at] = byte;
        const whole = cut === null ? bytes : bytes.subarray(0, cut);
        writeFileSync(file, packed ? gzipSync(whole, { level: 1 }) : whole);
        await orTyped(async () => {
          const found = await findImage(`archive:${file}`, amd64, jobWith());
          try {
            await viewOf(found);
          } finally {
            await found.close();
          }
        });
      },
    );
    await fc.assert(property, { numRuns: 500, seed: 21 });
  }, 60_000);

  it("indexes that name themselves, each other, or thousands, end", async () => {
    const fetchForever = new Map<string, Uint8Array>();
    // Each level names many of the next, which are all there.
    let level: Uint8Array[] = [Buffer.from('{"manifests":[]}')];
    for (let depth = 0; depth < 4; depth++) {
      level = Array.from({ length: 40 }, (_, index) =>
        Buffer.from(
          JSON.stringify({ nonce: `${depth} ${index}`, manifests: level.map((one) => descriptor(one, "x")) }),
        ),
      );
      for (const one of level) fetchForever.set(`blobs/${sha256(one).replace(":", "/")}`, one);
    }
    fetchForever.set(
      "index.json",
      Buffer.from(JSON.stringify({ manifests: level.map((one) => descriptor(one, "x")) })),
    );
    await expect(openStore(memoryStore(fetchForever), amd64, defaultLimits)).rejects.toMatchObject({
      code: "image.limit",
    });
  });
});

describe("what engines keep, when it was tampered with", () => {
  const record = Buffer.concat([
    Buffer.from(`${JSON.stringify({ type: 2, payload: layer.subarray(0, 512).toString("base64"), position: 0 })}\n`),
    Buffer.from(`${JSON.stringify({ type: 1, name: "etc/os-release", size: 5, payload: "AAAA", position: 1 })}\n`),
    Buffer.from(`${JSON.stringify({ type: 2, payload: layer.subarray(517).toString("base64"), position: 2 })}\n`),
  ]);
  const files = join(directory, "files");
  mkdirSync(join(files, "etc"), { recursive: true });
  writeFileSync(join(files, "etc/os-release"), "ID=x\n");
  const path = join(directory, "tar-split.json.gz");

  it("as it is it gives the very tar", async () => {
    writeFileSync(path, gzipSync(record));
    const parts: Uint8Array[] = [];
    for await (const part of tarSplitLayer(path, files, defaultLimits).read()) parts.push(part);
    expect(Buffer.concat(parts)).toEqual(layer);
  });

  it("records of layers give entries or a typed error", async () => {
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(record.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      fc.option(fc.nat(record.length)),
      async (flips, cut) => {
        const bytes = Buffer.from(record);
        for (const [at, byte] of flips) bytes[at] = byte;
        writeFileSync(path, gzipSync(cut === null ? bytes : bytes.subarray(0, cut), { level: 1 }));
        const { read, direct } = tarSplitLayer(path, files, defaultLimits);
        await orTyped(async () => {
          for await (const entries of direct.entries())
            for (const { type, path: file } of entries) if (type === "file") direct.open(file);
        });
        await orTyped(async () => {
          for await (const part of read()) expect(part.length).toBeGreaterThan(0);
        });
        direct.close();
      },
    );
    await fc.assert(property, { numRuns: 1000, seed: 22 });
  }, 60_000);

  it("the lists of podman's store give an image or a typed error", async () => {
    const root = join(directory, "store");
    const id = "ab".repeat(32);
    const put = (name: string, bytes: Uint8Array | string): void => {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), bytes);
    };
    mkdirSync(join(root, `overlay/${id}/diff/etc`), { recursive: true });
    put(`overlay/${id}/diff/etc/os-release`, "ID=x\n");
    put(`overlay-layers/${id}.tar-split.gz`, gzipSync(record));
    const change = { which: 9, at: 0, how: 0, flips: [] };
    const config =
      [...documents(change)].find(([, bytes]) => Buffer.from(bytes).includes('"rootfs"'))?.[1] ?? Buffer.alloc(0);
    const manifest = { schemaVersion: 2, config: descriptor(config, "x"), layers: [descriptor(layer, "x")] };
    const images: Json = [{ id, digest: "x", names: ["localhost/app:latest"], layer: id }];
    const layers: Json = [{ id, "diff-digest": sha256(layer), "diff-size": layer.length }];
    put(`overlay-images/${id}/=${Buffer.from(sha256(config)).toString("base64")}`, config);
    const open = async (): Promise<void> => {
      const image = await findImage(`containers-storage:[${root}]app`, amd64, jobWith());
      try {
        if (image.gaps.length === 0) await viewOf(image);
      } finally {
        await image.close();
      }
    };
    const write3 = (one: Mutation): void => {
      put("overlay-images/images.json", write(images, one.which === 0, one));
      put("overlay-layers/layers.json", write(layers, one.which === 1, one));
      put(`overlay-images/${id}/manifest`, write(manifest, one.which === 2, one));
    };
    write3(change);
    await open();
    await fc.assert(
      fc.asyncProperty(mutation, async (one) => {
        write3({ ...one, which: one.which % 3 });
        await orTyped(open);
      }),
      { numRuns: 800, seed: 23 },
    );
  }, 60_000);

  it("an engine that answers anything gives a typed error", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const server = createServer((_, response) => response.end(answer));
    const host = await new Promise<string>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? `tcp://127.0.0.1:${address.port}` : "");
      });
    });
    try {
      const inspected: Json = { Id: sha256(layer), RepoTags: ["app:1"] };
      await fc.assert(
        fc.asyncProperty(mutation, async (one) => {
          answer = write(inspected, true, one);
          const job = jobWith({ DOCKER_HOST: host });
          expect(await orTyped(() => findImage("engine:app", amd64, job))).toBe(false);
        }),
        { numRuns: 150, seed: 24 },
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }, 60_000);
});
