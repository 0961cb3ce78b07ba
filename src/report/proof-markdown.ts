import { codeSpan, escapeMarkdown } from "./escape.ts";
import type { ProofDocument } from "./proof.ts";
import { proofRows, verdictMeanings } from "./proof-rows.ts";

const mostRows = 50;

/** A proof for a pull request. */
export function renderProofMarkdown(document: ProofDocument): string {
  const { verdict, because, hint, conditions, checks, kept, rejected, fixed, diff } = document;
  const lines = [`### Plimsoll: ${verdict}`, "", `${codeSpan(document.target)}: ${verdictMeanings[verdict]}.`];
  if (because !== undefined) lines.push("", `Because ${escapeMarkdown(because)}.`);
  if (hint !== undefined) lines.push("", `Next: ${escapeMarkdown(hint)}`);
  const rows = proofRows(document);
  if (rows.length > 0) {
    lines.push("", "| | Before | After | Change |", "| --- | ---: | ---: | ---: |");
    for (const { name, before, after, change } of rows)
      lines.push(
        `| ${escapeMarkdown(name)} | ${escapeMarkdown(before)} | ${escapeMarkdown(after)} | ${escapeMarkdown(change)} |`,
      );
  }
  if (kept.length > 0) {
    lines.push("", "**Kept**", "");
    for (const { title, rule } of kept) lines.push(`- ${escapeMarkdown(title)} (${codeSpan(rule)})`);
  }
  if (rejected.length > 0) {
    lines.push("", "**Rejected**", "");
    for (const { title, rule, reason } of rejected)
      lines.push(`- ${escapeMarkdown(title)} (${codeSpan(rule)}): ${codeSpan(reason)}`);
  }
  if (checks.length > 0) {
    lines.push("", "| Gate | | |", "| --- | --- | --- |");
    for (const { gate, ok, detail } of checks)
      lines.push(`| ${escapeMarkdown(gate)} | ${ok ? "holds" : "**fails**"} | ${escapeMarkdown(detail)} |`);
  }
  if (fixed.length > 0) {
    lines.push("", `${fixed.length} advisories no longer hold:`, "");
    for (const { id, purl, severity } of fixed.slice(0, mostRows))
      lines.push(`- ${escapeMarkdown(id)} (${severity}): ${codeSpan(purl)}`);
    if (fixed.length > mostRows) lines.push(`- and ${fixed.length - mostRows} more`);
  }
  if (diff !== "") lines.push("", "<details><summary>Diff</summary>", "", ...fenced(diff), "", "</details>");
  const { builder, network, platform, smoke } = conditions;
  const said = [
    builder ?? "nothing was built",
    platform,
    `network ${network}`,
    ...(smoke ? [`smoke test ${smoke}`] : []),
  ];
  lines.push("", `Conditions: ${escapeMarkdown(said.join(", "))}.`);
  return `${lines.join("\n")}\n`;
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}diff`, text.trimEnd(), fence];
}
