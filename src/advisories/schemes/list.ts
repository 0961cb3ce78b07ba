import type { VersionScheme } from "../scheme.ts";

/** Every version scheme Plimsoll ships, one line each. */
export const builtInSchemes: readonly VersionScheme[] = [];
