/** A JSON object somebody else wrote: nothing about its shape is taken for granted. */
export type Json = Readonly<Record<string, unknown>>;

/** `undefined` where the text is no JSON, or nested too deeply to be read. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : nothing;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects among a list's members. */
export function objectsOf(value: unknown): readonly Json[] {
  return listOf(value).filter((one): one is Json => typeof one === "object" && one !== null && !Array.isArray(one));
}

/** A text that says something; "" counts as none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts among a list's members. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((one): one is string => typeof one === "string" && one !== "");
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

const nothing: Json = Object.freeze({});
