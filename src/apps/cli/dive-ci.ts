import { existsSync } from "node:fs";
import { PlimsollError } from "../../core/index.ts";
import { type Budgets, parseSize } from "../../engine/index.ts";
import { readTextFile } from "../../host/index.ts";

const off = new Set(["", "disabled", "off", "false"]);

/**
 * dive's own configuration of its CI rules, `.dive-ci` in the working directory or the file named: "rules:" and under it a
 * name and a value a line. A rule that is turned off is undefined in the answer, and so not held.
 * @throws PlimsollError config.invalid, config.missing
 */
export function readDiveCi(path: string | undefined): { [K in keyof Budgets]: Budgets[K] | undefined } {
  const file = path ?? ".dive-ci";
  if (!existsSync(file)) {
    if (path === undefined) return {};
    throw new PlimsollError("config.missing", `${path} does not exist`, { hint: "leave --ci-config off" });
  }
  const budgets: { -readonly [K in keyof Budgets]: Budgets[K] | undefined } = {};
  for (const line of readTextFile(file, file).split("\n")) {
    const match = /^\s+(lowestEfficiency|highestWastedBytes|highestUserWastedPercent)\s*:\s*(.*?)\s*(?:#.*)?$/.exec(
      line,
    );
    if (!match) continue;
    const [, name, quoted = ""] = match;
    const text = quoted.replace(/^(["'])(.*)\1$/, "$2");
    const value = name === "highestWastedBytes" ? parseSize(text) : Number(text);
    if (off.has(text.toLowerCase())) budgets[name as keyof Budgets] = undefined;
    else if (value === undefined || Number.isNaN(value))
      throw new PlimsollError("config.invalid", `${file}: ${name} is ${text}`, {
        hint: "give it a number, a size like 20MB, or disabled",
      });
    else budgets[name as keyof Budgets] = value;
  }
  return budgets;
}
