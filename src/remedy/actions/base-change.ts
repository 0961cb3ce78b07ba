import type { Amount, Finding, Severity } from "../../core/index.ts";
import { chainOf, type Dockerfile, type FromInstruction, replaceRange } from "../../syntax/index.ts";
import type { BaseOption, MeasuredBase } from "../base-option.ts";
import { gatherFixes } from "../grouped-fixes.ts";
import type { PlanBase, PlanImage, PlanMatch, PlanSubject, Proposal, Remedy } from "../plan-subject.ts";
import { isOfBase } from "../root-cause.ts";
import { ruleGroups } from "../rule-groups.ts";
import { vulnerablePackages } from "../vulnerable-packages.ts";

const rules: ReadonlySet<string> = new Set(ruleGroups["base-change"]);

export const baseChange: Remedy = {
  id: "base-change",
  summary: "Another base: pulled anew, the newest patch, a leaner variant, a line that is still supported",
  *propose(subject) {
    const found = subject.findings.filter(({ rule }) => rules.has(rule));
    for (const proposal of gatherFixes(found, subject, "Name a base that is still rebuilt, and name it exactly"))
      yield { ...proposal, ...choiceOf(proposal, subject) };
    for (const base of subject.bases) yield* changesTo(base, found, subject);
  },
};

/** A fix that edits the FROM of the image's own base is one of the choices of another base. */
function choiceOf({ edits = [] }: Proposal, { bases, dockerfiles }: PlanSubject): Pick<Proposal, "oneOf"> {
  for (const { path } of bases) {
    const from = baseFrom(dockerfiles.get(path));
    const range = from?.image.range;
    if (
      range &&
      edits.some((edit) => edit.path === path && edit.range.start < range.end && edit.range.end > range.start)
    )
      return { oneOf: path };
  }
  return {};
}

function* changesTo(
  { path, options, open }: PlanBase,
  found: readonly Finding[],
  subject: PlanSubject,
): Iterable<Proposal> {
  const current = options.find(({ kind }) => kind === "current");
  const dockerfile = subject.dockerfiles.get(path);
  const from = baseFrom(dockerfile);
  if (!current || !dockerfile || !from) return;
  const here = found.filter(
    ({ at }) =>
      at.kind === "source" && at.path === path && at.range.start >= from.range.start && at.range.start < from.range.end,
  );
  const isLiteral = from.image.value !== undefined && from.image.raw === from.image.value;
  for (const option of options) {
    if (option === current) continue;
    const closes = subject.image?.dockerfile === path ? closedBy(option, open, subject) : [];
    const edited = isLiteral && option.kind !== "refresh";
    const bytes = saved(current, option, ({ bytes: value }) => value);
    const storedBytes = saved(current, option, ({ storedBytes: value }) => value);
    yield {
      key: `${path}:${option.reference}${option.kind === "refresh" ? ":refresh" : ""}`,
      title: titleOf(option),
      safety: edited && option.dropIn ? "likely" : "assisted",
      ...(edited ? { edits: [replaceRange(dockerfile, from.image.range, option.reference)] } : {}),
      resolves: here.filter((finding) => cures(option, finding, subject.today)),
      closes,
      ...(closes.length > 0 ? { brings: broughtBy(current, option, closes) } : {}),
      ...(bytes ? { bytes } : {}),
      ...(storedBytes ? { storedBytes } : {}),
      oneOf: path,
      notes: [
        ...option.changes,
        ...(option.offline ? [`offline knowledge as of ${option.offline.asOf}: not measured`] : []),
      ],
    };
  }
}

const asks: Readonly<Record<BaseOption["kind"], string>> = {
  current: "",
  refresh: "",
  patch: ", the newest patch of the same line, if the program does not rely on this very one",
  slim: ", the slim variant, if nothing needs what it leaves out",
  alpine: ", the Alpine variant, if all that is compiled can be built for musl",
  suite: ", the same version on a newer distribution, if its packages are there under the same names",
  line: ", the next line that is supported, if the program runs on it",
  "line-slim": ", the slim variant of the next line, if the program runs on it",
  distroless: " in the last stage, if the program needs no shell",
};

function titleOf({ kind, reference }: BaseOption): string {
  return kind === "refresh"
    ? `Build with --pull: ${reference} is a newer image in the registry`
    : `Stand on ${reference}${asks[kind]}`;
}

function cures(option: BaseOption, { rule }: Finding, today: string): boolean {
  const supported = option.supportEnd === undefined || option.supportEnd >= today;
  if (rule === "base-unsupported-tag") return option.rebuilt === true && supported;
  return rule === "base-fat-variant" && ["slim", "alpine", "line-slim", "distroless"].includes(option.kind);
}

/** Of the vulnerabilities that the base brought, those that the option does not have. */
function closedBy(option: BaseOption, open: PlanBase["open"], subject: PlanSubject): readonly PlanMatch[] {
  const left = option.measured && open.get(option.reference);
  if (!left || !subject.image) return [];
  const image: PlanImage = subject.image;
  return vulnerablePackages(subject)
    .filter((one) => isOfBase(one.package, image))
    .flatMap(({ package: one, matches }) =>
      matches.filter(({ id }) => !left.has(`${id} ${one.source?.name ?? one.name}`)),
    );
}

function broughtBy(
  current: BaseOption,
  option: BaseOption,
  closes: readonly PlanMatch[],
): NonNullable<Proposal["brings"]> {
  const brings: Partial<Record<Severity | "unknown", number>> = {};
  const [before, after] = [current.measured?.advisories, option.measured?.advisories];
  if (!before || !after) return brings;
  for (const level of Object.keys(after) as (Severity | "unknown")[]) {
    const closed = closes.filter((match) => match.level === level).length;
    const more = after[level] - Math.max(0, before[level] - closed);
    if (more > 0) brings[level] = more;
  }
  return brings;
}

function saved(
  current: BaseOption,
  option: BaseOption,
  of: (one: MeasuredBase) => number | undefined,
): Amount | undefined {
  const [before, after] = [current.measured && of(current.measured), option.measured && of(option.measured)];
  return before === undefined || after === undefined ? undefined : { value: before - after, basis: "measured" };
}

/** The FROM that names the base of the image that ships. */
function baseFrom(dockerfile: Dockerfile | undefined): FromInstruction | undefined {
  const last = dockerfile?.stages.at(-1);
  const root = dockerfile && last && chainOf(dockerfile, last.index).at(-1);
  return root?.base.kind === "image" ? root.from : undefined;
}
