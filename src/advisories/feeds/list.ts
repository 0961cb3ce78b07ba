import { cvss } from "./cvss.ts";
import { debianTracker } from "./debian-tracker.ts";
import { epss } from "./epss.ts";
import type { Feed } from "./feed.ts";
import { kev } from "./kev.ts";
import { osv } from "./osv.ts";
import { runtimes } from "./runtimes.ts";
import { alpineSecdb, wolfiSecdb } from "./secdb.ts";

/** Every feed Plimsoll reads, one line each. A file belongs to the first that says it reads it. */
export const builtInFeeds: readonly Feed[] = [debianTracker, alpineSecdb, wolfiSecdb, runtimes, kev, epss, cvss, osv];
