import type { MatchFamily } from "../family.ts";
import { apk } from "./apk.ts";
import { deb } from "./deb.ts";
import { language } from "./language.ts";
import { rpm } from "./rpm.ts";
import { runtimes } from "./runtimes.ts";

/** Every kind of package there are advisories about, one line each. */
export const matchFamilies: readonly MatchFamily[] = [deb, apk, rpm, language, runtimes];
