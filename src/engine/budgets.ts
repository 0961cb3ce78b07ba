import type { BudgetResult, WeightDocument } from "../report/index.ts";

/** Limits that an image is held to; what is not said is not held. */
export interface Budgets {
  /** All bytes of content, unpacked. */
  readonly maxSize?: number;
  /** The layers as stored, what a pull costs. */
  readonly maxPull?: number;
  /** Bytes that no container sees, those of the base not counted. */
  readonly maxWaste?: number;
  readonly maxLayers?: number;
  /** dive's three rules, by its own names and formula. */
  readonly lowestEfficiency?: number;
  readonly highestWastedBytes?: number;
  readonly highestUserWastedPercent?: number;
}

/** What dive demands with `--ci` when nothing is configured. */
export const diveDefaults: Budgets = { lowestEfficiency: 0.9, highestUserWastedPercent: 0.1 };

type Measured = Pick<WeightDocument, "totals" | "efficiency"> & { readonly layers: number };

const measures: Readonly<
  Record<keyof Budgets, { readonly of: (measured: Measured) => number; readonly atLeast?: true }>
> = {
  maxSize: { of: ({ totals }) => totals.content.unpacked },
  maxPull: { of: ({ totals }) => totals.stored },
  maxWaste: { of: ({ totals }) => totals.deadOfUser.unpacked },
  maxLayers: { of: ({ layers }) => layers },
  lowestEfficiency: { of: ({ efficiency }) => efficiency.dive.efficiency, atLeast: true },
  highestWastedBytes: { of: ({ efficiency }) => efficiency.dive.wastedBytes },
  highestUserWastedPercent: { of: ({ efficiency }) => efficiency.dive.userWastedPercent },
};

export function checkBudgets(budgets: Budgets, measured: Measured): readonly BudgetResult[] {
  return (Object.keys(measures) as (keyof Budgets)[]).flatMap((name) => {
    const limit = budgets[name];
    if (limit === undefined) return [];
    const { of, atLeast } = measures[name];
    const value = of(measured);
    return [{ name, limit, value, holds: atLeast ? value >= limit : value <= limit }];
  });
}

/** "20MB", "1.5 GiB", "300000"; undefined when it is no size. Decimal units are powers of 1000, as dive reads them. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*([kmgt]?)(i?)b?\s*$/i.exec(text);
  if (!match) return undefined;
  const power = ["", "k", "m", "g", "t"].indexOf((match[2] ?? "").toLowerCase());
  return Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
}
