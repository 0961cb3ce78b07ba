import { describe, expect, it } from "vitest";
import { chooseSeverity } from "./severity.ts";

const v31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N";
const v2 = "AV:N/AC:M/Au:N/C:N/I:P/A:N";
const ids = ["CVE-2024-1"];

describe("chooseSeverity", () => {
  it("believes the distribution about its own package first", () => {
    const chosen = chooseSeverity({
      ids,
      ofPackage: [{ source: "debian", severity: "low" }],
      general: [
        { source: "nvd", vector: v31 },
        { source: "debian", severity: "high" },
      ],
      matchedBy: "debian",
    });
    expect(chosen).toEqual({ severity: "low", source: "debian", by: "word" });
  });

  it("then the source that matched, GitHub for its own ids alone, NVD, the rest", () => {
    const general = [
      { source: "zzz", severity: "info" as const },
      { source: "ghsa", severity: "medium" as const },
      { source: "nvd", vector: v31 },
      { source: "ubuntu", severity: "low" as const },
    ];
    const ask = (more: { ids?: string[]; matchedBy?: string }): string | undefined =>
      chooseSeverity({ ids, ofPackage: [], general, ...more })?.source;
    expect(ask({ matchedBy: "ubuntu" })).toBe("ubuntu");
    expect(ask({ matchedBy: "alpine" })).toBe("nvd");
    expect(ask({ ids: ["GHSA-x"] })).toBe("ghsa");
    expect(ask({ ids: ["CVE-2024-1", "GHSA-x"] })).toBe("nvd");
    expect(chooseSeverity({ ids, ofPackage: [], general: general.slice(0, 2) })?.source).toBe("ghsa");
    expect(chooseSeverity({ ids, ofPackage: [], general: general.slice(0, 1) })?.source).toBe("zzz");
  });

  it("lets the user's order of sources stand above all, verdicts on the package too", () => {
    const chosen = chooseSeverity({
      ids,
      ofPackage: [{ source: "debian", severity: "low" }],
      general: [{ source: "nvd", vector: v31 }],
      preferred: ["redhat", "nvd"],
    });
    expect(chosen).toEqual({ severity: "critical", source: "nvd", by: "vector", score: 9.8, vector: v31 });
  });

  it("takes a source's word before its vectors, the newest vector before older ones, a bare score last", () => {
    const of = (...general: { vector?: string; score?: number; severity?: "low" }[]): unknown =>
      chooseSeverity({ ids, ofPackage: [], general: general.map((one) => ({ source: "nvd", ...one })) });
    expect(of({ vector: v31 }, { severity: "low" })).toEqual({
      severity: "low",
      source: "nvd",
      by: "word",
      score: 9.8,
      vector: v31,
    });
    expect(of({ vector: v2 }, { vector: v31 }, { vector: v4 })).toMatchObject({
      by: "vector",
      vector: v4,
      score: 6.9,
      severity: "medium",
    });
    expect(of({ score: 7 }, { vector: v2 })).toMatchObject({ by: "vector", score: 4.3 });
    expect(of({ vector: "CVSS:9.9/x" }, { score: 7 })).toEqual({
      severity: "high",
      source: "nvd",
      by: "score",
      score: 7,
    });
  });

  it("says nothing where nobody does", () => {
    expect(chooseSeverity({ ids, ofPackage: [], general: [] })).toBeUndefined();
    expect(
      chooseSeverity({
        ids,
        ofPackage: [{ source: "debian" }],
        general: [
          { source: "nvd", vector: "nonsense" },
          { source: "x", score: Number.NaN },
        ],
      }),
    ).toBeUndefined();
  });
});
