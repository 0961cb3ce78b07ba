import { PlimsollError, type SourceText } from "../../../core/index.ts";
import { objectOf, parseJson } from "../../json-value.ts";
import { readCsaf } from "./csaf.ts";
import { isCycloneDx, readCycloneDxVex } from "./cyclonedx-vex.ts";
import { readOpenVex } from "./openvex.ts";
import type { VexStatement } from "./statement.ts";

/** More statements than this are not read of one document. */
const mostStatements = 200_000;

/**
 * Reads a VEX document of any of the three kinds: OpenVEX, CycloneDX, CSAF 2.0.
 * @throws PlimsollError config.invalid for what is none of them, or says more than can be held
 */
export function readVex(source: SourceText): readonly VexStatement[] {
  const document = objectOf(parseJson(source.text));
  const read = Array.isArray(document["statements"])
    ? readOpenVex
    : isCycloneDx(document)
      ? readCycloneDxVex
      : typeof document["document"] === "object" && Array.isArray(document["vulnerabilities"])
        ? readCsaf
        : undefined;
  if (!read)
    throw new PlimsollError("config.invalid", `${source.path} is no VEX document`, {
      hint: "--vex takes OpenVEX, CycloneDX or CSAF 2.0, in JSON",
    });
  const statements: VexStatement[] = [];
  for (const statement of read(document, source.path)) {
    if (statements.length >= mostStatements)
      throw new PlimsollError("config.invalid", `${source.path} makes more than ${mostStatements} statements`, {
        hint: "split it, or leave out what is about other products",
      });
    statements.push(statement);
  }
  return statements;
}
