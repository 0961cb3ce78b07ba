import { PlimsollError } from "../../core/index.ts";
import { parsePurl, type Purl } from "../../packages/index.ts";

/**
 * A day as files write it: as text, or as YAML has already made a date of it.
 * @throws PlimsollError config.invalid
 */
export function dayOf(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = value instanceof Date ? value.toISOString() : typeof value === "string" ? value : "";
  const day = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(text)?.[0];
  if (day === undefined || Number.isNaN(Date.parse(day))) throw invalid(`${place} must be a day, YYYY-MM-DD`);
  return day;
}

/** @throws PlimsollError config.invalid: a purl that is misread would make the rule hold for everything */
export function parsePurls(texts: readonly string[], place: string): readonly Purl[] {
  return texts.map((text) => {
    const purl = parsePurl(text);
    if (!purl) throw invalid(`${place}: ${text} is no package URL`);
    return purl;
  });
}

export function invalid(
  message: string,
  hint = "package URLs look like pkg:npm/lodash@4.17.20, days like 2027-01-31",
): PlimsollError {
  return new PlimsollError("config.invalid", message, { hint });
}
