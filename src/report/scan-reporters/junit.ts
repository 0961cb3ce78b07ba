import { escapeControls } from "../escape.ts";
import { causesOf, type ScanCause, type ScanRow } from "../scan-causes.ts";
import type { ScanDocument } from "../scan-document.ts";
import { linksOf } from "../scan-links.ts";
import { marks } from "../scan-marks.ts";
import type { ScanReporter } from "../scan-reporter.ts";

/** JUnit's XML as CI systems read it: a suite for each root cause, a failed case for each vulnerability. */
export const junit: ScanReporter = {
  id: "junit",
  summary: "JUnit XML, for test reports",
  render(document) {
    const causes = causesOf(document);
    const failures = causes.reduce((sum, { rows }) => sum + rows.length, 0);
    const suites = causes.map((cause) => suiteOf(cause));
    if (causes.length === 0)
      suites.push(
        `  <testsuite name="vulnerabilities" tests="1" failures="0" errors="0">\n    <testcase classname="vulnerabilities" name="nothing known against it"/>\n  </testsuite>`,
      );
    if (document.gaps.length > 0) suites.push(gapsOf(document));
    const tests = Math.max(failures, 1) + document.gaps.length;
    const name = attribute(`plimsoll scan ${document.target.reference}`);
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}" tests="${tests}" failures="${failures}" errors="${document.gaps.length}">\n${suites.join("\n")}\n</testsuites>\n`;
  },
};

function suiteOf({ title, rows }: ScanCause): string {
  const name = attribute(title.replace(/\s+/g, " "));
  const cases = rows.map((row) => caseOf(row));
  return `  <testsuite name="${name}" tests="${rows.length}" failures="${rows.length}" errors="0">\n${cases.join("\n")}\n  </testsuite>`;
}

function caseOf({ packages, match, matches }: ScanRow): string {
  const { id, level, fixedIn, state, version } = match;
  const remedy = fixedIn === undefined ? state.replaceAll("-", " ") : `fixed in ${fixedIn}`;
  const summary = match.advisories.find((advisory) => advisory.summary)?.summary;
  const known = marks(match);
  const text = [
    ...(summary === undefined ? [] : [summary]),
    ...matches.map(({ purl }) => purl),
    ...(known === "" ? [] : [known]),
    ...linksOf(id, match.advisories),
  ].join("\n");
  return `    <testcase classname="${attribute(`${packages} ${version}`)}" name="${attribute(id)}">\n      <failure type="${level}" message="${attribute(`${level}: ${packages} ${version}, ${remedy}`)}">${escaped(text)}</failure>\n    </testcase>`;
}

function gapsOf({ gaps }: ScanDocument): string {
  const cases = gaps.map(
    ({ subject, reason }) =>
      `    <testcase classname="not examined" name="${attribute(subject)}">\n      <error type="not-examined" message="${attribute(reason)}"/>\n    </testcase>`,
  );
  return `  <testsuite name="not examined" tests="${gaps.length}" failures="0" errors="${gaps.length}">\n${cases.join("\n")}\n  </testsuite>`;
}

/** Text of XML 1.0: control characters are shown, what no document may hold (section 2.2) becomes U+FFFD. */
function escaped(text: string): string {
  return escapeControls(text)
    .replaceAll(/\p{Surrogate}|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function attribute(text: string): string {
  return escaped(text).replaceAll('"', "&quot;").replaceAll("\n", "\\n").replaceAll("\t", "&#9;");
}
