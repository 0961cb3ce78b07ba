import { type Json, objectOf, PlimsollError } from "../core/index.ts";

export { type Json, listOf, objectOf, textOf, textsOf } from "../core/index.ts";

/** Parses a document of an image; throws `image.invalid` unless it is a JSON object. */
export function parseObject(bytes: Uint8Array, what: string): Json {
  return objectOf(parse(bytes, what)) ?? fail(what);
}

/** The same for `manifest.json` of `docker save`, which is a list. */
export function parseList(bytes: Uint8Array, what: string): readonly unknown[] {
  const value = parse(bytes, what);
  return Array.isArray(value) ? value : fail(what);
}

/** The string members of an object. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

function parse(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")) as unknown;
  } catch {
    return fail(what);
  }
}

function fail(what: string): never {
  throw new PlimsollError("image.invalid", `${what} is not the JSON it should be`, {
    hint: "pull or save the image again; the file may be damaged",
  });
}
