import { createColors } from "picocolors";
import type { Severity } from "../../core/index.ts";
import { escapeLine } from "../escape.ts";
import { causesOf, type ScanCause } from "../scan-causes.ts";
import type { ScanDocument, ScannedMatch } from "../scan-document.ts";
import { marks } from "../scan-marks.ts";
import type { ScanReporter } from "../scan-reporter.ts";

type Colors = ReturnType<typeof createColors>;
type Level = Severity | "unknown";

/** What is known against an image, for people: grouped by what brought it in, the worst first, and what to do. */
export const text: ScanReporter = {
  id: "text",
  summary: "for people, by what brought it in",
  render(document, options) {
    const colors = createColors(options.color);
    const blocks = options.quiet ? [] : [header(document, colors)];
    for (const cause of causesOf(document)) blocks.push(table(cause, options.width, colors));
    if (options.showSuppressed && document.suppressed.length > 0) blocks.push(suppressed(document, colors));
    blocks.push(tail(document, colors));
    return `${blocks.join("\n\n")}\n`;
  },
};

function header({ target, release, store, packages }: ScanDocument, colors: Colors): string {
  const facts = [target.platform, target.digest?.slice(0, 19)].filter((fact) => fact !== undefined);
  const lines = [
    `${colors.bold(escapeLine(target.reference))}  ${colors.dim(facts.map(escapeLine).join("  "))}`.trimEnd(),
    `${release ? `${escapeLine(release.name)}, ` : ""}${packages.length} packages; ${knowledge(store)}`,
  ];
  if (release?.pastEnd)
    lines.push(
      colors.red(`no security updates since ${escapeLine(release.endOfLife ?? "its end")}: choose a supported release`),
    );
  if (store.ageDays > 7)
    lines.push(colors.yellow(`the advisories are ${store.ageDays} days old: plimsoll db update fetches newer ones`));
  return lines.join("\n");
}

const paints: Readonly<Record<Level, (colors: Colors) => (text: string) => string>> = {
  critical: (colors) => (said) => colors.bold(colors.red(said)),
  high: (colors) => colors.red,
  medium: (colors) => colors.yellow,
  low: (colors) => colors.cyan,
  info: (colors) => colors.dim,
  unknown: (colors) => colors.dim,
};

interface Column {
  readonly name: string;
  /** What it may be cut down to where the terminal is narrow; without it the column is never cut. */
  readonly least?: number;
  readonly most: number;
  cell(packages: string, match: ScannedMatch): string;
}

const columns: readonly Column[] = [
  { name: "package", least: 12, most: 36, cell: (packages) => packages },
  { name: "vulnerability", most: 22, cell: (_, { id }) => id },
  { name: "severity", most: 8, cell: (_, { level }) => level },
  { name: "state", most: 19, cell: (_, { state }) => state.replaceAll("-", " ") },
  { name: "installed", least: 9, most: 26, cell: (_, { version }) => version },
  { name: "fixed in", least: 8, most: 26, cell: (_, { fixedIn }) => fixedIn ?? "" },
  { name: "", most: 18, cell: (_, match) => marks(match) },
];

function table({ title, rows }: ScanCause, width: number, colors: Colors): string {
  const cells = rows.map(({ packages, match }) => columns.map((column) => escapeLine(column.cell(packages, match))));
  const widths = fitted(
    columns.map(({ name, most }, index) =>
      Math.min(
        most,
        cells.reduce((longest, row) => Math.max(longest, row[index]?.length ?? 0), name.length),
      ),
    ),
    width,
  );
  const line = (row: readonly string[]): string[] =>
    row.map((cell, index) => cut(cell, widths[index] ?? 0).padEnd(widths[index] ?? 0));
  const said = rows.map(({ match }, index) => {
    const paint = paints[match.level](colors);
    const shown = line(cells[index] ?? []).map((cell, at) => (at === 2 ? paint(cell) : cell));
    if (match.exploited) shown.push(colors.bold(colors.red(shown.pop() ?? "")));
    return `  ${shown.join("  ")}`.trimEnd();
  });
  const count = `${rows.length} vulnerabilit${rows.length === 1 ? "y" : "ies"}`;
  return [
    `${colors.bold(cut(escapeLine(title.replace(/\s+/g, " ")), Math.max(20, width - count.length - 2)))}  ${colors.dim(count)}`,
    colors.dim(`  ${line(columns.map(({ name }) => name)).join("  ")}`.trimEnd()),
    ...said,
  ].join("\n");
}

/** Takes from the widest of the columns that may be cut, one by one, until the row fits. */
function fitted(widths: readonly number[], width: number): readonly number[] {
  const left = [...widths];
  let over = left.reduce((sum, one) => sum + one + 2, 0) - width;
  while (over > 0) {
    let widest = -1;
    for (const [index, { least }] of columns.entries())
      if (least !== undefined && (left[index] ?? 0) > least && (widest < 0 || (left[index] ?? 0) > (left[widest] ?? 0)))
        widest = index;
    if (widest < 0) break;
    left[widest] = (left[widest] ?? 0) - 1;
    over--;
  }
  return left;
}

function suppressed({ suppressed: matches }: ScanDocument, colors: Colors): string {
  return [
    `${colors.bold("Not counted")}  ${colors.dim(String(matches.length))}`,
    ...matches.map(({ name, version, id, suppression }) => {
      const why = suppression.why === undefined ? "" : `: ${suppression.why}`;
      const said = escapeLine(`${suppression.reason.replaceAll("-", " ")}, says ${suppression.by}${why}`);
      return `  ${escapeLine(name)} ${escapeLine(version)}  ${escapeLine(id)}  ${colors.dim(said)}`;
    }),
  ].join("\n");
}

function tail(
  { counts, matches, suppressed: held, gaps, verdict, unusedIgnores }: ScanDocument,
  colors: Colors,
): string {
  const lines: string[] = [];
  for (const { subject, reason } of gaps)
    lines.push(`${colors.yellow("not examined")} ${escapeLine(subject)}: ${escapeLine(reason)}`);
  for (const one of unusedIgnores) lines.push(`${colors.yellow("ignores nothing")} ${escapeLine(one)}`);
  const said = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => paints[level as Level](colors)(`${count} ${level}`));
  const fixable = matches.filter(({ fixedIn }) => fixedIn !== undefined).length;
  const attacked = new Set(matches.filter(({ exploited }) => exploited).map(({ id }) => id)).size;
  const word = verdict === "pass" ? colors.green : verdict === "fail" ? colors.red : colors.yellow;
  const found = `${said.join(", ")}; ${fixable} with a fix${attacked > 0 ? colors.red(`; ${attacked} known to be exploited`) : ""}`;
  const silent = held.length > 0 ? colors.dim(`; ${held.length} not counted (--show-suppressed)`) : "";
  lines.push(`${word(verdict)}: ${matches.length === 0 ? "nothing known against it" : found}${silent}`);
  return lines.join("\n");
}

function cut(shown: string, room: number): string {
  return shown.length > room ? `${shown.slice(0, Math.max(1, room - 1))}…` : shown;
}

function knowledge({ kind, asOf, revision }: ScanDocument["store"]): string {
  if (kind === "scanner") return `as ${escapeLine(revision)} says${asOf === "" ? "" : `, as of ${asOf}`}`;
  return `advisories as of ${asOf}${kind === "starter" ? ", from the starter store" : ""}`;
}
