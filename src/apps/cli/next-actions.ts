import { planRemedy } from "../../remedy/index.ts";
import { renderNextActions, type Report } from "../../report/index.ts";
import { parseDockerfile } from "../../syntax/index.ts";
import { today } from "./start.ts";

/** The first actions of the plan that a report comes to, one line each; "" where there is nothing to do. */
export function nextActions(report: Report, texts: ReadonlyMap<string, string>, color: boolean): string {
  const dockerfiles = report.subjects.flatMap(({ path }) => {
    const text = texts.get(path);
    return text === undefined ? [] : [[path, parseDockerfile({ path, text })] as const];
  });
  const plan = planRemedy({
    findings: report.findings,
    dockerfiles: new Map(dockerfiles),
    lockFiles: [],
    texts: new Map(),
    bases: [],
    today: today(),
  });
  return renderNextActions(plan, { color });
}
