import { PlimsollError } from "../../core/index.ts";
import { objectOf, parseJson } from "../json-value.ts";
import type { ForeignReport } from "./foreign-report.ts";
import { isGrypeReport, readGrypeReport } from "./grype-report.ts";
import { isTrivyReport, readTrivyReport } from "./trivy-report.ts";

/**
 * Reads the JSON report of another scanner, Trivy or Grype.
 * @param today YYYY-MM-DD, against which ends of support are held
 * @throws PlimsollError report.invalid
 */
export function readScannerReport(text: string, name: string, today: string): ForeignReport {
  const document = objectOf(parseJson(text));
  if (isTrivyReport(document)) return readTrivyReport(document, today);
  if (isGrypeReport(document)) return readGrypeReport(document, today);
  throw new PlimsollError("report.invalid", `${name} is no report of Trivy's or Grype's`, {
    hint: "make one: trivy image --format json --output report.json IMAGE, or grype -o json --file report.json IMAGE",
  });
}
