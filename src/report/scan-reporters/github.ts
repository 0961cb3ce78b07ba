import { escapeControls } from "../escape.ts";
import { causesOf, type ScanCause, type ScanRow } from "../scan-causes.ts";
import { marks } from "../scan-marks.ts";
import type { ScanReporter } from "../scan-reporter.ts";

const levels = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "notice",
  info: "notice",
  unknown: "notice",
} as const;

/** Workflow commands escape these in their message, and two more in their properties (actions/toolkit, command.ts). */
function message(text: string): string {
  return escapeControls(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
function property(text: string): string {
  return message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

export const github: ScanReporter = {
  id: "github",
  summary: "workflow commands: annotations on GitHub",
  render: (document) => {
    const found = causesOf(document).flatMap((cause) => cause.rows.map((row) => annotation(cause, row)));
    const gaps = document.gaps.map(
      ({ subject, reason }) => `::warning title=not examined::${message(`${subject}: ${reason}`)}\n`,
    );
    return [...found, ...gaps].join("");
  },
};

function annotation({ origin, title }: ScanCause, { packages, match }: ScanRow): string {
  const line = origin?.kind === "instruction" && origin.at.kind === "source" ? origin : undefined;
  const place = line?.at.kind === "source" ? `file=${property(line.at.path)},line=${line.line},` : "";
  const remedy = match.fixedIn === undefined ? match.state.replaceAll("-", " ") : `fixed in ${match.fixedIn}`;
  const known = marks(match);
  const said = `${packages} ${match.version}: ${match.id}, ${match.level}, ${remedy}${known === "" ? "" : `, ${known}`}`;
  const summary = match.advisories.find((advisory) => advisory.summary)?.summary;
  const text = [said, ...(summary === undefined ? [] : [summary]), ...(line ? [] : [`from: ${title}`])].join("\n");
  return `::${levels[match.level]} ${place}title=${property(`${match.id} in ${packages}`)}::${message(text)}\n`;
}
