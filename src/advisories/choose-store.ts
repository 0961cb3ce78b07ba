import { join } from "node:path";
import { PlimsollError } from "../core/index.ts";
import { kindOf } from "../host/index.ts";
import { unpackStarterStore } from "./starter-store.ts";
import { openStore } from "./store/open.ts";
import type { AdvisoryStore } from "./store/store.ts";

export interface StoreChoice {
  /** The store to use; without it the one that was fetched, else the one that ships with Plimsoll. */
  readonly path?: string;
  /** Plimsoll's cache directory. */
  readonly cache: string;
}

export interface ChosenStore {
  readonly store: AdvisoryStore;
  readonly path: string;
  readonly kind: "given" | "fetched" | "starter";
}

/** Where `db update` puts the store unless told otherwise, and where the files it was made from are kept. */
export function storePlaces(cache: string): { readonly store: string; readonly feeds: string } {
  return { store: join(cache, "advisories.store"), feeds: join(cache, "feeds") };
}

/**
 * Opens the store that is meant. A fetched store that is damaged is an error, not passed over: its owner believes it is in use.
 * @throws PlimsollError store.missing, store.damaged
 */
export function chooseStore({ path, cache }: StoreChoice): ChosenStore {
  if (path !== undefined) return { store: openStore(path), path, kind: "given" };
  const fetched = storePlaces(cache).store;
  if (kindOf(fetched) === "file") return { store: openStore(fetched), path: fetched, kind: "fetched" };
  const starter = unpackStarterStore(cache);
  if (starter === undefined)
    throw new PlimsollError("store.missing", "there is no advisory store", { hint: "fetch one: plimsoll db update" });
  return { store: openStore(starter), path: starter, kind: "starter" };
}

/** Whole days from a store's newest knowledge to a day, both YYYY-MM-DD; what happened in them is unknown to it. */
export function storeAge(asOf: string, today: string): number {
  const days = (Date.parse(today) - Date.parse(asOf)) / 86_400_000;
  return Number.isFinite(days) ? Math.max(0, Math.floor(days)) : Number.POSITIVE_INFINITY;
}

/** From this age on, in days, a store's age is warned of. */
export const warnFromDays = 7;

/** @throws PlimsollError store.outdated when a store is older than `most` days */
export function requireAge(asOf: string, today: string, most: number): void {
  const age = storeAge(asOf, today);
  if (age > most)
    throw new PlimsollError("store.outdated", `the advisory store is ${age} days old, and ${most} are allowed`, {
      hint: "plimsoll db update",
    });
}
