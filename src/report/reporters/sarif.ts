import { LineIndex } from "../../core/index.ts";
import type { Report, ReportedFinding } from "../report.ts";
import { annotatedPath, placeInImage } from "../place.ts";
import type { Reporter } from "../reporter.ts";

const levels = { critical: "error", high: "error", medium: "warning", low: "note", info: "note" } as const;
/** GitHub's scale for security findings. */
const scores = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0", info: "1.0" } as const;
const home = "https://github.com/plimsoll/plimsoll";

function uri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** SARIF 2.1.0 (OASIS). Columns are UTF-16 code units, as offsets are. */
export const sarif: Reporter = {
  id: "sarif",
  summary: "SARIF 2.1.0, for code scanning",
  render: (report, { texts }) => {
    const ids = Object.keys(report.rules);
    const run = {
      tool: {
        driver: {
          name: report.tool.name,
          semanticVersion: report.tool.version,
          informationUri: home,
          rules: ids.map((id) => ruleOf(id, report)),
        },
      },
      columnKind: "utf16CodeUnits",
      invocations: [
        {
          executionSuccessful: report.gaps.length === 0,
          toolExecutionNotifications: report.gaps.map((gap) => ({
            level: "warning",
            message: { text: `${gap.subject}: ${gap.reason}` },
          })),
        },
      ],
      results: report.findings.map((finding) => resultOf(finding, ids.indexOf(finding.rule), texts)),
    };
    return `${JSON.stringify({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }, null, 2)}\n`;
  },
};

function ruleOf(id: string, report: Report): object {
  const rule = report.rules[id];
  return {
    id,
    shortDescription: { text: rule?.summary ?? id },
    fullDescription: { text: rule?.why ?? id },
    help: { text: rule?.why ?? id, markdown: rule?.why ?? id },
    helpUri: rule?.url ?? `${home}/blob/main/docs/reference/rules/${id}.md`,
    defaultConfiguration: { level: levels[rule?.severity ?? "medium"] },
    properties: {
      tags: [rule?.aim ?? "correctness", ...(rule?.aliases ?? [])],
      ...(rule?.aim === "security" ? { "security-severity": scores[rule.severity] } : {}),
    },
  };
}

function resultOf(finding: ReportedFinding, ruleIndex: number, texts: ReadonlyMap<string, string>): object {
  const path = annotatedPath(finding);
  const { start, end } = finding;
  const empty = start.line === end.line && start.column === end.column;
  const region = {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: empty ? end.column + 1 : end.column,
  };
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uri(path) }, region },
        ...(finding.at.kind === "source" ? {} : { logicalLocations: [{ fullyQualifiedName: placeInImage(finding) }] }),
      },
    ],
    partialFingerprints: { "plimsoll/v1": finding.fingerprint },
    ...(finding.fix && finding.fix.edits.length > 0 ? { fixes: [fixOf(finding, texts)] } : {}),
  };
}

function fixOf(finding: ReportedFinding, texts: ReadonlyMap<string, string>): object {
  const edits = finding.fix?.edits ?? [];
  const paths = [...new Set(edits.map((edit) => edit.path))];
  return {
    description: { text: finding.fix?.title ?? "" },
    artifactChanges: paths.map((path) => {
      const index = new LineIndex(texts.get(path) ?? "");
      return {
        artifactLocation: { uri: uri(path) },
        replacements: edits
          .filter((edit) => edit.path === path)
          .map(({ range, text }) => {
            const from = index.position(range.start);
            const to = index.position(range.end);
            return {
              deletedRegion: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column },
              insertedContent: { text },
            };
          }),
      };
    }),
  };
}
