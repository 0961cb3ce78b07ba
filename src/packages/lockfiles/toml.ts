import { parse } from "smol-toml";
import { type Json, listOf, objectOf } from "../documents.ts";

/** A TOML document as an object; an empty one when it is no TOML. */
export function parseToml(text: string): Json {
  try {
    return parse(text, { maxDepth: 64, unsafeKeyBehaviour: "drop" });
  } catch {
    return {};
  }
}

/** The tables of `[[package]]`, as most TOML lock files have them. */
export function packageTables(text: string): readonly Json[] {
  return listOf(parseToml(text)["package"])
    .map(objectOf)
    .filter((one) => one !== undefined);
}
