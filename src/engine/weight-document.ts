import { formatPlatform } from "../image/index.ts";
import type { BudgetResult, WeightDocument } from "../report/index.ts";
import { type Bytes, diveFigures, heaviest, type Waste } from "../weight/index.ts";
import { type Budgets, checkBudgets } from "./budgets.ts";
import type { ExaminedImage } from "./examine-image.ts";

const shown = 10;

/** One value of all that was weighed, with the budgets held against it. */
export function weightDocument(examined: ExaminedImage, budgets: Budgets, version: string): WeightDocument {
  const { image, weight, gaps } = examined;
  const { layers, waste, baseLayers } = weight;
  const ofBase = (one: Waste): boolean => one.layer < baseLayers;
  const totals: WeightDocument["totals"] = {
    stored: layers.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    compressed: layers.every(({ storedBytes, tarBytes }) => storedBytes < tarBytes || tarBytes <= 1024),
    tar: layers.reduce((sum, { tarBytes }) => sum + tarBytes, 0),
    content: weight.total,
    visible: weight.visible,
    deadInBase: sumWaste(waste.filter(ofBase)),
    deadOfUser: sumWaste(waste.filter((one) => !ofBase(one))),
    baseLayers,
  };
  const { dive, heavy } = examined.remember(["weight document", shown], () => ({
    dive: diveFigures(examined.scans, examined.merged),
    heavy: heaviest(examined.merged.tree, shown),
  }));
  const efficiency = {
    visible: weight.total.unpacked === 0 ? 1 : weight.visible.unpacked / weight.total.unpacked,
    dive,
  };
  const results: readonly BudgetResult[] = checkBudgets(budgets, { totals, efficiency, layers: layers.length });
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version },
    image: {
      reference: image.reference,
      digest: image.digest,
      platform: formatPlatform(image.platform),
      ...(image.config.created === undefined ? {} : { created: image.config.created }),
      attestations: image.attestations,
    },
    totals,
    layers,
    waste,
    heaviest: heavy,
    efficiency,
    budgets: results,
    verdict: results.some(({ holds }) => !holds) ? "fail" : gaps.length > 0 ? "incomplete" : "pass",
    gaps,
  };
}

function sumWaste(waste: readonly Waste[]): Bytes {
  return waste.reduce<Bytes>(
    (sum, { bytes }) => ({ unpacked: sum.unpacked + bytes.unpacked, stored: sum.stored + bytes.stored }),
    { unpacked: 0, stored: 0 },
  );
}
