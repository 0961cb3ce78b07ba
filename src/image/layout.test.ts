import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Digest } from "../core/index.ts";
import { type BlobStore, type Choice, openStore } from "./layout.ts";
import { defaultLimits } from "./limits.ts";

const choice = (architecture: string, more: Partial<Choice> = {}): Choice => ({
  platform: { os: "linux", architecture },
  platformAsked: false,
  ...more,
});

const digestOf = (text: string): Digest => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A store in memory: blobs by their digests, other files by name. */
function storeOf(blobs: readonly string[], files: Readonly<Record<string, unknown>>): BlobStore {
  const all = new Map(blobs.map((text) => [`blobs/${digestOf(text).replace(":", "/")}`, text]));
  for (const [name, value] of Object.entries(files)) all.set(name, JSON.stringify(value));
  return {
    reference: "memory",
    find: (name) => {
      const bytes = Buffer.from(all.get(name) ?? "");
      if (!all.has(name)) return Promise.resolve(undefined);
      return Promise.resolve({
        size: bytes.length,
        async *read() {
          yield await Promise.resolve(bytes);
        },
      });
    },
    close: () => Promise.resolve(),
  };
}

function imageFor(architecture: string): {
  readonly config: string;
  readonly manifest: string;
  readonly descriptor: object;
} {
  const config = JSON.stringify({ os: "linux", architecture, rootfs: { diff_ids: [] } });
  const manifest = JSON.stringify({ config: { digest: digestOf(config) }, layers: [] });
  return { config, manifest, descriptor: { digest: digestOf(manifest), platform: { os: "linux", architecture } } };
}

const [amd64, arm64] = [imageFor("amd64"), imageFor("arm64")];
const attestation = {
  digest: digestOf("an attestation"),
  platform: { os: "unknown", architecture: "unknown" },
  annotations: { "vnd.docker.reference.type": "attestation-manifest" },
};
const nested = JSON.stringify({ manifests: [arm64.descriptor, amd64.descriptor, attestation] });
const top = (annotations: object) => ({
  mediaType: "application/vnd.oci.image.index.v1+json",
  digest: digestOf(nested),
  annotations,
});
const named = { "io.containerd.image.name": "docker.io/library/app:1", "org.opencontainers.image.ref.name": "1" };

describe("what an engine with containerd's image store saves", () => {
  const saved = storeOf([nested, amd64.manifest, amd64.config], { "index.json": { manifests: [top(named)] } });

  it("is one image in a nested index, whose other platforms are not there", async () => {
    const blobs = await openStore(saved, choice("amd64"), defaultLimits);
    expect([blobs.digest, blobs.attestations]).toEqual([digestOf(amd64.manifest), 1]);
    await expect(openStore(saved, choice("arm64"), defaultLimits)).rejects.toMatchObject({
      code: "image.platform",
      hint: "ask for one that is there: --platform linux/amd64",
    });
  });

  it("is found by its name in short and in full", async () => {
    for (const name of ["app:1", "library/app:1", "docker.io/library/app:1"])
      expect((await openStore(saved, choice("amd64", { name }), defaultLimits)).digest).toBe(digestOf(amd64.manifest));
    await expect(openStore(saved, choice("amd64", { name: "app:2" }), defaultLimits)).rejects.toMatchObject({
      code: "image.not-found",
      hint: "choose one with #NAME: docker.io/library/app:1",
    });
  });
});

describe("indexes", () => {
  it("that name one image only give it, whatever it is for, unless a platform was asked for", async () => {
    const store = storeOf([arm64.manifest, arm64.config], { "index.json": { manifests: [arm64.descriptor] } });
    expect((await openStore(store, choice("amd64"), defaultLimits)).digest).toBe(digestOf(arm64.manifest));
    await expect(openStore(store, choice("amd64", { platformAsked: true }), defaultLimits)).rejects.toMatchObject({
      code: "image.platform",
    });
  });

  it("are searched one after the other when the first has not the platform", async () => {
    const [first, second] = [arm64, amd64].map(({ descriptor }) =>
      JSON.stringify({ manifests: [descriptor, descriptor] }),
    );
    const store = storeOf([first ?? "", second ?? "", amd64.manifest, amd64.config], {
      "index.json": { manifests: [{ digest: digestOf(first ?? "") }, { digest: digestOf(second ?? "") }] },
    });
    expect((await openStore(store, choice("amd64"), defaultLimits)).digest).toBe(digestOf(amd64.manifest));
    await expect(openStore(store, choice("s390x"), defaultLimits)).rejects.toMatchObject({
      hint: "ask for one that is there: --platform linux/arm64, linux/amd64",
    });
  });

  it("without images, beside a list that has them, do not count", async () => {
    const store = storeOf([], {
      "index.json": { schemaVersion: 2, manifests: null },
      "manifest.json": [{ Config: "config.json", RepoTags: ["app:1"], Layers: [] }],
      "config.json": { os: "linux", architecture: "amd64", rootfs: { diff_ids: [] } },
    });
    expect((await openStore(store, choice("amd64"), defaultLimits)).layers).toEqual([]);
  });

  it("that lead to other bytes than they name are found out", async () => {
    const store = storeOf([amd64.config], { "index.json": { manifests: [amd64.descriptor] } });
    const forged: BlobStore = {
      ...store,
      find: (name) =>
        store.find(name.startsWith("blobs/") ? `blobs/${digestOf(amd64.config).replace(":", "/")}` : name),
    };
    await expect(openStore(forged, choice("amd64"), defaultLimits)).rejects.toMatchObject({
      code: "image.digest-mismatch",
    });
  });
});
