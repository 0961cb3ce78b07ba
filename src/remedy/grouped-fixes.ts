import { type Amount, type Finding, type Fix, LineIndex } from "../core/index.ts";
import { createEditSet, type EditSet } from "./edit-set.ts";
import type { PlanImage, PlanSubject, Proposal, Remedy } from "./plan-subject.ts";
import { type RuleGroup, ruleGroups } from "./rule-groups.ts";

/** What a remedy that gathers the fixes of rules about one matter says of itself. */
interface GroupedRemedy {
  readonly id: RuleGroup;
  readonly summary: string;
  /** Of an action that gathers several fixes. */
  readonly title: string;
}

/** A remedy that gathers the fixes of its group's rules: one action for each file and level of safety. */
export function groupedRemedy({ id, summary, title }: GroupedRemedy): Remedy {
  const rules: ReadonlySet<string> = new Set(ruleGroups[id]);
  return {
    id,
    summary,
    propose: (subject) =>
      gatherFixes(
        subject.findings.filter((finding) => rules.has(finding.rule)),
        subject,
        title,
      ),
  };
}

/**
 * Actions made of findings' fixes: fixes of one file and one level of safety together, as long as their edits do not touch. A
 * fix that must be applied alone is an action of its own; one fix of several findings is made once; findings without edits are
 * advice.
 */
export function gatherFixes(
  findings: readonly Finding[],
  { dockerfiles, image }: Pick<PlanSubject, "dockerfiles" | "image">,
  title: string,
): readonly Proposal[] {
  const lineOf = lineFinder(dockerfiles);
  const parts = new Map<string, Part[]>();
  const byFix = new Map<string, Part>();
  for (const finding of findings) {
    const where = placeOf(finding, image);
    const fix = finding.fix;
    const edits = fix?.edits ?? [];
    // A fix without edits changes nothing by itself, whatever it calls itself.
    const safety = edits.length > 0 ? (fix?.safety ?? "assisted") : "assisted";
    const key = `${where}:${safety}${edits.length === 0 && safety === "assisted" ? ":advice" : ""}`;
    const open = parts.get(key) ?? [];
    parts.set(key, open);
    const same = edits.length === 0 ? "" : JSON.stringify(edits);
    const made = same === "" ? undefined : byFix.get(`${key} ${same}`);
    if (made) {
      made.findings.push(finding);
      continue;
    }
    const room = fix?.alone ? undefined : open.slice(-partsTried).find((part) => !part.alone && part.edits.fits(edits));
    const part = room ?? { findings: [], edits: createEditSet(), safety, alone: fix?.alone ?? false };
    if (!room) open.push(part);
    part.findings.push(finding);
    part.edits.add(edits);
    byFix.set(`${key} ${same}`, part);
  }
  return [...parts].flatMap(([key, open]) =>
    open.map((part, index) => proposalOf(index === 0 ? key : `${key}:${index + 1}`, part, title, lineOf)),
  );
}

/** Of the actions of one file that a fix may join, the last few are tried. */
const partsTried = 8;

interface Part {
  readonly findings: Finding[];
  readonly edits: EditSet;
  readonly safety: Fix["safety"];
  readonly alone: boolean;
}

function placeOf({ at }: Finding, image: PlanImage | undefined): string {
  if (at.kind === "source") return at.path;
  if (at.kind === "container") return at.container;
  const layer =
    at.layer === undefined ? -1 : (image?.weight.layers ?? []).findIndex(({ diffId }) => diffId === at.layer);
  return layer >= 0 && layer < (image?.weight.baseLayers ?? 0) ? "base" : "image";
}

function proposalOf(
  key: string,
  { findings, edits, safety }: Part,
  title: string,
  lineOf: (finding: Finding) => number | undefined,
): Proposal {
  const titles = new Set(findings.map(({ fix }) => fix?.title ?? title));
  const [only] = titles;
  const lines = [...new Set(findings.flatMap((finding) => lineOf(finding) ?? []))].sort((a, b) => a - b);
  const bytes = sumOf(findings, "bytes");
  const storedBytes = sumOf(findings, "storedBytes");
  return {
    key,
    title: titles.size === 1 && only !== undefined ? only : title,
    ...(lines.length > 0 ? { lines } : {}),
    safety,
    ...(edits.edits.length > 0 ? { edits: edits.edits } : {}),
    resolves: findings,
    ...(bytes ? { bytes } : {}),
    ...(storedBytes ? { storedBytes } : {}),
  };
}

/** The line, from 1, of what a finding in a Dockerfile points at. */
function lineFinder(dockerfiles: PlanSubject["dockerfiles"]): (finding: Finding) => number | undefined {
  const indexes = new Map<string, LineIndex>();
  return ({ at }) => {
    const text = at.kind === "source" ? dockerfiles.get(at.path)?.source.text : undefined;
    if (at.kind !== "source" || text === undefined) return undefined;
    const index = indexes.get(at.path) ?? new LineIndex(text);
    indexes.set(at.path, index);
    return index.position(at.range.start).line;
  };
}

/** Measured only where all of it is. */
export function sumOf(findings: readonly Finding[], of: "bytes" | "storedBytes"): Amount | undefined {
  const amounts = findings.flatMap((finding) => finding[of] ?? []);
  if (amounts.length === 0) return undefined;
  return {
    value: amounts.reduce((sum, { value }) => sum + value, 0),
    basis: amounts.every(({ basis }) => basis === "measured") ? "measured" : "estimated",
  };
}
