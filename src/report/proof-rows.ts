import { formatBytes, severities } from "../core/index.ts";
import type { ProofDocument, ProvedSide } from "./proof.ts";

/** One line of the table before and after; `change` is empty where nothing changed or cannot be told in numbers. */
export interface ProofRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly change: string;
  readonly better?: boolean;
}

/** Size, layers, files, packages, advisories by severity, user, secrets. */
export function proofRows({ before, after }: ProofDocument): readonly ProofRow[] {
  if (!before || !after) return [];
  const row = (
    name: string,
    of: (side: ProvedSide) => number | undefined,
    show: (value: number) => string,
  ): ProofRow[] => {
    const [a, b] = [of(before), of(after)];
    if (a === undefined || b === undefined) return [];
    const share = a === 0 ? "" : ` (${b > a ? "+" : ""}${(((b - a) / a) * 100).toFixed(1)} %)`;
    const change = a === b ? "" : `${b > a ? "+" : "-"}${show(Math.abs(b - a))}${share}`;
    return [{ name, before: show(a), after: show(b), change, ...(a === b ? {} : { better: b < a }) }];
  };
  const count = String;
  const advisories = ([...severities, "unknown"] as const).flatMap((level) =>
    (before.advisories?.[level] ?? 0) + (after.advisories?.[level] ?? 0) > 0
      ? row(`advisories, ${level}`, (side) => side.advisories?.[level], count)
      : [],
  );
  const fixable = row(
    "critical and high with a fix",
    (side) => side.fixable && side.fixable.critical + side.fixable.high,
    count,
  );
  const userChanged = before.user !== after.user;
  return [
    ...row("size", (side) => side.bytes, formatBytes),
    ...(before.storedBytes === before.bytes ? [] : row("as stored", (side) => side.storedBytes, formatBytes)),
    ...row("layers", (side) => side.layers, count),
    ...row("files", (side) => side.files, count),
    ...row("packages", (side) => side.packages, count),
    ...advisories,
    ...fixable,
    {
      name: "user",
      before: before.user || "root",
      after: after.user || "root",
      change: userChanged ? "changed" : "",
      ...(userChanged ? { better: after.user !== "" } : {}),
    },
    ...row("secrets", (side) => side.secrets, count),
  ];
}

/** What the verdict means, in a few words. */
export const verdictMeanings: Readonly<Record<ProofDocument["verdict"], string>> = {
  proved: "both were built, every gate holds, and the smoke test passes before and after",
  built: "both were built and every gate holds; no smoke test could tell whether it still works",
  static: "nothing was built: only the texts were looked at",
  rejected: "nothing of it holds",
};
