import { createColors } from "picocolors";
import type { BaseOption } from "../remedy/index.ts";
import type { BaseDocument } from "./base-document.ts";
import { escapeLine, formatBytes } from "./escape.ts";

const kinds: Readonly<Record<BaseOption["kind"], string>> = {
  current: "as it is",
  refresh: "pulled anew",
  patch: "newest patch",
  slim: "slim",
  alpine: "alpine",
  suite: "newer suite",
  line: "next line",
  "line-slim": "next line, slim",
  distroless: "distroless",
};

const headings = ["", "base", "", "crit", "high", "med", "low", "?", "to pull", "supported until"] as const;

/** A base and what could take its place, for people: one row each, and below it what would be different. */
export function renderBases(
  document: BaseDocument,
  options: { readonly color: boolean; readonly quiet: boolean },
): string {
  const colors = createColors(options.color);
  const { place, reference, store } = document;
  const rows = document.options.map((one, index) => cells(one, index));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || (column > 2 && column < 9)
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const lines = [
    `${colors.bold(escapeLine(reference))}${place ? colors.dim(`  ${escapeLine(place.path)}:${place.line}`) : ""}`,
    "",
    colors.dim(line(headings)),
  ];
  for (const [index, one] of document.options.entries()) {
    const row = line(rows[index] ?? []);
    const name = escapeLine(one.reference);
    lines.push(
      one.kind === "current" ? row.replace(name, () => colors.bold(name)) : one.measured ? row : colors.dim(row),
    );
    if (options.quiet) continue;
    for (const note of notes(one, document.day))
      lines.push(colors.dim(`${" ".repeat((widths[0] ?? 0) + 4)}${escapeLine(note)}`));
  }
  lines.push("");
  if (document.recommended !== undefined)
    lines.push(
      `${colors.green("best without a change of libc or version:")} ${colors.bold(escapeLine(document.recommended))}`,
    );
  if (!options.quiet)
    lines.push(
      colors.dim(
        `advisories as of ${store.asOf}${store.kind === "starter" ? " (the starter store: plimsoll db update fetches all)" : ""}${document.tableAsOf === undefined ? "" : `, tags as of ${document.tableAsOf}`}`,
      ),
    );
  for (const { subject, reason } of document.gaps)
    lines.push(`${colors.yellow("not examined:")} ${escapeLine(`${subject}: ${reason}`)}`);
  return `${lines.join("\n")}\n`;
}

function cells(option: BaseOption, index: number): readonly string[] {
  const { measured, supportEnd } = option;
  const start = [measured ? String(index + 1) : "-", escapeLine(option.reference), kinds[option.kind]];
  const end = supportEnd ?? "";
  if (!measured) return [...start, "", "", "", "", "", "", end];
  const { advisories, storedBytes, bytes } = measured;
  return [
    ...start,
    String(advisories.critical),
    String(advisories.high),
    String(advisories.medium),
    String(advisories.low + advisories.info),
    String(advisories.unknown),
    storedBytes === undefined ? `(${formatBytes(bytes)})` : formatBytes(storedBytes),
    end,
  ];
}

function notes({ changes, frozenSince, supportEnd, offline, measured }: BaseOption, day: string): readonly string[] {
  return [
    ...(offline ? [`offline knowledge as of ${offline.asOf}: not measured, ${offline.reason}`] : []),
    ...(frozenSince === undefined ? [] : [`no rebuilds since ${frozenSince}`]),
    ...(supportEnd !== undefined && supportEnd < day
      ? [`no security updates since ${supportEnd}: what came to light later is not counted`]
      : []),
    ...(measured && measured.storedBytes === undefined ? ["size unpacked, as the engine has it"] : []),
    ...changes,
  ];
}
