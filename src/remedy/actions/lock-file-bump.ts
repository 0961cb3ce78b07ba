import type { Edit } from "../../core/index.ts";
import type { PlanMatch, PlanSubject, Proposal, Remedy } from "../plan-subject.ts";
import { raiseCommand } from "../raise/commands.ts";
import { lockWriters, pinWriters } from "../raise/list.ts";
import { type LineRaise, raiseInLine } from "../raise/raise.ts";
import { fixable, vulnerablePackages, type VulnerablePackage } from "../vulnerable-packages.ts";

/**
 * Three ways of raising a version, each an action of its own: an edit where people write versions, the ecosystem's own tool
 * where it writes them (a proof runs it), and by hand what is told in another way or needs another line of versions.
 */
export const lockFileBump: Remedy = {
  id: "lock-file-bump",
  summary: "Versions raised in the lock file that names them",
  *propose(subject) {
    const byFile = new Map<string, VulnerablePackage[]>();
    for (const one of vulnerablePackages(subject)) {
      const { kind, file } = one.cause;
      if (kind !== "lock-file" || file === undefined || fixable([one]).length === 0) continue;
      byFile.set(file, [...(byFile.get(file) ?? []), one]);
    }
    for (const [file, packages] of byFile) yield* raisesIn(file, packages, subject);
  },
};

interface Candidate extends LineRaise {
  readonly one: VulnerablePackage;
}

function* raisesIn(file: string, packages: readonly VulnerablePackage[], subject: PlanSubject): Iterable<Proposal> {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const inLine = packages.flatMap((one): Candidate[] => {
    const raise = raiseInLine(one);
    return raise ? [{ one, ...raise }] : [];
  });
  const tool = lockWriters.find(({ form }) => form.test(name));
  const { edits, done } = tool ? { edits: [], done: inLine } : pinned(name, inLine, subject);
  const condition = "if the program runs on them";
  if (tool && inLine.length > 0)
    yield {
      key: `${file}:tool`,
      title: `Raise in ${file}: ${said(inLine)}, ${condition}`,
      // A lock file is no text that is edited; what a proof has written by the tool it holds like a likely fix.
      safety: "assisted",
      raise: { lockFile: file, raises: inLine.map(({ raise }) => raise) },
      resolves: [],
      closes: inLine.flatMap(({ closes }) => closes),
      notes: [...commandFor(file, inLine), `fix --prove has ${tool.program} write it`],
    };
  if (edits.length > 0)
    yield {
      key: file,
      title: `Raise in ${sayFiles(edits)}: ${said(done)}, ${condition}`,
      safety: "likely",
      edits,
      resolves: [],
      closes: done.flatMap(({ closes }) => closes),
      notes: done.slice(shown).map(sayRaise),
    };
  yield* byHand(file, packages, inLine, done);
}

/** What is in texts that people write: in every one of the kind, for a version may be named in several. */
function pinned(
  name: string,
  inLine: readonly Candidate[],
  { texts }: PlanSubject,
): { readonly edits: readonly Edit[]; readonly done: readonly Candidate[] } {
  const writer = pinWriters.find(({ form }) => form.test(name));
  const edits: Edit[] = [];
  const raised = new Set<unknown>();
  if (writer)
    for (const [path, text] of texts) {
      if (!writer.form.test(path.slice(path.lastIndexOf("/") + 1))) continue;
      const written = writer.write(
        text,
        inLine.map(({ raise }) => raise),
      );
      edits.push(...written.edits.map((edit) => ({ path, ...edit })));
      for (const one of written.raised) raised.add(one);
    }
  return { edits, done: inLine.filter(({ raise }) => raised.has(raise)) };
}

/** What no edit and no tool does: the rest of the packages, and of the others what only another line fixes. */
function* byHand(
  file: string,
  packages: readonly VulnerablePackage[],
  inLine: readonly Candidate[],
  done: readonly Candidate[],
): Iterable<Proposal> {
  const closed = new Set(done.flatMap(({ closes }) => closes));
  const left = packages.flatMap((one) => {
    const matches = fixable([one]).filter((match) => !closed.has(match));
    return matches.length > 0 ? [{ ...one, matches }] : [];
  });
  if (left.length === 0) return;
  const open = inLine.filter((one) => !done.includes(one));
  const others = left.filter(({ package: { purl } }) => !open.some(({ one }) => one.package.purl === purl));
  yield {
    key: `${file}:by-hand`,
    title: `Raise in ${file}: ${few(left.map(sayFixes))}`,
    safety: "assisted",
    resolves: [],
    closes: left.flatMap(({ matches }) => matches),
    notes: [
      ...commandFor(file, open),
      ...(others.length > 0
        ? [`no version of the same line has the fix: ${few(others.map((one) => one.package.name))}`]
        : []),
      ...left.slice(shown).map(sayFixes),
    ],
  };
}

const shown = 4;

function few(all: readonly string[]): string {
  const more = all.length - shown;
  return `${all.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function said(candidates: readonly Candidate[]): string {
  return few(candidates.map(sayRaise));
}

function sayRaise({ raise: { name, from, to } }: Candidate): string {
  return `${name} ${from} to ${to}`;
}

function sayFixes({ package: one, matches }: Pick<VulnerablePackage, "package" | "matches">): string {
  const targets = new Set(matches.flatMap(({ fixedIn }: PlanMatch) => fixedIn ?? []));
  // Which of several versions is the highest its ecosystem knows; each of them is needed.
  return `${one.name} ${one.version} to ${[...targets].sort().join(" and ")} or later`;
}

function sayFiles(edits: readonly Edit[]): string {
  return [...new Set(edits.map(({ path }) => path))].join(", ");
}

function commandFor(file: string, candidates: readonly Candidate[]): readonly string[] {
  const command = raiseCommand(
    file,
    candidates.map(({ raise }) => raise),
  );
  return command === undefined ? [] : [command];
}
