import { escapeControls } from "../escape.ts";
import { annotatedPath } from "../place.ts";
import type { Reporter } from "../reporter.ts";

const levels = { critical: "error", high: "error", medium: "warning", low: "notice", info: "notice" } as const;

/** Workflow commands escape these in their message, and two more in their properties (actions/toolkit, command.ts). */
function message(text: string): string {
  return escapeControls(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
function property(text: string): string {
  return message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

export const github: Reporter = {
  id: "github",
  summary: "workflow commands: annotations on GitHub",
  render: (report) =>
    report.findings
      .map((finding) => {
        const { start, end } = finding;
        const path = annotatedPath(finding);
        const sameLine = start.line === end.line;
        const place = `file=${property(path)},line=${start.line},endLine=${end.line}${sameLine ? `,col=${start.column},endColumn=${end.column}` : ""}`;
        return `::${levels[finding.severity]} ${place},title=${property(finding.rule)}::${message(finding.message + (finding.fix ? `\n${finding.fix.title}` : ""))}\n`;
      })
      .join("") +
    report.gaps.map((gap) => `::warning title=not examined::${message(`${gap.subject}: ${gap.reason}`)}\n`).join(""),
};
