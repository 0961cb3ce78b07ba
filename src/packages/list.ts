import type { Cataloger } from "./cataloger.ts";
import { apk } from "./catalogers/apk.ts";
import { bottlerocket } from "./catalogers/bottlerocket.ts";
import { chisel } from "./catalogers/chisel.ts";
import { dpkg } from "./catalogers/dpkg.ts";
import { opkg } from "./catalogers/opkg.ts";
import { pacman } from "./catalogers/pacman.ts";
import { rpmManifest } from "./catalogers/rpm-manifest.ts";
import { rpm } from "./catalogers/rpm.ts";

/** Every cataloger Plimsoll ships, one line each, sorted by id. */
export const builtInCatalogers: readonly Cataloger[] = [
  apk,
  bottlerocket,
  chisel,
  dpkg,
  opkg,
  pacman,
  rpm,
  rpmManifest,
];
