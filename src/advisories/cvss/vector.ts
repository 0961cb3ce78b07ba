/** A CVSS vector, taken apart and checked. */
export interface CvssVector {
  readonly version: "2.0" | "3.0" | "3.1" | "4.0";
  /** By abbreviation; what is absent was not said. */
  readonly metrics: ReadonlyMap<string, string>;
}

/** The values of each metric, and which metrics are mandatory. */
interface Table {
  readonly base: Readonly<Record<string, string>>;
  readonly optional: Readonly<Record<string, string>>;
}

/** CVSS v2 Complete Guide § 2. */
const v2: Table = {
  base: { AV: "N A L", AC: "L M H", Au: "N S M", C: "N P C", I: "N P C", A: "N P C" },
  optional: {
    E: "ND U POC F H",
    RL: "ND OF TF W U",
    RC: "ND UC UR C",
    CDP: "ND N L LM MH H",
    TD: "ND N L M H",
    CR: "ND L M H",
    IR: "ND L M H",
    AR: "ND L M H",
  },
};

/** CVSS v3.0 and v3.1 specification § 2 to 4. */
const v3: Table = {
  base: { AV: "N A L P", AC: "L H", PR: "N L H", UI: "N R", S: "U C", C: "H L N", I: "H L N", A: "H L N" },
  optional: {
    E: "X H F P U",
    RL: "X U W T O",
    RC: "X C R U",
    CR: "X H M L",
    IR: "X H M L",
    AR: "X H M L",
    MAV: "X N A L P",
    MAC: "X L H",
    MPR: "X N L H",
    MUI: "X N R",
    MS: "X U C",
    MC: "X H L N",
    MI: "X H L N",
    MA: "X H L N",
  },
};

/** CVSS v4.0 specification § 2 to 5. */
const v4: Table = {
  base: {
    AV: "N A L P",
    AC: "L H",
    AT: "N P",
    PR: "N L H",
    UI: "N P A",
    VC: "H L N",
    VI: "H L N",
    VA: "H L N",
    SC: "H L N",
    SI: "H L N",
    SA: "H L N",
  },
  optional: {
    E: "X A P U",
    CR: "X H M L",
    IR: "X H M L",
    AR: "X H M L",
    MAV: "X N A L P",
    MAC: "X L H",
    MAT: "X N P",
    MPR: "X N L H",
    MUI: "X N P A",
    MVC: "X H L N",
    MVI: "X H L N",
    MVA: "X H L N",
    MSC: "X H L N",
    MSI: "X S H L N",
    MSA: "X S H L N",
    S: "X N P",
    AU: "X N Y",
    R: "X A U I",
    V: "X D C",
    RE: "X L M H",
    U: "X Clear Green Amber Red",
  },
};

/** By what a vector starts with; CVSS 2 has no prefix of its own. */
const prefixes = [
  ["CVSS:3.1/", "3.1", v3],
  ["CVSS:3.0/", "3.0", v3],
  ["CVSS:4.0/", "4.0", v4],
  ["CVSS:2.0/", "2.0", v2],
  ["", "2.0", v2],
] as const;

/** Far longer than any vector with every metric. */
const longest = 400;

/**
 * Takes a vector apart, its metrics in any order, with or without a slash at the end, a CVSS 2 one in parentheses too.
 * Undefined for what is not one: a metric or value that its version does not know, one said twice, a mandatory one missing.
 */
export function parseVector(text: string): CvssVector | undefined {
  if (text.length > longest) return undefined;
  const bare = text.trim().replace(/^\((.*)\)$/, "$1");
  const prefix = prefixes.find(([start]) => bare.startsWith(start));
  if (prefix === undefined) return undefined;
  const [start, version, table] = prefix;
  const metrics = new Map<string, string>();
  for (const part of bare.slice(start.length).replace(/\/$/, "").split("/")) {
    const colon = part.indexOf(":");
    const [name, value] = [part.slice(0, Math.max(colon, 0)), part.slice(colon + 1)];
    const values = valuesOf(table.base, name) ?? valuesOf(table.optional, name);
    if (values === undefined || !values.split(" ").includes(value) || metrics.has(name)) return undefined;
    metrics.set(name, value);
  }
  return Object.keys(table.base).every((name) => metrics.has(name)) ? { version, metrics } : undefined;
}

function valuesOf(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
