import { createColors } from "picocolors";
import type { FileChange } from "../weight/index.ts";
import type { DifferenceDocument, DifferenceSide } from "./difference.ts";
import { packageLines, vulnerabilityLines } from "./difference-packages-text.ts";
import { escapeLine, formatBytes } from "./escape.ts";

type Colors = ReturnType<typeof createColors>;

const shownFiles = 20;

/** Two images beside each other, for people. */
export function renderDifference(
  document: DifferenceDocument,
  options: { readonly color: boolean; readonly quiet: boolean },
): string {
  const { before, after, sharedLayers, pullDelta, files, config } = document;
  const colors = createColors(options.color);
  const lines = [
    `${colors.dim("before")} ${colors.bold(escapeLine(before.reference))}`,
    `${colors.dim("after ")} ${colors.bold(escapeLine(after.reference))}`,
    "",
    row("unpacked", before, after, ({ unpacked }) => unpacked, formatBytes, colors),
    row("as stored", before, after, ({ stored }) => stored, formatBytes, colors),
    row("visible", before, after, ({ visible }) => visible, formatBytes, colors),
    row("never seen", before, after, ({ dead }) => dead, formatBytes, colors),
    row("layers", before, after, ({ layers }) => layers, String, colors),
    row("files", before, after, (side) => side.files, String, colors),
    `${"".padEnd(12)}${sharedLayers} layer${sharedLayers === 1 ? "" : "s"} shared; a host with the first pulls ${formatBytes(pullDelta)}`,
  ];
  if (config.length > 0) {
    lines.push("", colors.bold("Configuration"));
    for (const { name, before: old, after: now } of config)
      lines.push(
        `  ${escapeLine(name)}: ${old === undefined ? colors.dim("not set") : escapeLine(old)} → ${now === undefined ? colors.dim("not set") : escapeLine(now)}`,
      );
  }
  lines.push(...packageLines(document, colors, options.quiet), ...vulnerabilityLines(document, colors));
  if (files.length > 0 && !options.quiet) lines.push("", ...fileLines(files, colors));
  if (files.length === 0 && config.length === 0) lines.push("", colors.green("a container cannot tell them apart"));
  return `${lines.join("\n")}\n`;
}

function row(
  name: string,
  before: DifferenceSide,
  after: DifferenceSide,
  of: (side: DifferenceSide) => number,
  show: (value: number) => string,
  colors: Colors,
): string {
  const [a, b] = [of(before), of(after)];
  const share = a === 0 ? "" : ` (${b > a ? "+" : ""}${(((b - a) / a) * 100).toFixed(1)} %)`;
  const change = a === b ? colors.dim("the same") : (b < a ? colors.green : colors.yellow)(`${show(b)}${share}`);
  return `${name.padEnd(12)}${show(a).padStart(10)} → ${change}`;
}

const marks: Readonly<Record<FileChange["change"], string>> = {
  added: "+",
  removed: "-",
  contents: "~",
  metadata: "m",
  type: "t",
};

function fileLines(files: readonly FileChange[], colors: Colors): readonly string[] {
  const count = (change: FileChange["change"]): number => files.filter((one) => one.change === change).length;
  const weightOf = ({ before, after }: FileChange): number => Math.abs(after - before) || before;
  const heaviest = [...files].sort((a, b) => weightOf(b) - weightOf(a) || (a.path < b.path ? -1 : 1));
  return [
    `${colors.bold("Files")}: ${count("added")} added, ${count("removed")} removed, ${count("contents")} with other contents, ${count("metadata")} with another owner or mode, ${count("type")} of another kind`,
    ...heaviest.slice(0, shownFiles).map(({ path, change, before, after, fields }) => {
      const sizes = change === "added" ? formatBytes(after) : change === "removed" ? formatBytes(before) : "";
      const grown = sizes === "" && before !== after ? `${formatBytes(before)} → ${formatBytes(after)}` : sizes;
      return `  ${marks[change]} ${escapeLine(path)} ${colors.dim([grown, ...(fields ?? [])].filter(Boolean).join(", "))}`;
    }),
    ...(files.length > shownFiles ? [colors.dim(`  and ${files.length - shownFiles} more`)] : []),
  ];
}
