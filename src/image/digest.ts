import { createHash } from "node:crypto";
import { type Digest, PlimsollError } from "../core/index.ts";

/** Whether a text is a digest of a kind that is in use (OCI image specification, descriptor, "digests"). */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && (/^sha256:[0-9a-f]{64}$/.test(text) || /^sha512:[0-9a-f]{128}$/.test(text));
}

export function algorithmOf(digest: Digest): "sha256" | "sha512" {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

export function digestOf(bytes: Uint8Array, algorithm: "sha256" | "sha512" = "sha256"): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}` as Digest;
}

/** Throws `image.digest-mismatch` unless the bytes hash to the digest. */
export function verify(bytes: Uint8Array, digest: Digest, what: string): void {
  const found = digestOf(bytes, algorithmOf(digest));
  if (found !== digest) throw mismatch(what, digest, found);
}

export function mismatch(what: string, wanted: Digest, found: string): PlimsollError {
  return new PlimsollError("image.digest-mismatch", `${what} should hash to ${wanted}, and hashes to ${found}`, {
    hint: "it was changed or damaged on its way: pull or save the image again",
  });
}
