import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, isNumber } from "./digits.ts";

/**
 * Numbers and nothing else: R's `package_version` (separated by dots or dashes, which are alike) and Haskell's package versions.
 * One number more is later, be it 0.
 */
export const dotted: VersionScheme = {
  id: "dotted",
  ecosystems: ["CRAN", "Bioconductor", "Hackage", "GHC"],
  valid: (version) => version.split(/[.-]/).every(isNumber),
  compare(a, b) {
    if (a === b) return 0;
    const [left, right] = [a.split(/[.-]/), b.split(/[.-]/)];
    for (let i = 0; i < left.length && i < right.length; i++) {
      const [x, y] = [left[i] ?? "", right[i] ?? ""];
      const [xNumber, yNumber] = [isNumber(x), isNumber(y)];
      const order = xNumber && yNumber ? compareDigits(x, y) : xNumber ? 1 : yNumber ? -1 : compareText(x, y);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  },
  examples: [
    "1.0 < 1.0.0",
    "1.2-3 = 1.2.3",
    "1.9 < 1.10",
    "0.7-1 > 0.7",
    "1.02 = 1.2",
    "2.1.2.1 > 2.1.2",
    "10 > 9.9",
    "1.5-2 < 1.5-10",
  ],
};
