import { shippedInstructions } from "../../syntax/index.ts";
import { inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

interface Kind {
  readonly alias: string;
  readonly wanted: string;
  accepts(value: string): boolean;
}

const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const semver =
  /^(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const licence = /^(?:[A-Za-z0-9][A-Za-z0-9.-]*\+?|DocumentRef-[\w.-]+:LicenseRef-[\w.-]+)$/;
const email =
  /^[^\s@<>]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

const kinds: Readonly<Record<string, Kind>> = {
  url: { alias: "DL3052", wanted: "an address with its scheme", accepts: isUrl },
  rfc3339: { alias: "DL3053", wanted: "a time like 2026-01-31T12:00:00Z", accepts: (value) => rfc3339.test(value) },
  spdx: { alias: "DL3054", wanted: "an SPDX licence expression", accepts: isLicence },
  hash: {
    alias: "DL3055",
    wanted: "a commit's hash of 7 or 40 digits (64 with SHA-256)",
    accepts: (value) => /^(?:[0-9a-f]{7}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(value),
  },
  semver: { alias: "DL3056", wanted: "a version like 1.2.3", accepts: (value) => semver.test(value) },
  email: { alias: "DL3058", wanted: "an e-mail address", accepts: (value) => email.test(value) },
};

export const labelInvalid: Rule<"dockerfile"> = {
  id: "label-invalid",
  subject: "dockerfile",
  aim: "style",
  severity: "low",
  summary: "A label that the site asks for is empty or not of its kind",
  why: `The policy of this site says which labels images have and of which kind each value is: a version, a time, a licence.
Programs read them, and an empty or free-form value is as good as none. Values out of an \`ARG\` without default are not
judged: they come with the build.`,
  aliases: ["DL3051", "DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"],
  *check({ dockerfile }, { policy }) {
    const wanted = policy.labels;
    if (Object.keys(wanted).length === 0) return;
    for (const label of shippedInstructions(dockerfile, "LABEL")) {
      for (const { name, value } of label.pairs) {
        const key = name.value;
        if (key === undefined || !value || value.value === undefined || !Object.hasOwn(wanted, key)) continue;
        const kindName = wanted[key] ?? "text";
        const kind = Object.hasOwn(kinds, kindName) ? kinds[kindName] : undefined;
        // What an argument brings is decided by whoever builds, not here.
        if (value.raw.includes("$")) continue;
        const empty = value.value.trim() === "";
        if (!empty && (!kind || kind.accepts(value.value))) continue;
        yield {
          message: empty ? "this label must say something" : `this must be ${kind?.wanted ?? "text"}`,
          at: inSource(dockerfile, value.range.end > value.range.start ? value.range : name.range),
          aliases: [empty ? "DL3051" : (kind?.alias ?? "DL3051")],
        };
      }
    }
  },
  examples: [
    {
      title: "empty, and of other kinds",
      text: 'FROM a\nLABEL team=«""» \\\n  version=«"v1"» created=«yesterday»\nLABEL home=«example» who=«ann»\nLABEL rev=«main» lic=«"My own"»\n',
      policy: {
        labels: {
          team: "text",
          version: "semver",
          created: "rfc3339",
          home: "url",
          who: "email",
          rev: "hash",
          lic: "spdx",
        },
      },
    },
    {
      title: "good values, values of the build, labels nobody asks for",
      text: 'FROM a\nARG REV\nLABEL version=1.2.3-rc.1+b5 created="2026-01-31T12:00:00Z" home=https://example.com/\nLABEL who=ann@example.com lic="(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0" rev=$REV other=""\n',
      policy: {
        labels: { version: "semver", created: "rfc3339", home: "url", who: "email", rev: "hash", lic: "spdx" },
      },
    },
    {
      title: "a build stage",
      text: "FROM a AS b\nLABEL version=\nFROM a\nLABEL version=1.0.0\n",
      policy: { labels: { version: "semver" } },
    },
    { title: "nothing is asked for", text: "FROM a\nLABEL version=\n" },
  ],
};

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+[^\s]*$/i.test(value);
}

/** Ids of licences joined by AND, OR and WITH, in brackets or not; whether an id is on the list is not asked. */
function isLicence(value: string): boolean {
  const words = value.replaceAll(/[()]/g, " ").trim().split(/\s+/);
  return (
    words.every((word, i) => (i % 2 === 1 ? /^(?:AND|OR|WITH)$/i.test(word) : licence.test(word))) &&
    words.length % 2 === 1
  );
}
