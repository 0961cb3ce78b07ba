import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/image/index.ts";
import { RegistryClient } from "../../src/image/registry/client.ts";
import { sha256 } from "../support/fake-registry.ts";
import { jobWith, withImage } from "../support/image-view.ts";
import { labEngine } from "../support/lab.ts";

const engine = labEngine("13");
const login = { kind: "basic", username: "plimsoll-test", password: "only-for-tests" } as const;

describe.skipIf(!engine)("a real registry", () => {
  const open = engine?.env["LAB_REGISTRY"] ?? "";
  const port = (offset: number): string => open.replace(/\d+$/, (text) => String(Number(text) + offset));

  it.each([
    ["with Basic authentication", 1],
    ["with tokens", 2],
  ])("%s takes what is pushed and gives it back", async (_, offset) => {
    const host = port(offset);
    const client = new RegistryClient(host, defaultLimits, { credential: () => Promise.resolve(login) });
    try {
      const repository = `plimsoll-test/pushed-${offset}`;
      const layer = Buffer.alloc(3_000_000, `a layer of ${process.pid} for ${offset}`);
      const diffId = sha256(layer);
      const config = Buffer.from(
        JSON.stringify({
          os: "linux",
          architecture: "amd64",
          config: {},
          rootfs: { type: "layers", diff_ids: [diffId] },
        }),
      );
      expect(await client.headBlob(repository, diffId)).toBeUndefined();
      async function* parts(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < layer.length; at += 1 << 16) yield layer.subarray(at, at + (1 << 16));
      }
      await client.putBlob(repository, diffId, layer.length, parts);
      await client.putBlob(repository, diffId, layer.length, () => {
        throw new Error("it is there already");
      });
      await client.putBlob(repository, sha256(config), config.length, () => config);
      expect(await client.headBlob(repository, diffId)).toBe(layer.length);
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType,
          config: {
            mediaType: "application/vnd.oci.image.config.v1+json",
            digest: sha256(config),
            size: config.length,
          },
          layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: diffId, size: layer.length }],
        }),
      );
      for (const tag of ["one", "two"])
        expect(await client.putManifest(repository, tag, mediaType, manifest)).toBe(sha256(manifest));
      expect(await client.tags(repository)).toEqual(["one", "two"]);
      const found = await client.getManifest(repository, "two");
      expect([found.mediaType, found.digest]).toEqual([mediaType, sha256(manifest)]);
      const parted: Uint8Array[] = [];
      for await (const part of client.getBlob(repository, diffId, { start: 1_000_000, end: 1_000_100 }))
        parted.push(part);
      expect(Buffer.concat(parted)).toEqual(layer.subarray(1_000_000, 1_000_100));
      const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: login } }) };
      const target = `registry:${host}/${repository}@${found.digest}`;
      expect(await withImage(target, jobWith(env), ({ layers }) => layers.map((one) => one.digest))).toEqual([diffId]);
    } finally {
      client.close();
    }
  });

  it("that does not know the login, or lacks the right, says so and names no secret", async () => {
    for (const offset of [1, 2]) {
      const wrong = { ...login, password: "wrong-4711" };
      const client = new RegistryClient(port(offset), defaultLimits, { credential: () => Promise.resolve(wrong) });
      try {
        const error: unknown = await client.tags("plimsoll-test/secret").catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: "image.unreachable" });
        expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain("wrong-4711");
      } finally {
        client.close();
      }
    }
  });

  it("lists its tags, sorted", async () => {
    const client = new RegistryClient(open, defaultLimits);
    try {
      const tags = await client.tags("library/alpine");
      expect(tags).toContain("3.20-multi");
      expect(tags).toEqual([...tags].sort());
    } finally {
      client.close();
    }
  });
});
