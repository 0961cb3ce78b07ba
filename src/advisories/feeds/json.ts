import { invalidFeed } from "./refusal.ts";

/** An object of JSON that a stranger wrote: nothing is known of it but that it is one. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws PlimsollError feed.invalid */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalidFeed(`${name} is not JSON`, error);
  }
}

/** The value as an object; anything else is an empty one. */
export function objectIn(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list, no longer than `most`; anything else is an empty one. */
export function listIn(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? (value.length > most ? value.slice(0, most) : value) : [];
}

/** The value as a text of 1 to `most` characters without control characters. */
export function textIn(value: unknown, most: number): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > most) return undefined;
  return /[\0-\x1f\x7f]/.test(value) ? undefined : value;
}

export function textsIn(value: unknown, count: number, most: number): readonly string[] {
  return listIn(value, count).flatMap((item) => textIn(item, most) ?? []);
}

/** The day of a timestamp, YYYY-MM-DD. */
export function dayIn(value: unknown): string | undefined {
  const day = typeof value === "string" ? /^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(value)?.[0] : undefined;
  return day !== undefined && day >= "1970-01-01" && !Number.isNaN(Date.parse(day)) ? day : undefined;
}
