import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { PlimsollError } from "../../src/core/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import { RegistryClient } from "../../src/image/registry/client.ts";
import type { TransportOptions } from "../../src/image/registry/transport.ts";
import { type Answer, type FakeRegistry, fakeRegistry, sha256 } from "../support/fake-registry.ts";
import { jobWith, viewOf, withImage } from "../support/image-view.ts";

const blob = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251));
const digest = sha256(blob);
const quick = { answer: 300, idle: 300, slow: 300 };

let open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.reverse()) await close();
  open = [];
});

async function serve(answer: Answer): Promise<FakeRegistry> {
  const registry = await fakeRegistry(answer);
  open.push(() => registry.close());
  return registry;
}

/** A client that does not really wait, and the times it would have waited, in milliseconds. */
function clientOf(registry: FakeRegistry, options: TransportOptions = {}): { client: RegistryClient; waits: number[] } {
  const waits: number[] = [];
  const client = new RegistryClient(registry.host, defaultLimits, {
    times: quick,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
    ...options,
  });
  open.push(() => {
    client.close();
  });
  return { client, waits };
}

async function read(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

/** What a promise is rejected with, which must be one of ours. */
async function failure(work: Promise<unknown>): Promise<PlimsollError> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(PlimsollError);
    return error as PlimsollError;
  }
  throw new Error("it should have failed");
}

describe("a registry that does not behave", () => {
  it("is given up when it never answers", async () => {
    const registry = await serve(() => {});
    const { client, waits } = clientOf(registry);
    const error = await failure(client.getManifest("app", "1"));
    expect(error.code).toBe("image.unreachable");
    expect(error.message).toContain("does not answer");
    expect(waits).toEqual([500, 1000, 2000]);
  });

  it("is given up when it stops in the middle, or only drips", async () => {
    const silent = await serve((_, response) => {
      response.writeHead(200).write("{");
    });
    expect((await failure(clientOf(silent).client.getManifest("app", "1"))).message).toContain("stopped sending");
    const dripping = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => {
        clearInterval(drip);
      });
    });
    expect((await failure(clientOf(dripping).client.getManifest("app", "1"))).message).toContain("too slowly");
  });

  it("that breaks a blob off anywhere is asked for the rest, whether it heeds ranges or not", async () => {
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 6 }),
      fc.boolean(),
      async (stretches, heedsRanges) => {
        let turn = 0;
        const registry = await fakeRegistry((request, response) => {
          const asked = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
          const from = heedsRanges ? asked : 0;
          const stretch = stretches[turn++] ?? blob.length;
          const to = Math.min(blob.length, (heedsRanges ? from : asked) + stretch);
          response.writeHead(from > 0 ? 206 : 200, {
            "content-length": blob.length - from,
            ...(from > 0 ? { "content-range": `bytes ${from}-${blob.length - 1}/${blob.length}` } : {}),
          });
          response.write(blob.subarray(from, to), () => {
            if (to === blob.length) response.end();
            else response.destroy();
          });
        });
        const client = new RegistryClient(registry.host, defaultLimits, {
          times: quick,
          wait: () => Promise.resolve(),
        });
        try {
          expect((await read(client.getBlob("app", digest, { size: blob.length }))).equals(blob)).toBe(true);
        } finally {
          client.close();
          await registry.close();
        }
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it("is believed neither about more nor about less than the descriptor says", async () => {
    const registry = await serve((request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (from >= blob.length) response.writeHead(416).end();
      else if (from > 0) response.writeHead(206, { "content-range": `bytes ${from}-` }).end(blob.subarray(from));
      else response.writeHead(200).end(blob);
    });
    const { client } = clientOf(registry);
    for (const size of [blob.length - 1, blob.length + 1, 0, 10 * blob.length]) {
      const error = await failure(read(client.getBlob("app", digest, { size })));
      expect(error.code).toBe("image.invalid");
    }
    expect(await read(client.getBlob("app", digest, { start: 1000, end: 2000 }))).toEqual(blob.subarray(1000, 2000));
  });

  it("that always breaks off is given up in the end", async () => {
    const registry = await serve((_, response) => {
      response.writeHead(200, { "content-length": blob.length });
      response.write("x", () => response.destroy());
    });
    const { client } = clientOf(registry);
    expect((await failure(read(client.getBlob("app", digest, { size: blob.length })))).code).toBe("image.unreachable");
    expect(registry.seen.length).toBeLessThan(40);
  });

  it("that sends another part than was asked for is not trusted", async () => {
    const registry = await serve((_, response) => {
      response.writeHead(206, { "content-range": "bytes 0-9/200000" }).end(blob.subarray(0, 10));
    });
    expect((await failure(read(clientOf(registry).client.getBlob("app", digest, { start: 5, end: 10 })))).code).toBe(
      "image.invalid",
    );
  });

  it("that redirects for ever, or to where it is not safe, is not followed", async () => {
    const round = await serve((_, response) => {
      response.writeHead(307, { location: "/v2/again" }).end();
    });
    expect((await failure(clientOf(round).client.getManifest("app", "1"))).message).toContain(
      "redirects more than 5 times",
    );
    for (const location of [
      "http://192.0.2.1/x",
      "file:///etc/passwd",
      "https://user:secret@192.0.2.1/",
      "http://[",
      "ftp://127.0.0.1/",
    ]) {
      const astray = await serve((_, response) => {
        response.writeHead(302, { location }).end();
      });
      const error = await failure(clientOf(astray).client.getManifest("app", "1"));
      expect(error.message).toContain("not safe");
      expect(error.message).not.toContain("secret");
    }
  });

  it("that limits us is waited for as long as it says, and told of when that is too long", async () => {
    let refusals = 2;
    const registry = await serve((_, response) => {
      if (refusals-- > 0) response.writeHead(429, { "retry-after": "7" }).end();
      else response.writeHead(200).end(blob);
    });
    const { client, waits } = clientOf(registry);
    expect((await read(client.getBlob("app", digest))).length).toBe(blob.length);
    expect(waits).toEqual([7000, 7000]);
    const strict = await serve((_, response) => {
      response
        .writeHead(429, {
          "retry-after": "21600",
          "ratelimit-limit": "100;w=21600",
          "ratelimit-remaining": "0;w=21600",
        })
        .end();
    });
    const error = await failure(clientOf(strict).client.getManifest("app", "1"));
    expect(error.message).toContain("ratelimit-limit 100;w=21600");
    expect(error.message).toContain("retry-after 21600");
    expect(strict.seen.filter(({ line }) => line.includes("manifests"))).toHaveLength(1);
  });

  it("that fails for a moment is asked again, and given up when it goes on", async () => {
    let failures = 2;
    const registry = await serve((_, response) => {
      response.writeHead(failures-- > 0 ? 503 : 200).end("{}");
    });
    expect((await clientOf(registry).client.getManifest("app", "1")).bytes.toString()).toBe("{}");
    const down = await serve((_, response) => {
      response.writeHead(502).end();
    });
    const { client, waits } = clientOf(down);
    expect((await failure(client.getManifest("app", "1"))).message).toContain("HTTP 502");
    expect(waits).toHaveLength(3);
  });

  it("that sends too much is stopped: manifests, headers, lists of tags", async () => {
    const registry = await serve((request, response) => {
      if (request.url?.includes("manifests/headers")) response.writeHead(200, { "x-much": "y".repeat(1 << 20) }).end();
      else if (request.url?.includes("tags")) {
        const page = Number(/page=(\d+)/.exec(request.url)?.[1] ?? 0);
        const next = request.url.includes("circle") ? 1 : page + 1;
        response.writeHead(200, { link: `</v2/${request.url.split("/")[2]}/tags/list?page=${next}>; rel="next"` });
        response.end(JSON.stringify({ tags: [`t${page}`] }));
      } else {
        response.writeHead(200);
        const more = (): void => {
          while (response.writable && response.write(Buffer.alloc(1 << 20, 32)));
          response.once("drain", more);
        };
        more();
      }
    });
    const { client } = clientOf(registry);
    expect((await failure(client.getManifest("app", "huge"))).code).toBe("image.limit");
    expect((await failure(client.getManifest("app", "headers"))).message).toContain("headers that are too long");
    expect((await failure(client.getDocument("app", digest, "the configuration"))).code).toBe("image.limit");
    expect((await failure(client.tags("circle"))).message).toContain("in a circle");
    expect((await failure(client.tags("endless"))).code).toBe("image.limit");
  });

  it("that lists its tags in pages is asked for all of them", async () => {
    const registry = await serve((request, response) => {
      const last = Number(/last=(\d+)/.exec(request.url ?? "")?.[1] ?? 0);
      const link = last < 900 ? { link: `</v2/app/tags/list?last=${last + 300}&n=300>; rel="next"` } : {};
      response.writeHead(200, link).end(JSON.stringify({ tags: [`t${last}`, `t${last + 1}`, 7, null] }));
    });
    expect(await clientOf(registry).client.tags("app")).toEqual(
      [0, 300, 600, 900].flatMap((last) => [`t${last}`, `t${last + 1}`]).sort(),
    );
  });

  it("that sends something else than was named is found out", async () => {
    const registry = await serve((_, response) => {
      response.writeHead(200, { "docker-content-digest": digest }).end("{}");
    });
    const { client } = clientOf(registry);
    for (const work of [
      client.getManifest("app", digest),
      client.getManifest("app", "1"),
      client.getDocument("app", digest, "the configuration"),
    ])
      expect((await failure(work)).code).toBe("image.digest-mismatch");
  });

  it("with a schema 1 manifest is refused clearly, and one with an artifact too", async () => {
    const registry = await serve((request, response) => {
      const schema1 = { schemaVersion: 1, name: "app", fsLayers: [{ blobSum: digest }], history: [], signatures: [] };
      const artifact = {
        schemaVersion: 2,
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest: sha256(Buffer.from("{}")), size: 2 },
        layers: [{ mediaType: "application/spdx+json", digest, size: 3 }],
      };
      if (request.url?.includes("/blobs/")) response.writeHead(200).end("{}");
      else response.writeHead(200).end(JSON.stringify(request.url?.includes("old") ? schema1 : artifact));
    });
    const job = jobWith();
    const old = await failure(withImage(`registry:${registry.host}/old`, job, viewOf));
    expect(old.code).toBe("image.unsupported");
    expect(old.message).toContain("schema 1");
    expect((await failure(withImage(`registry:${registry.host}/sbom`, job, viewOf))).code).toBe("image.invalid");
  });

  it("with layers that are kept elsewhere gives an image with gaps", async () => {
    const config = Buffer.from(
      JSON.stringify({ os: "windows", architecture: "amd64", rootfs: { diff_ids: [digest] }, config: {} }),
    );
    const manifest = {
      schemaVersion: 2,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        digest: sha256(config),
        size: config.length,
      },
      layers: [
        {
          mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
          digest,
          size: 1_700_000_000,
          urls: ["https://192.0.2.1/base"],
        },
      ],
    };
    const registry = await serve((request, response) => {
      response.writeHead(200).end(request.url?.includes("/blobs/") ? config : JSON.stringify(manifest));
    });
    const found = await withImage(`registry:${registry.host}/windows`, jobWith(), ({ gaps, layers }) => ({
      gaps,
      layers,
    }));
    expect(found.gaps).toEqual([{ subject: "layer 1", reason: "a foreign layer, kept elsewhere" }]);
    expect(found.layers[0]?.size).toBe(1_700_000_000);
  });
});

describe("mirrors", () => {
  const config = Buffer.from(
    JSON.stringify({ os: "linux", architecture: "amd64", rootfs: { diff_ids: [] }, config: { User: "mirrored" } }),
  );
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: sha256(config), size: config.length },
    layers: [],
  });
  const whole: Answer = (request, response) => {
    response.writeHead(200).end(request.url?.includes("/blobs/") ? config : manifest);
  };
  const nothing: Answer = (_, response) => {
    response.writeHead(404).end();
  };

  it("are asked before the registry, and passed over when they fail", async () => {
    for (const [first, asked] of [
      [whole, false],
      [nothing, true],
    ] as const) {
      const mirror = await serve(first);
      const registry = await serve(whole);
      const job = jobWith({}, { registries: { mirrors: { [registry.host]: [mirror.host] } } });
      const found = await withImage(`registry:${registry.host}/app`, job, (image) => image);
      expect(found.config.user).toBe("mirrored");
      expect(found.reference).toBe(`${registry.host}/app:latest`);
      expect(registry.seen.some(({ line }) => line.includes("manifests"))).toBe(asked);
    }
  });
});

describe("logins and tokens", () => {
  const password = "pass-word-7f3a";
  const token = "token-51c2e9";
  const credential = { kind: "basic", username: "someone", password } as const;
  const secrets = [password, token, Buffer.from(`someone:${password}`).toString("base64"), "refresh-me-88"];

  /** Asks for tokens, and echoes whatever it is sent in everything it answers. */
  function asksForTokens(answer: Answer): Answer {
    return (request, response) => {
      const { authorization } = request.headers;
      if (request.url?.startsWith("/token")) {
        response.writeHead(200).end(JSON.stringify({ token, expires_in: 300 }));
      } else if (!authorization?.startsWith("Bearer ")) {
        const realm = `http://${request.headers.host}/token`;
        response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="here",scope="x"` }).end();
      } else answer(request, response);
    };
  }

  it("a token is asked for once for each scope, with the login, and renewed when it is refused midway", async () => {
    let refused = false;
    const registry = await serve(
      asksForTokens((request, response) => {
        if (request.url?.includes("/blobs/") && !refused) {
          refused = true;
          const realm = `http://${request.headers.host}/token`;
          response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="here"` }).end();
        } else response.writeHead(200).end(request.url?.includes("/blobs/") ? blob : "{}");
      }),
    );
    const { client } = clientOf(registry, { credential: () => Promise.resolve(credential) });
    await client.getManifest("app", "1");
    await client.getManifest("app", "2");
    expect((await read(client.getBlob("app", digest))).length).toBe(blob.length);
    const asked = registry.seen.filter(({ line }) => line.includes("/token"));
    expect(asked).toHaveLength(2);
    expect(asked[0]?.line).toContain("scope=repository%3Aapp%3Apull");
    expect(asked[0]?.headers.authorization).toBe(`Basic ${secrets[2]}`);
    await client.getManifest("other", "1");
    expect(registry.seen.filter(({ line }) => line.includes("/token"))).toHaveLength(3);
  });

  it("an identity token is exchanged by the refresh grant", async () => {
    const bodies: string[] = [];
    const registry = await serve((request, response) => {
      if (request.method === "POST") {
        request.on("data", (part: Buffer) => bodies.push(part.toString()));
        request.on("end", () => response.writeHead(200).end(JSON.stringify({ access_token: token })));
      } else asksForTokens((_, reply) => reply.writeHead(200).end("{}"))(request, response);
    });
    const { client } = clientOf(registry, {
      credential: () => Promise.resolve({ kind: "identity", token: "refresh-me-88" }),
    });
    await client.getManifest("app", "1");
    const form = new URLSearchParams(bodies.join(""));
    expect(form.get("grant_type")).toBe("refresh_token");
    expect(form.get("refresh_token")).toBe("refresh-me-88");
    expect(form.get("scope")).toBe("repository:app:pull");
  });

  it("go to nobody else: neither along a redirect nor to an unsafe address for tokens", async () => {
    const elsewhere = await serve((_, response) => {
      response.writeHead(200).end(blob);
    });
    const registry = await serve(
      asksForTokens((_, response) => {
        response.writeHead(307, { location: `http://${elsewhere.host}/stored?signature=abc` }).end();
      }),
    );
    const { client } = clientOf(registry, { credential: () => Promise.resolve(credential) });
    expect((await read(client.getBlob("app", digest))).length).toBe(blob.length);
    expect(elsewhere.seen).toHaveLength(1);
    expect(elsewhere.seen[0]?.headers.authorization).toBeUndefined();
    for (const realm of ["http://192.0.2.1/token", "file:///etc/passwd", "", "https://a:b@192.0.2.1/"]) {
      const asking = await serve((_, response) => {
        response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
      });
      const error = await failure(
        clientOf(asking, { credential: () => Promise.resolve(credential) }).client.getManifest("app", "1"),
      );
      expect(error.message).toContain("not safe");
    }
  });

  it("are not asked for by where the registry redirects to", async () => {
    const thief = await serve((request, response) => {
      const realm = `http://${request.headers.host}/token`;
      response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="here"` }).end();
    });
    const registry = await serve(
      asksForTokens((_, response) => {
        response.writeHead(307, { location: `http://${thief.host}/stored` }).end();
      }),
    );
    const { client } = clientOf(registry, { credential: () => Promise.resolve(credential) });
    await failure(read(client.getBlob("app", digest)));
    expect(thief.seen.map(({ line, headers }) => [line, headers.authorization])).toEqual([["GET /stored", undefined]]);
  });

  it("are asked for again when the server of tokens fails for a moment", async () => {
    let failures = 2;
    const registry = await serve((request, response) => {
      if (request.url?.startsWith("/token") && failures-- > 0) response.writeHead(503).end();
      else asksForTokens((_, reply) => reply.writeHead(200).end("{}"))(request, response);
    });
    expect((await clientOf(registry).client.getManifest("app", "1")).bytes.toString()).toBe("{}");
  });

  it("never stand in what is thrown, however the registry fails and whatever it echoes", async () => {
    const modes = ["401", "403", "404", "429", "500", "cut", "redirect", "location", "mismatch", "token", "slow"];
    for (const mode of modes) {
      const registry = await serve((request, response) => {
        const echo = `${request.headers.authorization ?? ""} ${request.url ?? ""} ${secrets.join(" ")}`;
        const headers = {
          "x-echo": echo,
          "docker-content-digest": echo,
          "retry-after": "99999",
          "ratelimit-limit": token,
        };
        const body = JSON.stringify({ errors: [{ code: "DENIED", message: echo }], token: echo });
        if (mode === "token" && request.url?.startsWith("/token")) response.writeHead(403, headers).end(body);
        else
          asksForTokens((_, reply) => {
            if (mode === "cut") reply.writeHead(200, { "content-length": "999" }).write(body, () => reply.destroy());
            else if (mode === "redirect") reply.writeHead(307, { location: `http://192.0.2.1/?${token}` }).end();
            else if (mode === "location") reply.writeHead(307, { location: `/v2/?${token}` }).end();
            else if (mode === "mismatch") reply.writeHead(200).end(body);
            else if (mode !== "slow") reply.writeHead(Number(mode), headers).end(body);
          })(request, response);
      });
      for (const login of [credential, { kind: "identity", token: "refresh-me-88" }] as const) {
        const { client } = clientOf(registry, { credential: () => Promise.resolve(login) });
        const error = await failure(client.getManifest("app", digest));
        const said = [];
        for (let one: unknown = error; one instanceof Error; one = one.cause)
          said.push(one.message, one.stack, JSON.stringify(one), String((one as PlimsollError).hint));
        for (const secret of secrets) expect(said.join("\n")).not.toContain(secret);
      }
    }
  }, 60_000);

  it("that cannot be read, or would break a header, are not used", async () => {
    for (const answer of [
      "{",
      "[]",
      "{}",
      '{"token":""}',
      '{"token":"a\\r\\nx: y"}',
      '{"token":5}',
      `{"token":"${"x".repeat(70_000)}"}`,
    ]) {
      const registry = await serve((request, response) => {
        if (request.url?.startsWith("/token")) response.writeHead(200).end(answer);
        else asksForTokens(() => {})(request, response);
      });
      expect((await failure(clientOf(registry).client.getManifest("app", "1"))).message).toContain("cannot be read");
    }
  });

  it("are not sent when the registry asks in a way nobody knows", async () => {
    for (const challenge of ["", "Negotiate", "Digest realm=x", ",,,", 'Bearer realm="', "Basic", "=".repeat(9000)]) {
      const registry = await serve((_, response) => {
        response.writeHead(401, challenge === "" ? {} : { "www-authenticate": challenge }).end();
      });
      expect((await failure(clientOf(registry).client.getManifest("app", "1"))).code).toBe("image.unreachable");
    }
  });
});
