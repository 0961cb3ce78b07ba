import type { VersionScheme } from "../scheme.ts";
import { apk } from "./apk.ts";
import { bitnami } from "./bitnami.ts";
import { composer } from "./composer.ts";
import { dotted } from "./dotted.ts";
import { dpkg } from "./dpkg.ts";
import { go } from "./go.ts";
import { hex } from "./hex.ts";
import { maven } from "./maven.ts";
import { nuget } from "./nuget.ts";
import { opam } from "./opam.ts";
import { pep440 } from "./pep440.ts";
import { pub } from "./pub.ts";
import { rpm } from "./rpm.ts";
import { rubygems } from "./rubygems.ts";
import { semver } from "./semver.ts";

/** Every version scheme Plimsoll ships, one line each. */
export const builtInSchemes: readonly VersionScheme[] = [
  apk,
  bitnami,
  composer,
  dotted,
  dpkg,
  go,
  hex,
  maven,
  nuget,
  opam,
  pep440,
  pub,
  rpm,
  rubygems,
  semver,
];
