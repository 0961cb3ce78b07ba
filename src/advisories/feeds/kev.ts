import type { Feed } from "./feed.ts";
import { dayIn, listIn, objectIn, parseJson, textIn } from "./json.ts";
import { wholeText } from "./whole-text.ts";

/** CISA's catalogue of known exploited vulnerabilities. */
export const kev: Feed = {
  id: "kev",
  summary: "which vulnerabilities are known to be exploited",
  publisher: "CISA",
  licence: "CC0-1.0",
  address: "https://www.cisa.gov/sites/default/files/feeds/",
  rank: 0,
  files: () => [
    {
      remote: "known_exploited_vulnerabilities.json",
      path: "kev/known_exploited_vulnerabilities.json",
      limit: 64 << 20,
    },
  ],
  reads: (path) => path === "kev/known_exploited_vulnerabilities.json",
  about: () => undefined,
  *read(file, { path }) {
    const catalogue = objectIn(parseJson(wholeText(file, path, 64 << 20), path));
    for (const entry of listIn(catalogue["vulnerabilities"], 200_000).map(objectIn)) {
      const id = textIn(entry["cveID"], 50);
      const since = dayIn(entry["dateAdded"]);
      if (id === undefined || since === undefined) continue;
      const byRansomware = entry["knownRansomwareCampaignUse"] === "Known";
      yield { kind: "facts", id, facts: { severities: [], exploited: { since, byRansomware } } };
    }
  },
};
