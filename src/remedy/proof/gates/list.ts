import type { Gate } from "../gate.ts";
import { advisories } from "./advisories.ts";
import { bytes } from "./bytes.ts";
import { closed } from "./closed.ts";
import { config } from "./config.ts";
import { databases } from "./databases.ts";
import { entrypoint } from "./entrypoint.ts";
import { files } from "./files.ts";
import { findings } from "./findings.ts";
import { linkage } from "./linkage.ts";
import { packages } from "./packages.ts";

/** In the order they are held; the first that does not names the reason. What it takes to run comes before what it weighs. */
export const gates: readonly Gate[] = [
  findings,
  entrypoint,
  linkage,
  databases,
  packages,
  advisories,
  closed,
  config,
  files,
  bytes,
];
