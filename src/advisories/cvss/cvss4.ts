import { type MacroVector, macroVectorScore } from "./macro-vectors.ts";
import type { CvssVector } from "./vector.ts";

/** Values of a metric from the worst on: how many steps lie between two of them is their severity distance (§ 8.2). */
const steps: Readonly<Record<string, string>> = {
  AV: "NALP",
  PR: "NLH",
  UI: "NPA",
  AC: "LH",
  AT: "NP",
  VC: "HLN",
  VI: "HLN",
  VA: "HLN",
  SC: "SHLN",
  SI: "SHLN",
  SA: "SHLN",
  CR: "HML",
  IR: "HML",
  AR: "HML",
};

/** A set of metrics that is levelled as one, and for each level its worst vectors and its depth in steps (§ 8.2, tables 24 to 29). */
interface Group {
  readonly metrics: readonly string[];
  readonly worst: readonly (readonly string[])[];
  readonly depth: readonly number[];
}

const reach: Group = {
  metrics: ["AV", "PR", "UI"],
  worst: [["NNN"], ["ANN", "NLN", "NNP"], ["PNN", "ALP"]],
  depth: [1, 4, 5],
};

const effort: Group = { metrics: ["AC", "AT"], worst: [["LN"], ["HN", "LP"]], depth: [1, 2] };

/** EQ3 and EQ6 depend on each other: the level is 2 × EQ3 + EQ6. */
const impact: Group = {
  metrics: ["VC", "VI", "VA", "CR", "IR", "AR"],
  worst: [
    ["HHHHHH"],
    ["HHLMMH", "HHHMMM"],
    ["LHHHHH", "HLHHHH"],
    ["LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM"],
    [],
    ["LLLHHH"],
  ],
  depth: [7, 6, 8, 8, 0, 10],
};

const spread: Group = { metrics: ["SC", "SI", "SA"], worst: [["HSS"], ["HHH"], ["LLL"]], depth: [6, 5, 4] };

type Of = (metric: string) => string;

/** As modified by the environment, and with the worst where nothing is said of threat or requirements. */
function effective({ metrics }: CvssVector): Of {
  return (metric) => {
    const changed = metrics.get(`M${metric}`) ?? "X";
    const value = changed === "X" ? (metrics.get(metric) ?? "X") : changed;
    if (value !== "X") return value;
    return metric === "E" ? "A" : "H";
  };
}

/** § 8.1, tables 24 to 29. */
function levels(of: Of): MacroVector {
  const open = [of("AV") === "N", of("PR") === "N", of("UI") === "N"];
  const high = ["VC", "VI", "VA"].map((metric) => of(metric) === "H");
  const wanted = [of("CR") === "H", of("IR") === "H", of("AR") === "H"];
  return [
    open.every(Boolean) ? 0 : open.some(Boolean) && of("AV") !== "P" ? 1 : 2,
    of("AC") === "L" && of("AT") === "N" ? 0 : 1,
    high[0] && high[1] ? 0 : high.some(Boolean) ? 1 : 2,
    of("SI") === "S" || of("SA") === "S" ? 0 : ["SC", "SI", "SA"].some((metric) => of(metric) === "H") ? 1 : 2,
    "APU".indexOf(of("E")),
    high.some((one, i) => one && wanted[i]) ? 0 : 1,
  ];
}

/** Steps from the first of the level's worst vectors that is nowhere milder than this one. */
function distance(of: Of, group: Group, level: number): number {
  const step = (metric: string, value: string): number => (steps[metric] ?? "").indexOf(value);
  for (const worst of group.worst[level] ?? []) {
    const gaps = group.metrics.map((metric, i) => step(metric, of(metric)) - step(metric, worst.charAt(i)));
    if (gaps.every((gap) => gap >= 0)) return gaps.reduce((sum, gap) => sum + gap, 0);
  }
  return 0;
}

/** The next milder macro vector in EQ3 and EQ6: the worse of the two where both can be left. */
function milderImpact([eq1, eq2, eq3, eq4, eq5, eq6]: MacroVector): number | undefined {
  const at = (three: number, six: number): number | undefined => macroVectorScore([eq1, eq2, three, eq4, eq5, six]);
  if (eq3 === 0 && eq6 === 0) {
    const both = [at(0, 1), at(1, 0)].filter((score) => score !== undefined);
    return both.length === 2 ? Math.max(...both) : undefined;
  }
  return eq6 === 1 ? at(eq3 + 1, 1) : at(eq3, 1);
}

/** CVSS v4.0 specification § 8.2: the macro vector's score, less the mean share of the way to each next milder one. */
export function scoreCvss4(vector: CvssVector): number {
  const of = effective(vector);
  if (["VC", "VI", "VA", "SC", "SI", "SA"].every((metric) => of(metric) === "N")) return 0;
  const macro = levels(of);
  const [eq1, eq2, eq3, eq4, eq5, eq6] = macro;
  const value = macroVectorScore(macro) ?? 0;
  const ways: readonly (readonly [milder: number | undefined, share: number])[] = [
    [macroVectorScore([eq1 + 1, eq2, eq3, eq4, eq5, eq6]), share(reach, eq1)],
    [macroVectorScore([eq1, eq2 + 1, eq3, eq4, eq5, eq6]), share(effort, eq2)],
    [milderImpact(macro), share(impact, 2 * eq3 + eq6)],
    [macroVectorScore([eq1, eq2, eq3, eq4 + 1, eq5, eq6]), share(spread, eq4)],
    // EQ5 has one metric and so no way inside a level.
    [macroVectorScore([eq1, eq2, eq3, eq4, eq5 + 1, eq6]), 0],
  ];
  function share(group: Group, level: number): number {
    return distance(of, group, level) / (group.depth[level] ?? 1);
  }
  const open = ways.flatMap(([milder, part]) => (milder === undefined ? [] : [(value - milder) * part]));
  const mean = open.length === 0 ? 0 : open.reduce((sum, part) => sum + part, 0) / open.length;
  return Math.min(100, Math.max(0, Math.floor(value - mean + 0.5 + 1e-5))) / 10;
}
