import type { Cataloger } from "./cataloger.ts";
import { apk } from "./catalogers/apk.ts";
import { dpkg } from "./catalogers/dpkg.ts";

/** Every cataloger Plimsoll ships, one line each, sorted by id. */
export const builtInCatalogers: readonly Cataloger[] = [
  apk, // keep one a line
  dpkg,
];
