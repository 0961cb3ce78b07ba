import { damaged } from "./damaged.ts";

/*
 * A record's value is JSON: what parses it is compiled already, where a decoder of our own would be interpreted the one time it
 * runs. Lists stand for objects, and 0 for what is absent.
 */

/** @throws PlimsollError store.damaged */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw damaged("a record is not JSON");
  }
}

export function listIn(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged("a record lacks a list");
  return value as readonly unknown[];
}

export function textIn(value: unknown): string {
  if (typeof value !== "string") throw damaged("a record lacks a text");
  return value;
}

/** A whole number from 0 up. */
export function wholeIn(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw damaged("a record lacks a number");
  return value;
}

/** Most lists are absent; they share this one. */
export const empty: readonly never[] = Object.freeze([]);

/** A list whose items have one form; 0 for an empty one. */
export function itemsIn<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (value === 0 || value === undefined) return empty;
  const list = listIn(value);
  // A list written out has room for just its items, one that grows for many more; most lists hold one or two.
  if (list.length === 1) return [read(list[0])];
  if (list.length === 2) return [read(list[0]), read(list[1])];
  return list.map((item) => read(item));
}

/** A list to be written: without the absent parts at its end. */
export function parts(...values: readonly unknown[]): readonly unknown[] {
  let end = values.length;
  while (end > 0 && isAbsent(values[end - 1])) end--;
  return values.slice(0, end).map((value) => (isAbsent(value) ? 0 : value));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);
}
