import type { Cataloger } from "./cataloger.ts";

/** Every cataloger Plimsoll ships, one line each. */
export const builtInCatalogers: readonly Cataloger[] = [];
