import { chooseStore } from "../../advisories/index.ts";
import { PlimsollError } from "../../core/index.ts";
import type { ScanOptions } from "../../engine/index.ts";
import { cacheDirectory } from "../../host/index.ts";
import { builtInCatalogers, type Cataloger } from "../../packages/index.ts";
import { type ScanPolicyOptions, severitySources } from "./scan-options.ts";
import { today } from "./start.ts";
import { version } from "./version.ts";

/** Those that tell what is really there. */
export const installedCatalogers: readonly Cataloger[] = builtInCatalogers.filter(
  ({ evidence }) => evidence === "installed",
);

/** What scanning needs beside the image: the catalogers for what is installed, and the store in use. */
export function scanSettings(
  options: { readonly store?: string } & Pick<ScanPolicyOptions, "distro" | "vulnSeveritySource">,
): ScanOptions {
  const path = options.store ?? process.env["PLIMSOLL_STORE"];
  const sources = severitySources(options);
  return {
    catalogers: installedCatalogers,
    store: chooseStore({ cache: cacheDirectory(process.env), ...(path ? { path } : {}) }),
    today: today(),
    version,
    ...(options.distro === undefined ? {} : { distro: options.distro }),
    ...(sources.length > 0 ? { severitySources: sources } : {}),
  };
}

/** The same for commands that do without advisories where none are at hand, and say why. */
export function settingsAtHand(): { readonly settings: ScanOptions } | { readonly reason: string } {
  try {
    return { settings: scanSettings({}) };
  } catch (error) {
    if (error instanceof PlimsollError) return { reason: error.message };
    throw error;
  }
}
