import { type Finding, severityRank } from "../../../core/index.ts";
import { firstFew, type Gate } from "../gate.ts";

export const findings: Gate = {
  id: "findings",
  summary: "what was to be resolved is gone, and nothing new came at or above the threshold",
  needs: "texts",
  check(before, after, { targets, failOn }) {
    const now = new Set(after.findings.map(({ fingerprint }) => fingerprint));
    const left = targets.filter(({ fingerprint }) => now.has(fingerprint));
    if (left.length > 0) return { ok: false, detail: `still there: ${firstFew(left.map(said))}` };
    const came = newFindings(before.findings, after.findings).filter(
      ({ severity }) => failOn !== "none" && severityRank(severity) <= severityRank(failOn),
    );
    if (came.length > 0) return { ok: false, detail: `new: ${firstFew(came.map(said))}` };
    const gone = `${targets.length} resolved`;
    return { ok: true, detail: `${gone}; ${before.findings.length} findings before, ${after.findings.length} after` };
  },
};

/**
 * What a rule finds more often than before, of that what it had not found. An edit changes the text that findings point at and
 * so their fingerprints, which makes none of them new.
 */
function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const count = (all: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { rule } of all) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    return counts;
  };
  const had = count(before);
  const has = count(after);
  return after.filter(
    ({ rule, fingerprint }) => !known.has(fingerprint) && (has.get(rule) ?? 0) > (had.get(rule) ?? 0),
  );
}

function said({ rule, message }: Finding): string {
  return `${rule} (${message})`;
}
