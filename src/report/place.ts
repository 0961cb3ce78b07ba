import type { ReportedFinding } from "./report.ts";

/** "app:1.2 usr/share/doc": where a finding is that no text shows; the Dockerfile's line is its `path` and `start`. */
export function placeInImage({ at }: ReportedFinding): string {
  if (at.kind === "source") return at.path;
  if (at.kind === "container") return `${at.container} ${at.setting}`;
  return at.file === undefined ? at.image : `${at.image} /${at.file}`;
}

/** The text to annotate, else the place in the image. */
export function annotatedPath(finding: ReportedFinding): string {
  return finding.path ?? (finding.at.kind === "image" ? (finding.at.file ?? finding.at.image) : "");
}
