import { createColors } from "picocolors";
import { escapeControls, escapeLine } from "./escape.ts";
import type { ProofDocument } from "./proof.ts";
import { proofRows, verdictMeanings } from "./proof-rows.ts";

/** A proof for people. The diff is theirs to print, who know of colours. */
export function renderProof(
  document: ProofDocument,
  options: { readonly color: boolean; readonly quiet: boolean },
): string {
  const colors = createColors(options.color);
  const { verdict, because, hint, conditions, checks, kept, rejected, gaps } = document;
  const paint = { proved: colors.green, built: colors.yellow, static: colors.yellow, rejected: colors.red }[verdict];
  const lines = [
    `${colors.bold(escapeLine(document.target))}: ${paint(colors.bold(verdict))}, ${verdictMeanings[verdict]}`,
  ];
  if (because !== undefined) lines.push(`  because: ${escapeLine(because)}`);
  if (hint !== undefined) lines.push(`${colors.cyan("hint:")} ${escapeLine(hint)}`);
  if (!options.quiet) lines.push(colors.dim(conditionsOf(conditions)));
  const rows = proofRows(document);
  if (rows.length > 0)
    lines.push(
      "",
      ...table(
        rows.map(({ name, before, after, change, better }) => {
          const shown = change === "" ? colors.dim("the same") : better ? colors.green(change) : colors.yellow(change);
          return [name, escapeLine(before), escapeLine(after), shown];
        }),
      ),
    );
  const failed = checks.filter(({ ok }) => !ok);
  if (!options.quiet || failed.length > 0) {
    lines.push("");
    for (const { gate, ok, detail } of options.quiet ? failed : checks)
      lines.push(`  ${ok ? colors.green("holds") : colors.red("fails")} ${gate}: ${indented(detail)}`);
  }
  if (kept.length > 0 && !options.quiet)
    lines.push("", colors.bold("Kept"), ...kept.map(({ title, rule }) => `  ${escapeLine(title)} ${colors.dim(rule)}`));
  if (rejected.length > 0) {
    lines.push("", colors.bold("Rejected"));
    for (const { title, rule, reason } of rejected)
      lines.push(`  ${escapeLine(title)} ${colors.dim(rule)}`, `    ${indented(reason)}`);
  }
  for (const gap of gaps) lines.push(`not examined ${escapeLine(gap.subject)}: ${escapeLine(gap.reason)}`);
  return `${lines.join("\n")}\n`;
}

function conditionsOf({
  builder,
  network,
  platform,
  buildArguments,
  smoke,
  trials,
}: ProofDocument["conditions"]): string {
  return [
    ...(builder === undefined ? [] : [`built by ${builder}`]),
    `for ${platform}`,
    `network ${network}`,
    ...(buildArguments.length > 0 ? [`build arguments ${buildArguments.map(escapeLine).join(", ")}`] : []),
    ...(smoke === undefined ? [] : [`smoke test: ${smoke}`]),
    `${trials} set${trials === 1 ? "" : "s"} of actions tried`,
  ].join(", ");
}

function indented(text: string): string {
  return escapeControls(text.trim()).replaceAll("\n", "\n      ");
}

/** Columns as wide as what is in them; the last may hold colours and is not padded. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    ([name = "", before = "", after = "", change = ""]) =>
      `  ${name.padEnd(widths[0] ?? 0)}  ${before.padStart(widths[1] ?? 0)} → ${after.padStart(widths[2] ?? 0)}  ${change}`,
  );
}
