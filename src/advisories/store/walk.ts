import type { RandomAccess } from "../../core/index.ts";
import type { Advisory } from "../advisory.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";
import { readAdvisory } from "./advisory-code.ts";
import { readFacts } from "./facts-code.ts";
import { itemsIn, listIn, parseValue } from "./json-value.ts";
import { splitPackageKey } from "./keys.ts";
import { headerBytes, pageBytes, readHeader, slotsInPage } from "./layout.ts";
import { readRecord } from "./read-record.ts";

/** Everything that a store holds, in the order of its index. */
export type StoreItem =
  | { readonly kind: "package"; readonly ecosystem: string; readonly advisories: readonly Advisory[] }
  | { readonly kind: "facts"; readonly id: string; readonly facts: VulnerabilityFacts };

/**
 * Walks through a whole store, to take over parts of it into another.
 * @throws PlimsollError store.damaged
 */
export function* storeItems(file: RandomAccess): Generator<StoreItem> {
  const header = readHeader(file.read(0, headerBytes), file.size);
  for (let page = 0; page < header.pageCount; page++) {
    for (const slot of slotsInPage(file.read(header.pagesAt + page * pageBytes, pageBytes))) {
      const { key, value } = readRecord(file, header, slot);
      if (key.startsWith("#"))
        yield { kind: "facts", id: key.slice(1), facts: readFacts(listIn(parseValue(value))[0]) };
      const about = splitPackageKey(key);
      if (!about) continue;
      const advisories = itemsIn(parseValue(value), (item) => readAdvisory(item, about.ecosystem, about.name).toJSON());
      yield { kind: "package", ecosystem: about.ecosystem, advisories };
    }
  }
}
