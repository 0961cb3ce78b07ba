import { imageUses } from "../../rules/index.ts";
import { parseDockerfile } from "../../syntax/index.ts";
import type { Action } from "../action.ts";
import type { Candidate } from "./prove.ts";

/**
 * The actions without which a failed build would not have named the image that it names: where it cannot be had, they brought
 * it in. None where the build failed otherwise, or at an image that the original names, too.
 * @param apply what fewer actions end in
 */
export async function suspectsOf(
  failure: string,
  chosen: readonly Action[],
  candidate: Candidate,
  original: Candidate,
  apply: (actions: readonly Action[]) => Candidate | Promise<Candidate>,
): Promise<readonly Action[]> {
  const known = imagesIn(original);
  const named = [...imagesIn(candidate)].filter((image) => !known.has(image) && failure.includes(image));
  if (named.length === 0) return [];
  const found: Action[] = [];
  for (const action of chosen) {
    const without = imagesIn(await apply(chosen.filter((one) => one !== action)));
    if (named.some((image) => !without.has(image))) found.push(action);
  }
  return found;
}

function imagesIn({ dockerfile }: Candidate): ReadonlySet<string> {
  return new Set(imageUses(parseDockerfile({ path: "", text: dockerfile })).map(({ text }) => text));
}
