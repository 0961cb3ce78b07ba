import type { Purl } from "../../../packages/index.ts";
import type { ScannedMatch, ScanTarget } from "../../../report/index.ts";
import { namesImage } from "./image-purl.ts";
import { isAbout, type VexStatement } from "./statement.ts";

/** The statement that holds for a match. */
export type VexVerdict = Pick<VexStatement, "status" | "justification" | "by" | "why">;

/** For each match the last of the statements about it: by their time, and among those of one time the one read last. */
export function createVexReader(
  target: ScanTarget,
  statements: readonly VexStatement[],
): (match: ScannedMatch, purl: Purl | undefined) => VexVerdict | undefined {
  const byId = new Map<string, VexStatement[]>();
  for (const statement of statements)
    for (const id of new Set(statement.ids)) {
      const together = byId.get(id);
      if (together) together.push(statement);
      else byId.set(id, [statement]);
    }
  const image = namesImage(target);
  return ({ id, aliases }, purl) => {
    if (!purl || byId.size === 0) return undefined;
    const about = new Set([id, ...aliases].flatMap((one) => byId.get(one.toUpperCase()) ?? []));
    let last: VexStatement | undefined;
    for (const statement of about)
      if ((!last || timeOf(statement) >= timeOf(last)) && statement.products.some((one) => isAbout(one, image, purl)))
        last = statement;
    return last;
  };
}

function timeOf({ at }: VexStatement): number {
  return Date.parse(at) || 0;
}
