import { parse } from "smol-toml";
import { type Json, listOf, objectOf, textOf } from "../documents.ts";
import type { TellDamaged } from "./lock-file.ts";

/** A TOML document as an object; undefined when it is no TOML. */
export function parseToml(text: string): Json | undefined {
  try {
    return parse(text, { maxDepth: 64, unsafeKeyBehaviour: "drop" });
  } catch {
    return undefined;
  }
}

/** The tables of `[[package]]`, as most TOML lock files have them; one without a name is told to be damaged. */
export function packageTables(text: string, damaged: TellDamaged, member = "package"): readonly Json[] {
  const document = parseToml(text);
  if (!document) damaged("it is no TOML");
  const tables = listOf(document?.[member])
    .map(objectOf)
    .filter((one) => one !== undefined);
  if (tables.some((one) => textOf(one["name"]) === undefined)) damaged("a package in it has no name");
  return tables;
}
