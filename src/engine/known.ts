import {
  type BaseFacts,
  baseFacts,
  type OfficialImages,
  openOfficialImages,
  parseReference,
  type TextParts,
} from "../bases/index.ts";
import { builtInRules, type Known, type SitePolicy } from "../rules/index.ts";

/** Bases kept: several rules ask about the same one. */
const maximumBases = 4096;

/**
 * What rules may know: the site's policy, and the facts compiled into Plimsoll.
 * @param readTable gives the text of the official-images table; called when a rule first asks, and not again
 * @param names gives ids and aliases of the rules there are; called when a rule first asks
 */
export function createKnown(
  policy: SitePolicy,
  readTable: () => TextParts | undefined,
  today?: string,
  names: () => readonly string[] = () => namesOf(builtInRules),
): Known {
  let ruleNames: readonly string[] | undefined;
  let table: OfficialImages | undefined;
  let opened = false;
  const bases = new Map<string, BaseFacts>();
  const images = (): OfficialImages | undefined => {
    if (!opened) {
      opened = true;
      const text = readTable();
      if (text !== undefined) table = openOfficialImages(text);
    }
    return table;
  };
  return {
    policy,
    get ruleNames() {
      return (ruleNames ??= names());
    },
    ...(today === undefined ? {} : { today }),
    tag: (repository, tag) => images()?.tag(repository, tag),
    repository: (repository) => images()?.repository(repository),
    base: (reference) => {
      const answered = bases.get(reference);
      if (answered) return answered;
      const parsed = parseReference(reference);
      const exact =
        parsed?.official && parsed.tag !== undefined ? images()?.tag(parsed.official, parsed.tag)?.exact : undefined;
      const facts = baseFacts(reference, exact);
      if (bases.size < maximumBases) bases.set(reference, facts);
      return facts;
    },
  };
}

/** Ids and aliases of rules. */
export function namesOf(
  rules: readonly { readonly id: string; readonly aliases?: readonly string[] }[],
): readonly string[] {
  return rules.flatMap(({ id, aliases }) => [id, ...(aliases ?? [])]);
}
