import type { StatedSeverity } from "../advisory.ts";
import type { Feed } from "./feed.ts";
import { linesOf, wholeText } from "./whole-text.ts";

/** What sources state of a CVE id: `cve,vector,score,source` below a header line. Offered only where an address is configured. */
export const cvss: Feed = {
  id: "cvss",
  summary: "CVSS vectors and scores by CVE id",
  publisher: "whoever the table names in each row",
  licence: "facts; see where the table comes from",
  address: "",
  rank: 0,
  files: () => [{ remote: "cvss.csv", path: "severity/cvss.csv", limit: 256 << 20, optional: true }],
  reads: (path) => path === "severity/cvss.csv",
  about: () => undefined,
  *read(file, { path }) {
    for (const line of linesOf(wholeText(file, path, 256 << 20))) {
      const row = /^(CVE-\d{4}-\d{4,9}),([A-Za-z0-9.:/]{0,300}),(\d{0,2}(?:\.\d)?),([a-z0-9-]{1,40})$/.exec(line);
      if (row?.[1] !== undefined) yield { kind: "facts", id: row[1], facts: { severities: [stated(row)] } };
    }
  },
};

/** The version of a score without a vector is in its source's name ("rubysec-v3"), which is no part of it. */
function stated([, , vector = "", score = "", source = ""]: readonly string[]): StatedSeverity {
  const name = source.replace(/-v[234]$/, "");
  if (vector !== "") return { source: name, vector };
  return { source: name, score: Math.min(10, Number(score)) };
}
