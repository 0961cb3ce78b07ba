import { parsePurl, type Purl } from "../../../packages/index.ts";
import { type Json, objectOf, objectsOf, textOf, textsOf } from "../../json-value.ts";
import type { VexProduct, VexStatement, VexStatus } from "./statement.ts";

/** `vulnerabilities[].product_status` (CSAF 2.0, section 3.2.3.9); what is recommended or only last affected says nothing. */
const statuses: readonly (readonly [key: string, status: VexStatus])[] = [
  ["known_affected", "affected"],
  ["first_affected", "affected"],
  ["under_investigation", "under_investigation"],
  ["fixed", "fixed"],
  ["first_fixed", "fixed"],
  ["known_not_affected", "not_affected"],
];
const mostBranches = 500_000;

/** Reads a CSAF 2.0 document: each of its vulnerabilities, status and reason makes a statement. */
export function* readCsaf(document: Json, by: string): Generator<VexStatement> {
  const products = productsOf(objectOf(document["product_tree"]));
  const tracking = objectOf(objectOf(document["document"])["tracking"]);
  const at = textOf(tracking["current_release_date"]) ?? textOf(tracking["initial_release_date"]) ?? "";
  const groups = groupsOf(objectOf(document["product_tree"]));
  for (const vulnerability of objectsOf(document["vulnerabilities"])) {
    const ids = [
      textOf(vulnerability["cve"]),
      ...objectsOf(vulnerability["ids"]).map(({ text }) => textOf(text)),
    ].flatMap((id) => id?.toUpperCase() ?? []);
    if (ids.length === 0) continue;
    const reasons = reasonsOf(vulnerability, groups);
    const labels = objectsOf(vulnerability["flags"]).flatMap(({ label }) => textOf(label) ?? []);
    const said = objectOf(vulnerability["product_status"]);
    for (const [key, status] of statuses) {
      // Products with one reason make one statement.
      const byReason = new Map<string, VexProduct[]>();
      for (const id of textsOf(said[key])) {
        const product = products.get(id);
        if (!product) continue;
        const why = status === "not_affected" ? (reasons.get(id) ?? "") : "";
        const together = byReason.get(why) ?? [];
        together.push(product);
        byReason.set(why, together);
      }
      for (const [why, together] of byReason) {
        const justification = labels.find((label) => why === label || why.startsWith(`${label}: `));
        yield {
          by,
          ids,
          status,
          products: together,
          at,
          ...(justification === undefined ? {} : { justification }),
          ...(why === "" ? {} : { why }),
        };
      }
    }
  }
}

/**
 * Products by their ids. Branches nest; a relationship makes a product of a component in another (section 3.2.2.3), which is
 * told only where that other has a package URL too: elsewhere nobody can say that this image is it.
 */
function productsOf(tree: Json): ReadonlyMap<string, VexProduct> {
  const purls = new Map<string, Purl>();
  const add = (product: Json): void => {
    const id = textOf(product["product_id"]);
    const text = textOf(objectOf(product["product_identification_helper"])["purl"]);
    const purl = text === undefined ? undefined : parsePurl(text);
    if (id !== undefined && purl) purls.set(id, purl);
  };
  for (const product of objectsOf(tree["full_product_names"])) add(product);
  const branches = [...objectsOf(tree["branches"])];
  for (let at = 0; at < Math.min(branches.length, mostBranches); at++) {
    const branch = branches[at] ?? {};
    add(objectOf(branch["product"]));
    for (const inner of objectsOf(branch["branches"])) branches.push(inner);
  }
  const found = new Map([...purls].map(([id, purl]): [string, VexProduct] => [id, { purl, parts: [] }]));
  for (const relationship of objectsOf(tree["relationships"])) {
    const name = objectOf(relationship["full_product_name"]);
    const id = textOf(name["product_id"]);
    const part = purls.get(textOf(relationship["product_reference"]) ?? "");
    const whole = purls.get(textOf(relationship["relates_to_product_reference"]) ?? "");
    if (id !== undefined && part && whole) found.set(id, { purl: whole, parts: [part] });
  }
  return found;
}

/** `product_groups` by id. */
function groupsOf(tree: Json): ReadonlyMap<string, readonly string[]> {
  return new Map(
    objectsOf(tree["product_groups"]).map((group) => [textOf(group["group_id"]) ?? "", textsOf(group["product_ids"])]),
  );
}

/** Why products are not affected: the flag's label, then the words of the threat "impact" (sections 3.2.3.5 and 3.2.3.14). */
function reasonsOf(vulnerability: Json, groups: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const impacts = objectsOf(vulnerability["threats"]).filter(({ category }) => category === "impact");
  for (const [item, key] of [
    ...objectsOf(vulnerability["flags"]).map((flag) => [flag, "label"] as const),
    ...impacts.map((threat) => [threat, "details"] as const),
  ]) {
    const text = textOf(item[key]);
    if (text === undefined) continue;
    const ids = [...textsOf(item["product_ids"]), ...textsOf(item["group_ids"]).flatMap((id) => groups.get(id) ?? [])];
    for (const id of ids) {
      const before = reasons.get(id);
      reasons.set(id, before === undefined ? text : before.length > 4096 ? before : `${before}: ${text}`);
    }
  }
  return reasons;
}
