import type { Proposal } from "./plan-subject.ts";
import { anyScope, type Scope, scopeOfRule } from "./proof/scope.ts";

/** Files of other versions are other files, under other names too; the configuration is none of theirs. */
const otherVersions: Scope = { ...anyScope, trades: "nothing", config: /^\b$/ };

/** Lists of packages and of their files, and the layer's own entries, for each package. */
const records = 1 << 20;

/**
 * What a remedy's proposal may do to an image. An upgrade by name leaves the old files in the layers below: it may cost what its
 * packages weigh, half as much again for what a newer version has more, and the records. A language's package takes the place
 * of another one; what it needs may come with it.
 */
export function scopeOfProposal(remedy: string, { bytes, closes = [] }: Proposal): Scope {
  const grows = Math.max(0, -(bytes?.value ?? 0));
  const count = new Set(closes.map(({ purl }) => purl)).size;
  if (remedy === "base-change") return { ...scopeOfRule("base-unsupported-tag"), growth: grows };
  if (remedy === "lock-file-bump") return { ...otherVersions, growth: count * 2 * records };
  if (remedy === "binary-rebuild") return { ...scopeOfRule("base-unsupported-tag"), growth: 8 * records };
  if (remedy === "installer-removal") return { ...otherVersions, packages: "fewer", growth: records };
  return { ...otherVersions, packages: "same", growth: Math.ceil(grows * 1.5) + count * records };
}
