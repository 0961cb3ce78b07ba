import type { createColors } from "picocolors";
import { escapeControls } from "../../report/index.ts";

const contextLines = 3;

/** A unified diff of two texts, coloured, as `diff -u` prints it; empty when they are equal. */
export function unifiedDiff(
  path: string,
  before: string,
  after: string,
  colors: ReturnType<typeof createColors>,
): string {
  if (before === after) return "";
  const rows = compareLines(splitLines(before), splitLines(after));
  const lines = [colors.bold(`--- ${before === "" ? "/dev/null" : `a/${path}`}`), colors.bold(`+++ b/${path}`)];
  for (const [from, to] of hunks(rows)) {
    const part = rows.slice(from, to);
    const count = (sign: string): number => part.filter((row) => row.sign !== sign).length;
    const start = (sign: string): number =>
      rows.slice(0, from).filter((row) => row.sign !== sign).length + (count(sign) > 0 ? 1 : 0);
    lines.push(colors.cyan(`@@ -${start("+")},${count("+")} +${start("-")},${count("-")} @@`));
    for (const { sign, line } of part) {
      const shown = `${sign}${escapeControls(line.replace(/\n$/, ""))}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file"}`;
      lines.push(sign === "+" ? colors.green(shown) : sign === "-" ? colors.red(shown) : shown);
    }
  }
  return `${lines.join("\n")}\n`;
}

interface Row {
  readonly sign: " " | "+" | "-";
  readonly line: string;
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The longest common subsequence between what differs at neither end; a middle too large for it is taken whole. */
function compareLines(a: readonly string[], b: readonly string[]): Row[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const keep = (lines: readonly string[]): Row[] => lines.map((line) => ({ sign: " ", line }));
  return [
    ...keep(a.slice(0, head)),
    ...compareMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...keep(a.slice(a.length - tail)),
  ];
}

function compareMiddle(a: readonly string[], b: readonly string[]): Row[] {
  const removed = (lines: readonly string[]): Row[] => lines.map((line) => ({ sign: "-", line }));
  const added = (lines: readonly string[]): Row[] => lines.map((line) => ({ sign: "+", line }));
  if (a.length * b.length > 4_000_000) return [...removed(a), ...added(b)];
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i];
      if (row)
        row[j] = a[i] === b[j] ? (table[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(table[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  const rows: Row[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      rows.push({ sign: " ", line: a[i] ?? "" });
      i++;
      j++;
    } else if ((table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0)) rows.push({ sign: "-", line: a[i++] ?? "" });
    else rows.push({ sign: "+", line: b[j++] ?? "" });
  }
  return [...rows, ...removed(a.slice(i)), ...added(b.slice(j))];
}

function hunks(rows: readonly Row[]): [number, number][] {
  const found: [number, number][] = [];
  rows.forEach((row, i) => {
    if (row.sign === " ") return;
    const last = found.at(-1);
    if (last && i - contextLines <= last[1]) last[1] = Math.min(rows.length, i + contextLines + 1);
    else found.push([Math.max(0, i - contextLines), Math.min(rows.length, i + contextLines + 1)]);
  });
  return found;
}
