import { createColors } from "picocolors";
import { LineIndex, type Severity } from "../../core/index.ts";
import { escapeControls, escapeLine, formatBytes } from "../escape.ts";
import { placeInImage } from "../place.ts";
import type { Report, ReportedFinding } from "../report.ts";
import type { RenderOptions, Reporter } from "../reporter.ts";

type Colors = ReturnType<typeof createColors>;

/** Made to be read: the line, the mark under the words, the reason, the fix, the bytes, and at the end what to type next. */
export const text: Reporter = {
  id: "text",
  summary: "for people",
  render: (report, options) => {
    const colors = createColors(options.color);
    const indexes = new Map([...options.texts].map(([path, source]) => [path, new LineIndex(source)]));
    const blocks = report.findings.map((finding) => renderFinding(finding, indexes, options, colors));
    const tail = options.quiet ? "" : renderTail(report, colors);
    return blocks.join("\n") + (blocks.length > 0 && tail !== "" ? "\n" : "") + tail;
  },
};

function paint(severity: Severity, colors: Colors): (text: string) => string {
  if (severity === "critical" || severity === "high") return (said) => colors.bold(colors.red(said));
  return severity === "medium" ? colors.yellow : severity === "low" ? colors.cyan : colors.dim;
}

function renderFinding(
  finding: ReportedFinding,
  indexes: ReadonlyMap<string, LineIndex>,
  options: RenderOptions,
  colors: Colors,
): string {
  const { start, at, fix } = finding;
  const path = at.kind === "source" ? at.path : "";
  const place = colors.bold(
    at.kind === "source" ? `${escapeLine(path)}:${start.line}:${start.column}` : escapeLine(placeInImage(finding)),
  );
  const lines = [
    `${place}  ${paint(finding.severity, colors)(finding.severity)}  ${escapeLine(finding.message)}  ${colors.dim(finding.rule)}`,
  ];
  const index = at.kind === "source" ? indexes.get(at.path) : undefined;
  if (index) lines.push(...excerpt(finding, index, options.width, colors));
  if (at.kind !== "source") {
    for (const { at: where, message } of finding.related ?? []) {
      const line = where.kind === "source" ? indexes.get(where.path)?.position(where.range.start).line : undefined;
      const name = where.kind === "source" ? `${escapeLine(where.path)}:${line ?? "?"}  ` : "";
      lines.push(`    ${colors.dim(name)}${escapeLine(message)}`);
    }
  }
  if (finding.assumed !== undefined) lines.push(`    ${colors.dim("assumed")} ${escapeLine(finding.assumed)}`);
  const saves = finding.bytes
    ? `, saves ${finding.bytes.basis === "estimated" ? "about " : ""}${formatBytes(finding.bytes.value)}`
    : "";
  if (fix) {
    const edits =
      fix.edits.length === 1 && fix.edits[0] && fix.edits[0].path === path ? preview(fix.edits[0].text) : "";
    lines.push(
      `    ${colors.green("fix")} ${escapeLine(fix.title)} ${colors.dim(`(${fix.safety}${saves})`)}${edits === "" ? "" : `: ${colors.green(edits)}`}`,
    );
  } else if (saves !== "") lines.push(`    ${colors.dim(saves.slice(2))}`);
  return `${lines.join("\n")}\n`;
}

function preview(inserted: string): string {
  const shown = inserted.trim().replaceAll(/\s*[\\`]?\r?\n\s*/g, " ");
  return shown === "" ? "" : escapeLine(shown.length > 100 ? `${shown.slice(0, 99)}…` : shown);
}

/** The source line with a mark under the words; of several lines the first. */
function excerpt(finding: ReportedFinding, index: LineIndex, width: number, colors: Colors): string[] {
  const { start, end } = finding;
  const whole = index.line(start.line);
  const number = String(start.line);
  const gutter = " ".repeat(number.length);
  const room = Math.max(40, width - number.length - 8);
  const to = end.line === start.line ? end.column - 1 : whole.length;
  const from = Math.min(start.column - 1, whole.length);
  // A long line is shown from a little before the words.
  const shift = whole.length > room && from > room / 2 ? from - 20 : 0;
  const shown = whole.slice(shift, shift + room);
  const lead = show(whole.slice(shift, from));
  const words = show(whole.slice(from, Math.min(to, shift + room)));
  const mark = " ".repeat(columns(lead)) + "^".repeat(Math.max(1, columns(words)));
  const lines = [
    `  ${colors.dim(`${number} |`)} ${shift > 0 ? "…" : ""}${show(shown)}${shift + room < whole.length ? "…" : ""}`,
  ];
  lines.push(`  ${colors.dim(`${gutter} |`)} ${shift > 0 ? " " : ""}${paint(finding.severity, colors)(mark)}`);
  if (end.line > start.line)
    lines.push(
      `  ${colors.dim(`${gutter} | … ${end.line - start.line} more line${end.line - start.line === 1 ? "" : "s"}`)}`,
    );
  return lines;
}

function show(line: string): string {
  return escapeControls(line.replaceAll("\t", "    "));
}

/** Terminal columns: wide characters take two, combining ones none. */
function columns(shown: string): number {
  let count = 0;
  for (const character of shown) {
    const code = character.codePointAt(0) ?? 0;
    if ((code >= 0x300 && code <= 0x36f) || code === 0xfe0f) continue;
    count +=
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xff00 && code <= 0xff60) ||
      code >= 0x1f300
        ? 2
        : 1;
  }
  return count;
}

function renderTail(report: Report, colors: Colors): string {
  const lines: string[] = [];
  for (const { path, context } of report.subjects) {
    if (!context) continue;
    const [heaviest] = context.largest;
    const most =
      heaviest && context.bytes > 1e6
        ? `, most of it ${escapeLine(heaviest.path)} (${formatBytes(heaviest.bytes)})`
        : "";
    const secret =
      context.secrets.length === 0
        ? ""
        : colors.red(`, ${context.secrets.length} secret${context.secrets.length === 1 ? "" : "s"} by name`);
    lines.push(
      colors.dim(
        `context of ${escapeLine(path)}: ${context.complete ? "" : "at least "}${context.files} file${context.files === 1 ? "" : "s"}, ${formatBytes(context.bytes)}${most}`,
      ) + secret,
    );
  }
  for (const { reference, bytes, visible, layers } of report.images)
    lines.push(
      colors.dim(
        `image ${escapeLine(reference)}: ${formatBytes(bytes.unpacked)} in ${layers} layer${layers === 1 ? "" : "s"}, ${formatBytes(bytes.unpacked - visible.unpacked)} of them never seen`,
      ),
    );
  for (const gap of report.gaps)
    lines.push(`${colors.yellow("not examined")} ${escapeLine(gap.subject)}: ${escapeLine(gap.reason)}`);
  if (report.unknownRules.length > 0)
    lines.push(`${colors.yellow("unknown rules in ignores")} ${report.unknownRules.map(escapeLine).join(", ")}`);
  if (report.expiredIgnores.length > 0)
    lines.push(`${colors.yellow("expired ignores")} ${report.expiredIgnores.map(escapeLine).join(", ")}`);
  lines.push(verdict(report, colors));
  return `${lines.join("\n")}\n`;
}

function verdict(report: Report, colors: Colors): string {
  const { counts, fixes } = report;
  const total = report.findings.length;
  const said = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(", ");
  const word =
    report.verdict === "pass"
      ? colors.green("pass")
      : report.verdict === "fail"
        ? colors.red("fail")
        : colors.yellow("incomplete");
  const files = `${report.subjects.length} file${report.subjects.length === 1 ? "" : "s"}`;
  const found = total === 0 ? `nothing found in ${files}` : `${said} in ${files}`;
  const held = report.ignored > 0 ? `, ${report.ignored} ignored` : "";
  const next =
    fixes.safe > 0
      ? "plimsoll fix --write"
      : fixes.likely > 0
        ? "plimsoll fix --likely"
        : total > 0
          ? `plimsoll explain ${report.findings[0]?.rule ?? ""}`
          : "";
  const offer =
    fixes.safe + fixes.likely > 0
      ? `; ${fixes.safe} safe and ${fixes.likely} likely fix${fixes.safe + fixes.likely === 1 ? "" : "es"}${fixes.bytes > 0 ? `, about ${formatBytes(fixes.bytes)}` : ""}`
      : "";
  return `${word}: ${found}${held}${offer}${next === "" ? "" : `. Next: ${colors.bold(next)}`}`;
}
