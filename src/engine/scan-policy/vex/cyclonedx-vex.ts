import { parsePurl, type Purl } from "../../../packages/index.ts";
import { type Json, objectOf, objectsOf, textOf, textsOf } from "../../json-value.ts";
import type { VexStatement, VexStatus } from "./statement.ts";

/** CycloneDX 1.4 and later, `vulnerabilities[].analysis.state`. */
const states: Readonly<Record<string, VexStatus>> = {
  resolved: "fixed",
  resolved_with_pedigree: "fixed",
  exploitable: "affected",
  in_triage: "under_investigation",
  false_positive: "not_affected",
  not_affected: "not_affected",
};
const mostComponents = 500_000;

/** Reads the vulnerabilities of a CycloneDX document; what they affect is named by a bom-ref, a BOM link or a package URL. */
export function* readCycloneDxVex(document: Json, by: string): Generator<VexStatement> {
  const components = purlsByReference(document);
  const dated = textOf(objectOf(document["metadata"])["timestamp"]) ?? "";
  for (const vulnerability of objectsOf(document["vulnerabilities"])) {
    const analysis = objectOf(vulnerability["analysis"]);
    const state = textOf(analysis["state"]) ?? "";
    const status = Object.hasOwn(states, state) ? states[state] : undefined;
    const ids = [
      textOf(vulnerability["id"]),
      ...objectsOf(vulnerability["references"]).map((reference) => textOf(reference["id"])),
    ].flatMap((id) => id?.toUpperCase() ?? []);
    if (!status || ids.length === 0) continue;
    const justification = textOf(analysis["justification"]);
    const why = [justification ?? state, textOf(analysis["detail"])].filter(Boolean).join(": ");
    const products = objectsOf(vulnerability["affects"]).flatMap(({ ref }) => {
      const purl = textOf(ref) === undefined ? undefined : purlOf(textOf(ref) ?? "", components);
      return purl ? [{ purl, parts: [] }] : [];
    });
    const at =
      textOf(analysis["lastUpdated"]) ??
      textOf(vulnerability["updated"]) ??
      textOf(vulnerability["published"]) ??
      dated;
    yield { by, ids, status, why, products, at, ...(justification === undefined ? {} : { justification }) };
  }
}

/** `urn:cdx:serial/version#bom-ref` (CycloneDX "BOM-Link"), a bom-ref of this document, or a package URL as it stands. */
function purlOf(reference: string, components: ReadonlyMap<string, Purl>): Purl | undefined {
  const hash = reference.startsWith("urn:cdx:") ? reference.indexOf("#") : -1;
  const own = hash < 0 ? reference : decoded(reference.slice(hash + 1));
  return components.get(own) ?? parsePurl(own);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function purlsByReference(document: Json): ReadonlyMap<string, Purl> {
  const found = new Map<string, Purl>();
  const queue: Json[] = [objectOf(objectOf(document["metadata"])["component"]), ...objectsOf(document["components"])];
  for (let at = 0; at < Math.min(queue.length, mostComponents); at++) {
    const component = queue[at] ?? {};
    for (const inner of objectsOf(component["components"])) queue.push(inner);
    const [reference, text] = [textOf(component["bom-ref"]), textOf(component["purl"])];
    const purl = text === undefined ? undefined : parsePurl(text);
    if (reference !== undefined && purl) found.set(reference, purl);
  }
  return found;
}

/** Whether a JSON document is one of CycloneDX with something said of vulnerabilities. */
export function isCycloneDx(document: Json): boolean {
  return document["bomFormat"] === "CycloneDX" || textsOf([document["$schema"]]).some((one) => /cyclonedx/i.test(one));
}
