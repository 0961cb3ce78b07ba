import { codeSpan, escapeMarkdown, formatBytes } from "../escape.ts";
import { placeInImage } from "../place.ts";
import type { Reporter } from "../reporter.ts";

const maximumRows = 100;

export const markdown: Reporter = {
  id: "markdown",
  summary: "a comment for a pull request",
  render: (report) => {
    const { counts, findings, fixes, gaps } = report;
    const total = findings.length;
    const mark = { pass: "passed", fail: "failed", incomplete: "incomplete" }[report.verdict];
    const lines = [`### Plimsoll: ${mark}`, ""];
    const said = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([severity, count]) => `${count} ${severity}`);
    lines.push(total === 0 ? "Nothing found." : `${total} finding${total === 1 ? "" : "s"}: ${said.join(", ")}.`, "");
    if (total > 0) {
      lines.push("| Severity | Where | What | Fix |", "| --- | --- | --- | --- |");
      for (const finding of findings.slice(0, maximumRows)) {
        const where = finding.path === undefined ? placeInImage(finding) : `${finding.path}:${finding.start.line}`;
        const bytes = finding.bytes
          ? ` (${finding.bytes.basis === "estimated" ? "about " : ""}${formatBytes(finding.bytes.value)})`
          : "";
        const fix = finding.fix ? `${escapeMarkdown(finding.fix.title)} (${finding.fix.safety})` : "";
        lines.push(
          `| ${finding.severity} | ${codeSpan(where)} | ${escapeMarkdown(finding.message)}${bytes} ${codeSpan(finding.rule)} | ${fix} |`,
        );
      }
      if (total > maximumRows) lines.push("", `… and ${total - maximumRows} more.`);
      lines.push("");
    }
    if (fixes.safe + fixes.likely > 0)
      lines.push(
        `\`plimsoll fix --write\` applies ${fixes.safe} safe fix${fixes.safe === 1 ? "" : "es"}; \`--likely\` applies ${fixes.likely} more.`,
        "",
      );
    for (const gap of gaps) lines.push(`- not examined: ${codeSpan(gap.subject)}: ${escapeMarkdown(gap.reason)}`);
    return `${lines.join("\n").trimEnd()}\n`;
  },
};
