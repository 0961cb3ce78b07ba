import { type Digest, PlimsollError } from "../../core/index.ts";
import type { HttpAnswer } from "../../host/index.ts";
import { digestOf, isDigest, verify } from "../digest.ts";
import { parseObject, textsOf } from "../json.ts";
import type { Limits } from "../limits.ts";
import { type BlobRange, readBlob } from "./read-blob.ts";
import { hostOf } from "./reference.ts";
import { Transport, type TransportOptions } from "./transport.ts";

export interface RemoteManifest {
  readonly bytes: Uint8Array;
  /** As the registry says it, without parameters; "" when it does not. */
  readonly mediaType: string;
  readonly digest: Digest;
}

/** Everything a manifest may be; image indexes and lists among them. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const tagPages = 1000;

/**
 * One registry, by the OCI distribution specification. What is found by digest is verified, blobs that are streamed
 * excepted: their readers hash them. Throws `image.not-found`, `image.unreachable`, `image.invalid`,
 * `image.digest-mismatch`, `image.limit`; no error holds a login or a token.
 */
export class RegistryClient {
  readonly #registry: string;
  readonly #transport: Transport;
  readonly #limits: Limits;

  constructor(registry: string, limits: Limits, options: TransportOptions = {}) {
    this.#registry = registry;
    this.#limits = limits;
    this.#transport = new Transport(registry, options);
  }

  /** A manifest or an index by tag or digest ("Pulling manifests"). */
  getManifest(repository: string, reference: string): Promise<RemoteManifest> {
    const what = `${this.#registry}/${repository}${isDigest(reference) ? "@" : ":"}${reference}`;
    return this.#transport.send(
      {
        method: "GET",
        to: `/v2/${repository}/manifests/${reference}`,
        scope: pull(repository),
        headers: { accept: manifestTypes.join(", ") },
      },
      async (answer) => {
        this.#expect(answer, [200], what);
        const bytes = await answer.bytes(this.#limits.documentBytes);
        if (!bytes) throw tooLong(what, this.#limits.documentBytes);
        const digest = digestOf(bytes);
        const said = isDigest(reference) ? reference : answer.header("docker-content-digest");
        if (isDigest(said)) verify(bytes, said, `the manifest of ${what}`);
        const mediaType = (answer.header("content-type") ?? "").split(";")[0] ?? "";
        return { bytes, mediaType: mediaType.trim(), digest: isDigest(said) ? said : digest };
      },
    );
  }

  /** A small blob, whole and verified: a configuration. */
  async getDocument(repository: string, digest: Digest, what: string): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of this.getBlob(repository, digest)) {
      length += part.length;
      if (length > this.#limits.documentBytes) throw tooLong(what, this.#limits.documentBytes);
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    verify(bytes, digest, what);
    return bytes;
  }

  /**
   * A blob's bytes as they arrive ("Pulling blobs"), from `start` and up to before `end` where given; when it breaks off
   * it goes on from there. `size` is what the whole blob should have, and is held to.
   */
  getBlob(
    repository: string,
    digest: Digest,
    range: Pick<BlobRange, "size" | "start" | "end"> = {},
  ): AsyncIterable<Uint8Array> {
    const { size, start, end } = range;
    const blob = { path: `/v2/${repository}/blobs/${digest}`, scope: pull(repository), digest, size, start, end };
    return readBlob(this.#transport, blob, (answer, statuses, what) => {
      this.#expect(answer, statuses, what);
    });
  }

  /** Bytes of a blob; undefined when the registry has none of that digest. */
  headBlob(repository: string, digest: Digest): Promise<number | undefined> {
    return this.#transport.send(
      { method: "HEAD", to: `/v2/${repository}/blobs/${digest}`, scope: pull(repository) },
      (answer) => {
        answer.discard();
        if (answer.status === 404) return Promise.resolve(undefined);
        this.#expect(answer, [200], `blob ${digest}`);
        const length = answer.header("content-length") ?? "";
        return Promise.resolve(/^\d{1,15}$/.test(length) ? Number(length) : undefined);
      },
    );
  }

  /** Uploads a blob in one piece ("Pushing a blob monolithically"), unless it is there. `size` is in bytes. */
  async putBlob(
    repository: string,
    digest: Digest,
    size: number,
    body: () => Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const scope = push(repository);
    const there = await this.#transport.send(
      { method: "HEAD", to: `/v2/${repository}/blobs/${digest}`, scope },
      (answer) => {
        answer.discard();
        return Promise.resolve(answer.status === 200);
      },
    );
    if (there) return;
    const upload = await this.#transport.send(
      { method: "POST", to: `/v2/${repository}/blobs/uploads/`, scope, body: new Uint8Array(0) },
      (answer, url) => {
        this.#expect(answer, [202], `uploading to ${repository}`);
        answer.discard();
        return Promise.resolve(this.#resolve(answer.header("location"), url));
      },
    );
    upload.searchParams.set("digest", digest);
    await this.#transport.send(
      {
        method: "PUT",
        to: upload,
        scope,
        headers: { "content-type": "application/octet-stream", "content-length": String(size) },
        body: body(),
      },
      (answer) => {
        this.#expect(answer, [201], `blob ${digest}`);
        answer.discard();
        return Promise.resolve();
      },
    );
  }

  /** Uploads a manifest under a tag or its digest ("Pushing manifests"). */
  async putManifest(repository: string, reference: string, mediaType: string, bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.#transport.send(
      {
        method: "PUT",
        to: `/v2/${repository}/manifests/${reference}`,
        scope: push(repository),
        headers: { "content-type": mediaType },
        body: bytes,
      },
      (answer) => {
        this.#expect(answer, [201], `the manifest of ${repository}:${reference}`);
        answer.discard();
        const said = answer.header("docker-content-digest");
        if (isDigest(said) && said.startsWith("sha256:")) verify(bytes, said, "the manifest the registry now has");
        return Promise.resolve();
      },
    );
    return digest;
  }

  /** The tags of a repository, all pages of them ("Listing tags"), sorted by code unit. */
  async tags(repository: string): Promise<readonly string[]> {
    const found = new Set<string>();
    let next: URL | string | undefined = `/v2/${repository}/tags/list?n=1000`;
    const pages = new Set<string>();
    while (next !== undefined) {
      const before = pages.size;
      pages.add(String(next));
      if (pages.size === before) throw invalid(`${this.#registry} lists the tags of ${repository} in a circle`);
      if (pages.size > tagPages) throw tooLong(`the list of tags of ${repository}`, tagPages, "pages");
      next = await this.#transport.send(
        { method: "GET", to: next, scope: pull(repository) },
        async (answer, url): Promise<URL | undefined> => {
          this.#expect(answer, [200], `${this.#registry}/${repository}`);
          const bytes = await answer.bytes(this.#limits.documentBytes);
          if (!bytes) throw tooLong(`a list of tags of ${repository}`, this.#limits.documentBytes);
          for (const tag of textsOf(parseObject(bytes, "a list of tags")["tags"])) found.add(tag);
          const link = /^\s*<([^<>]{1,2000})>\s*;\s*rel="?next"?/.exec(answer.header("link") ?? "")?.[1];
          return link === undefined ? undefined : this.#resolve(link, url);
        },
      );
    }
    return [...found].sort();
  }

  close(): void {
    this.#transport.close();
  }

  #expect(answer: HttpAnswer, statuses: readonly number[], what: string): void {
    if (statuses.includes(answer.status)) return;
    answer.discard();
    if (answer.status === 404)
      throw new PlimsollError("image.not-found", `${this.#registry} does not have ${what}`, {
        hint: "look at the name and the tag",
      });
    const why =
      answer.status === 403 || answer.status === 405 ? "does not allow this" : "answers otherwise than it should";
    throw new PlimsollError("image.unreachable", `${this.#registry} ${why} (HTTP ${answer.status}, ${what})`, {
      hint: "look at the name, or at the rights of the login",
    });
  }

  /** An address the registry gave for what comes next: HTTPS, or on its own host. */
  #resolve(location: string | undefined, from: URL): URL {
    try {
      const url = new URL(location ?? "", from);
      if (location && (url.protocol === "https:" || url.host === hostOf(this.#registry))) return url;
    } catch {
      // Said below.
    }
    throw invalid(`${this.#registry} gives an address that cannot be used`);
  }
}

const pull = (repository: string): string => `repository:${repository}:pull`;
const push = (repository: string): string => `repository:${repository}:pull,push`;

function invalid(message: string): PlimsollError {
  return new PlimsollError("image.invalid", message, { hint: "ask whoever runs the registry" });
}

function tooLong(what: string, limit: number, unit = "bytes"): PlimsollError {
  return new PlimsollError("image.limit", `${what} is longer than ${limit} ${unit}`, {
    hint: "this is not what an honest image looks like",
  });
}
