import type { Feed } from "./feed.ts";
import { linesOf, wholeText } from "./whole-text.ts";

/** FIRST's exploit prediction scores: a comment with the model, a header, then `cve,epss,percentile`. */
export const epss: Feed = {
  id: "epss",
  summary: "how probable it is that a vulnerability is exploited within 30 days",
  publisher: "FIRST",
  licence: "free to use with attribution: https://www.first.org/epss/",
  address: "https://epss.empiricalsecurity.com/",
  rank: 0,
  files: () => [{ remote: "epss_scores-current.csv.gz", path: "epss/epss_scores-current.csv.gz", limit: 64 << 20 }],
  reads: (path) => /^epss\/[^/]+\.csv(?:\.gz)?$/.test(path),
  about: () => undefined,
  *read(file, { path }) {
    for (const line of linesOf(wholeText(file, path, 128 << 20))) {
      const row = /^(CVE-\d{4}-\d{4,9}),([0-9.]{1,20}(?:e-\d{1,2})?),([0-9.]{1,20}(?:e-\d{1,2})?)$/.exec(line);
      if (row?.[1] === undefined) continue;
      const [probability, percentile] = [Number(row[2]), Number(row[3])];
      if (!(probability >= 0 && probability <= 1 && percentile >= 0 && percentile <= 1)) continue;
      yield { kind: "facts", id: row[1], facts: { severities: [], epss: { probability, percentile } } };
    }
  },
};
