import { exceptionIds, licenseIds } from "./license-ids.ts";

const spelling = new Map(licenseIds.map((id) => [id.toLowerCase(), id]));
const exceptions = new Map(exceptionIds.map((id) => [id.toLowerCase(), id]));
const longest = 2000;

/**
 * The SPDX licence expression that a text is, in the list's own spelling; undefined where it is none (SPDX 2.3, annex D). Linear,
 * and parentheses are counted, not followed.
 */
export function licenseExpression(text: string): string | undefined {
  if (text.length > longest) return undefined;
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const said: string[] = [];
  let depth = 0;
  let operand = true;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? "";
    if (operand) {
      if (token === "(") depth++;
      else {
        const id = licenseId(token);
        if (id === undefined) return undefined;
        operand = false;
        said.push(id);
        continue;
      }
    } else if (token === ")") {
      if (--depth < 0) return undefined;
    } else if (/^with$/i.test(token)) {
      const exception = exceptions.get((tokens[++index] ?? "").toLowerCase());
      if (exception === undefined || said.at(-1) === ")" || said.at(-2) === "WITH") return undefined;
      said.push("WITH", exception);
      continue;
    } else if (/^(?:and|or)$/i.test(token)) operand = true;
    else return undefined;
    said.push(token.toUpperCase());
  }
  if (operand || depth !== 0) return undefined;
  return said.join(" ").replaceAll("( ", "(").replaceAll(" )", ")");
}

/** An id of the list as it spells it; with "+" where it has no id of its own for later versions. */
function licenseId(token: string): string | undefined {
  const known = spelling.get(token.toLowerCase());
  if (known !== undefined || !token.endsWith("+")) return known;
  const plain = spelling.get(token.slice(0, -1).toLowerCase());
  return plain === undefined ? undefined : `${plain}+`;
}

/** Whether an expression is one id and nothing else. */
export function isLicenseId(expression: string): boolean {
  return spelling.get(expression.toLowerCase()) === expression;
}
