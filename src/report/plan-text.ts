import { createColors } from "picocolors";
import { formatBytes, type Severity, severities } from "../core/index.ts";
import type { Plan, PlannedAction, PlannedPackage } from "../remedy/index.ts";
import { escapeLine } from "./escape.ts";
import type { PlanDocument } from "./plan-document.ts";

type Colors = ReturnType<typeof createColors>;

interface PlanTextOptions {
  readonly color: boolean;
  readonly quiet: boolean;
}

const shownPackages = 20;

/** A plan for people: the actions in the order in which they are worth doing, then why each vulnerable package is there. */
export function renderPlan(plan: PlanDocument, options: PlanTextOptions): string {
  const colors = createColors(options.color);
  const { actions, dockerfiles, image, gaps } = plan;
  const about = [...dockerfiles, ...(image ? [image.reference] : [])].map(escapeLine).join(", ");
  const lines = [`${colors.bold("Plan")} for ${about}`, ""];
  if (actions.length === 0) lines.push(colors.green("nothing to do"));
  const ranks = new Map(actions.map(({ id }, index) => [id, index + 1]));
  for (const [index, action] of actions.entries()) {
    lines.push(`${String(index + 1).padStart(3)}  ${sayAction(action, colors)}`);
    if (options.quiet) continue;
    lines.push(colors.dim(`     ${escapeLine(saySecond(action, ranks))}`));
    for (const note of action.notes) lines.push(colors.dim(`     ${escapeLine(note)}`));
  }
  if (!options.quiet) lines.push(...packageLines(plan.packages, ranks, colors), ...sideLines(plan, colors));
  for (const { subject, reason } of gaps)
    lines.push(`${colors.yellow("not examined:")} ${escapeLine(`${subject}: ${reason}`)}`);
  return `${lines.join("\n")}\n`;
}

/** The first actions of a plan, one line each, for the end of a report; "" where there is nothing to do. */
export function renderNextActions(plan: Plan, options: { readonly color: boolean }, shown = 3): string {
  if (plan.actions.length === 0) return "";
  const colors = createColors(options.color);
  const first = plan.actions.slice(0, shown);
  const more = plan.actions.length - first.length;
  return `${[
    `${colors.bold("Worth doing first")}${more > 0 ? colors.dim(` (plimsoll plan has ${more} more)`) : ""}`,
    ...first.map((action, index) => `  ${index + 1}. ${sayAction(action, colors)}`),
  ].join("\n")}\n`;
}

function sayAction(action: PlannedAction, colors: Colors): string {
  const { title, safety, effect } = action;
  const color = { safe: colors.green, likely: colors.cyan, assisted: colors.yellow }[safety];
  const saved = sayEffect(effect);
  return `${color(safety.padEnd(8))}  ${escapeLine(title)}${saved === "" ? "" : `  ${colors.bold(saved)}`}`;
}

/** "−731 MB (−120 MB to pull), −12 critical, −34 high". */
function sayEffect({ bytes, storedBytes, advisories }: PlannedAction["effect"]): string {
  const about = bytes?.basis === "estimated" ? "about " : "";
  const pull = storedBytes && storedBytes.value !== 0 ? ` (${signed(storedBytes.value)} to pull)` : "";
  const counts = sayCounts(advisories, (count) => `${count > 0 ? "−" : "+"}${Math.abs(count)}`);
  return [...(bytes && bytes.value !== 0 ? [`${about}${signed(bytes.value)}${pull}`] : []), ...counts].join(", ");
}

/** Of bytes that are saved. */
function signed(saved: number): string {
  return `${saved > 0 ? "−" : "+"}${formatBytes(Math.abs(saved))}`;
}

function sayCounts(
  counts: Readonly<Record<Severity | "unknown", number>>,
  say: (count: number) => string = String,
): readonly string[] {
  return [...severities, "unknown" as const].flatMap((level) =>
    counts[level] === 0 ? [] : [`${say(counts[level])} ${level === "unknown" ? "unjudged" : level}`],
  );
}

function saySecond(
  { id, lines, resolves, excludes, edits }: PlannedAction,
  ranks: ReadonlyMap<string, number>,
): string {
  const others = excludes.flatMap((one) => ranks.get(one) ?? []).sort((a, b) => a - b);
  return [
    id,
    ...(lines.length > 0 ? [`line${lines.length === 1 ? "" : "s"} ${sayLines(lines)}`] : []),
    ...(resolves.length > 0 ? [`resolves ${resolves.length} finding${resolves.length === 1 ? "" : "s"}`] : []),
    edits.length > 0 ? `${edits.length} edit${edits.length === 1 ? "" : "s"}` : "by hand",
    ...(others.length > 0 ? [`not together with ${others.join(", ")}`] : []),
  ].join(" · ");
}

/** "3, 5, 7 and 12 more". */
function sayLines(lines: readonly number[], shown = 8): string {
  const more = lines.length - shown;
  return `${lines.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const causes: Readonly<Record<PlannedPackage["cause"], string>> = {
  base: "the base",
  install: "installed",
  pin: "pinned",
  "lock-file": "locked",
  "bundled-binary": "inside",
  "not-needed": "only building needs it",
  unknown: "unknown",
};

/** Those first that have most of the worst. */
function packageLines(
  packages: readonly PlannedPackage[],
  ranks: ReadonlyMap<string, number>,
  colors: Colors,
): readonly string[] {
  if (packages.length === 0) return [];
  const worst = packages.toSorted((a, b) => {
    for (const level of severities) {
      const difference = b.advisories[level] - a.advisories[level];
      if (difference !== 0) return difference;
    }
    return a.purl < b.purl ? -1 : 1;
  });
  const shown = worst.slice(0, shownPackages);
  const width = Math.max(...shown.map(({ name, version }) => Math.min(40, name.length + version.length + 1)));
  return [
    "",
    colors.bold("Vulnerable packages, and why they are there"),
    ...shown.map((one) => {
      const helps = one.actions.flatMap((id) => ranks.get(id) ?? []);
      const where = one.at ? ` ${one.at.path}:${one.at.line}` : one.file === undefined ? "" : ` ${one.file}`;
      const by = helps.length > 0 ? `  → ${helps.join(", ")}` : one.withoutFix > 0 ? "  no fix so far" : "";
      const name = escapeLine(`${one.name} ${one.version}`);
      return `  ${name.padEnd(width)}  ${sayCounts(one.advisories).join(", ")}${colors.dim(`  ${causes[one.cause]}${escapeLine(where)}${by}`)}`;
    }),
    ...(worst.length > shown.length ? [colors.dim(`  and ${worst.length - shown.length} more`)] : []),
  ];
}

function sideLines({ before, predicted }: Plan, colors: Colors): readonly string[] {
  if (!before || !predicted) return [];
  const say = ({
    bytes,
    advisories,
  }: {
    bytes: number;
    advisories: NonNullable<Plan["before"]>["advisories"];
  }): string => [formatBytes(bytes), ...sayCounts(advisories)].join(", ");
  return [
    "",
    `${colors.dim("now      ")} ${say(before)}`,
    `${colors.dim("predicted")} ${say(predicted)}${colors.dim(` with ${predicted.actions.length} safe and likely actions; fix --likely --prove holds it to that`)}`,
    "",
  ];
}
