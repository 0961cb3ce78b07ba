import { codeSpan, escapeMarkdown } from "../escape.ts";
import { causesOf, type ScanRow } from "../scan-causes.ts";
import { sourceOfId } from "../scan-links.ts";
import { marks } from "../scan-marks.ts";
import type { ScanReporter } from "../scan-reporter.ts";

/** A comment holds 65,536 characters. */
const maximumRows = 100;
const maximumCharacters = 50_000;
const longestCell = 200;

export const markdown: ScanReporter = {
  id: "markdown",
  summary: "a comment for a pull request",
  render(document) {
    const { counts, matches, gaps, suppressed, release, target, verdict, packages, store } = document;
    const word = { pass: "passed", fail: "failed", incomplete: "incomplete" }[verdict];
    const said = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([level, count]) => `${count} ${level}`);
    const lines = [
      `### Plimsoll scan: ${word}`,
      "",
      `${codeSpan(short(target.reference))}${release ? `, ${escapeMarkdown(short(release.name))}` : ""}, ${packages.length} packages; advisories as of ${escapeMarkdown(store.asOf)}.`,
      "",
      matches.length === 0 ? "Nothing is known against it." : `${matches.length} found: ${said.join(", ")}.`,
      "",
    ];
    if (release?.pastEnd)
      lines.push(`No security updates since ${escapeMarkdown(release.endOfLife ?? "its end")}.`, "");
    let room = maximumRows;
    let characters = 0;
    let left = 0;
    for (const { title, rows } of causesOf(document)) {
      const table: string[] = [];
      for (const row of rows) {
        const line = tableRow(row);
        if (room <= 0 || characters + line.length > maximumCharacters) {
          left++;
          continue;
        }
        room--;
        characters += line.length;
        table.push(line);
      }
      if (table.length > 0)
        lines.push(
          `**${escapeMarkdown(short(title.replace(/\s+/g, " ").trim()))}**`,
          "",
          "| Package | Vulnerability | Severity | Installed | Fixed in | |",
          "| --- | --- | --- | --- | --- | --- |",
          ...table,
          "",
        );
    }
    if (left > 0) lines.push(`… and ${left} more.`, "");
    if (suppressed.length > 0) lines.push(`${suppressed.length} more match and do not count.`, "");
    for (const { subject, reason } of gaps.slice(0, maximumRows))
      lines.push(`- not examined: ${codeSpan(short(subject))}: ${escapeMarkdown(short(reason))}`);
    return `${lines.join("\n").trimEnd()}\n`;
  },
};

function tableRow({ packages, match }: ScanRow): string {
  const { id, level, version, fixedIn, state } = match;
  const { url } = sourceOfId(id);
  const name = url === undefined ? codeSpan(short(id)) : `[${escapeMarkdown(id)}](${url})`;
  const fix = fixedIn === undefined ? state.replaceAll("-", " ") : codeSpan(short(fixedIn));
  return `| ${codeSpan(short(packages))} | ${name} | ${level} | ${codeSpan(short(version))} | ${fix} | ${marks(match)} |`;
}

function short(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}
