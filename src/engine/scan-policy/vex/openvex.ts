import { parsePurl, type Purl } from "../../../packages/index.ts";
import { type Json, listOf, objectOf, objectsOf, textOf, textsOf } from "../../json-value.ts";
import type { VexProduct, VexStatement, VexStatus } from "./statement.ts";

const statuses: ReadonlySet<string> = new Set<VexStatus>(["not_affected", "affected", "fixed", "under_investigation"]);

/** Reads an OpenVEX document (openvex.dev specification 0.2.0, and 0.0.1, where products and vulnerabilities are bare texts). */
export function* readOpenVex(document: Json, by: string): Generator<VexStatement> {
  const dated = textOf(document["timestamp"]) ?? "";
  for (const statement of objectsOf(document["statements"])) {
    const status = textOf(statement["status"]) ?? "";
    const ids = idsOf(statement["vulnerability"]);
    if (!statuses.has(status) || ids.length === 0) continue;
    const justification = textOf(statement["justification"]);
    const why = [statement["justification"], statement["impact_statement"] ?? statement["status_notes"]]
      .flatMap((one) => textOf(one) ?? [])
      .join(": ");
    yield {
      by,
      ids,
      status: status as VexStatus,
      products: listOf(statement["products"]).flatMap(productsOf),
      at: textOf(statement["timestamp"]) ?? dated,
      ...(justification === undefined ? {} : { justification }),
      ...(why === "" ? {} : { why }),
    };
  }
}

function idsOf(vulnerability: unknown): readonly string[] {
  if (typeof vulnerability === "string") return [vulnerability.toUpperCase()];
  const { name, aliases, "@id": address } = objectOf(vulnerability);
  const last = textOf(address)?.split("/").at(-1);
  const ids = [textOf(name) ?? last, ...textsOf(aliases)];
  return ids.flatMap((id) => id?.toUpperCase() ?? []);
}

function productsOf(value: unknown): readonly VexProduct[] {
  const parts = objectsOf(objectOf(value)["subcomponents"]).flatMap(purlsOf);
  const asked = listOf(objectOf(value)["subcomponents"]).length;
  // Subcomponents that cannot be read must not make the statement hold for all there is.
  if (asked > 0 && parts.length === 0) return [];
  return purlsOf(value).map((purl) => ({ purl, parts }));
}

/** A product or subcomponent names itself by its id, by identifiers, or both. */
function purlsOf(value: unknown): readonly Purl[] {
  if (typeof value === "string") return parsed(value);
  const { "@id": id, identifiers } = objectOf(value);
  return [...parsed(textOf(objectOf(identifiers)["purl"])), ...parsed(textOf(id))];
}

function parsed(text: string | undefined): readonly Purl[] {
  const purl = text === undefined ? undefined : parsePurl(text);
  return purl ? [purl] : [];
}
