import { damaged } from "./damaged.ts";
import type { StoreEcosystem, StoreFeed, StoreInfo } from "./store.ts";

/** A store's description of itself. Its checksum held; that it has the right shape is checked all the same. */
export function readMeta(bytes: Uint8Array, size: number): StoreInfo {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw damaged("its description is not JSON");
  }
  const meta = record(value);
  if (meta["schema"] !== "plimsoll.store/1") throw damaged("its description is of an unknown kind");
  return {
    schema: "plimsoll.store/1",
    revision: text(meta["revision"]),
    asOf: text(meta["asOf"]),
    ecosystems: list(
      meta["ecosystems"],
      (item): StoreEcosystem => ({
        name: text(item["name"]),
        packages: count(item["packages"]),
        advisories: count(item["advisories"]),
        asOf: text(item["asOf"]),
      }),
    ),
    feeds: list(
      meta["feeds"],
      (item): StoreFeed => ({
        id: text(item["id"]),
        file: text(item["file"]),
        publisher: text(item["publisher"]),
        licence: text(item["licence"]),
        sha256: text(item["sha256"]),
        items: count(item["items"]),
      }),
    ),
    packages: count(meta["packages"]),
    advisories: count(meta["advisories"]),
    bytes: size,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw damaged("its description lacks a part");
  return value as Readonly<Record<string, unknown>>;
}

function list<T>(value: unknown, read: (item: Readonly<Record<string, unknown>>) => T): readonly T[] {
  if (!Array.isArray(value)) throw damaged("its description lacks a list");
  return value.map((item) => read(record(item)));
}

function text(value: unknown): string {
  if (typeof value !== "string" || value.length > 1000) throw damaged("its description lacks a text");
  return value;
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw damaged("its description lacks a number");
  return value;
}
