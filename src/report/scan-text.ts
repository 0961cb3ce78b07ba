import { createColors } from "picocolors";
import type { Severity } from "../core/index.ts";
import { escapeLine } from "./escape.ts";
import type { ScanDocument, ScannedMatch } from "./scan-document.ts";

type Colors = ReturnType<typeof createColors>;
type Level = Severity | "unknown";

export interface ScanTextOptions {
  readonly color: boolean;
  readonly width: number;
  readonly quiet: boolean;
  /** Also what matches and does not count, and why. */
  readonly showSuppressed: boolean;
}

/** What is known against an image, for people: grouped by what brought it in, the worst first, and what to do. */
export function renderScan(document: ScanDocument, options: ScanTextOptions): string {
  const colors = createColors(options.color);
  const blocks = options.quiet ? [] : [header(document, colors)];
  for (const group of groups(document)) blocks.push(table(group, options.width, colors));
  if (options.showSuppressed && document.suppressed.length > 0) blocks.push(suppressed(document, colors));
  blocks.push(tail(document, colors));
  return `${blocks.join("\n\n")}\n`;
}

function header({ target, release, store, packages }: ScanDocument, colors: Colors): string {
  const lines = [
    `${colors.bold(escapeLine(target.reference))}  ${colors.dim([target.platform, target.digest?.slice(0, 19)].filter(Boolean).join("  "))}`,
    `${release ? `${escapeLine(release.name)}, ` : ""}${packages.length} packages; advisories as of ${store.asOf}${store.kind === "starter" ? ", from the starter store" : ""}`,
  ];
  if (release?.pastEnd)
    lines.push(colors.red(`no security updates since ${release.endOfLife ?? "its end"}: choose a supported release`));
  if (store.ageDays > 7)
    lines.push(colors.yellow(`the advisories are ${store.ageDays} days old: plimsoll db update fetches newer ones`));
  return lines.join("\n");
}

interface Group {
  readonly title: string;
  readonly matches: ScannedMatch[];
}

/** By root cause: the base, a line of the Dockerfile, a lock file, a layer nobody knows more of. */
function groups({ matches, packages }: ScanDocument): readonly Group[] {
  const found = new Map<string, Group>();
  const files = new Map(packages.map(({ purl, files: evidence }) => [purl, evidence[0]]));
  for (const match of matches) {
    const title = causeOf(match, files.get(match.purl));
    const group = found.get(title);
    if (group) group.matches.push(match);
    else found.set(title, { title, matches: [match] });
  }
  return [...found.values()];
}

function causeOf({ origin, layerIndex }: ScannedMatch, file: string | undefined): string {
  if (origin?.kind === "base") return `Base image${origin.reference === undefined ? "" : ` ${origin.reference}`}`;
  if (origin?.kind === "instruction") {
    const path = origin.at.kind === "source" ? origin.at.path : "";
    return `${path}:${origin.line}  ${origin.text}`;
  }
  if (layerIndex === undefined) return file ?? "packages";
  return `Layer ${layerIndex + 1}${origin?.createdBy === undefined ? "" : `  ${origin.createdBy}`}`;
}

const paints: Readonly<Record<Level, (colors: Colors) => (text: string) => string>> = {
  critical: (colors) => (text) => colors.bold(colors.red(text)),
  high: (colors) => colors.red,
  medium: (colors) => colors.yellow,
  low: (colors) => colors.cyan,
  info: (colors) => colors.dim,
  unknown: (colors) => colors.dim,
};

function table({ title, matches }: Group, width: number, colors: Colors): string {
  const rows = matches.map((match) => [
    match.name,
    match.id,
    match.level,
    match.state === "fixed" ? "fixed" : match.state.replaceAll("-", " "),
    match.version,
    match.fixedIn ?? "",
    marks(match),
  ]);
  const head = ["package", "vulnerability", "severity", "state", "installed", "fixed in", ""];
  const limits = [28, 22, 8, 12, 24, 24, 20];
  const widths = head.map((name, column) =>
    Math.min(limits[column] ?? 20, Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length))),
  );
  const line = (cells: readonly string[]): string[] =>
    cells.map((cell, column) => cut(escapeLine(cell), widths[column] ?? 20).padEnd(widths[column] ?? 0));
  const said = matches.map((match, index) => {
    const cells = line(rows[index] ?? []);
    const paint = paints[match.level](colors);
    return `  ${cells.map((cell, column) => (column === 2 ? paint(cell) : cell)).join("  ")}`.trimEnd();
  });
  const count = `${matches.length} vulnerabilit${matches.length === 1 ? "y" : "ies"}`;
  return [
    `${colors.bold(cut(escapeLine(title.replace(/\s+/g, " ")), width - 24))}  ${colors.dim(count)}`,
    colors.dim(`  ${line(head).join("  ")}`.trimEnd()),
    ...said,
  ].join("\n");
}

/** Known to be used in attacks, and how likely it is to be. */
function marks({ exploited, epss }: ScannedMatch): string {
  return [exploited ? "KEV" : "", epss ? `EPSS ${(epss.probability * 100).toFixed(1)} %` : ""]
    .filter(Boolean)
    .join(" ");
}

function suppressed({ suppressed: matches }: ScanDocument, colors: Colors): string {
  return [
    `${colors.bold("Not counted")}  ${colors.dim(String(matches.length))}`,
    ...matches.map(
      ({ name, version, id, suppression }) =>
        `  ${escapeLine(name)} ${escapeLine(version)}  ${id}  ${colors.dim(`${suppression.reason}, says ${escapeLine(suppression.by)}${suppression.why === undefined ? "" : `: ${escapeLine(suppression.why)}`}`)}`,
    ),
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
  const word = verdict === "pass" ? colors.green : verdict === "fail" ? colors.red : colors.yellow;
  lines.push(
    `${word(verdict)}: ${matches.length === 0 ? "nothing known against it" : `${said.join(", ")}; ${fixable} with a fix`}${held.length > 0 ? colors.dim(`; ${held.length} not counted (--show-suppressed)`) : ""}`,
  );
  return lines.join("\n");
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;
}
