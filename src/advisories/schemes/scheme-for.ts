import type { VersionScheme } from "../scheme.ts";
import { builtInSchemes } from "./list.ts";

/**
 * The scheme that orders an ecosystem's versions, by its OSV name with or without a release ("Debian:12", "PyPI");
 * undefined where none is known: such versions can only be held equal, never ordered.
 */
export function schemeFor(
  ecosystem: string,
  schemes: readonly VersionScheme[] = builtInSchemes,
): VersionScheme | undefined {
  const colon = ecosystem.indexOf(":");
  const name = colon < 0 ? ecosystem : ecosystem.slice(0, colon);
  return schemes.find((scheme) => scheme.ecosystems.includes(name));
}
