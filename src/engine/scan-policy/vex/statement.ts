import type { Purl } from "../../../packages/index.ts";
import { purlMatches } from "../purl-matches.ts";

export type VexStatus = "not_affected" | "affected" | "fixed" | "under_investigation";

/** What somebody says of a vulnerability in some products (OpenVEX, CycloneDX VEX and CSAF VEX say it in their own words). */
export interface VexStatement {
  /** The file. */
  readonly by: string;
  /** Every id of the vulnerability, upper case. */
  readonly ids: readonly string[];
  readonly status: VexStatus;
  /** One of the words of its format, "component_not_present". */
  readonly justification?: string;
  /** Justification and explanation, as far as given. */
  readonly why?: string;
  readonly products: readonly VexProduct[];
  /** ISO 8601; "" where the document has none. Of two statements about the same the later holds. */
  readonly at: string;
}

/** An image or a package; with `parts` only those of its packages. */
export interface VexProduct {
  readonly purl: Purl;
  readonly parts: readonly Purl[];
}

/**
 * Whether a product is about a package of an image: it is that package; or it is the image, and the package is among the parts
 * where any are named.
 */
export function isAbout(product: VexProduct, image: (purl: Purl) => boolean, one: Purl): boolean {
  const { purl, parts } = product;
  const partFits = parts.length === 0 || parts.some((part) => purlMatches(part, one));
  if (image(purl)) return partFits;
  return parts.length === 0 && purlMatches(purl, one);
}
