import type { RandomAccess } from "../../core/index.ts";
import type { Advisory } from "../advisory.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";
import { readAdvisory, readList } from "./advisory-code.ts";
import { readFacts } from "./facts-code.ts";
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
      const reader = readRecord(file, header, slot);
      const key = reader.text();
      if (key.startsWith("#")) yield { kind: "facts", id: key.slice(1), facts: readFacts(reader) };
      const about = splitPackageKey(key);
      if (!about) continue;
      const advisories = readList(reader, () => readAdvisory(reader, about.ecosystem, about.name));
      yield { kind: "package", ecosystem: about.ecosystem, advisories };
    }
  }
}
