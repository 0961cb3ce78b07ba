import type { Cataloger } from "./cataloger.ts";
import { apk } from "./catalogers/apk.ts";
import { bottlerocket } from "./catalogers/bottlerocket.ts";
import { bunLock } from "./catalogers/bun-lock.ts";
import { cargoLock } from "./catalogers/cargo-lock.ts";
import { chisel } from "./catalogers/chisel.ts";
import { composerLock } from "./catalogers/composer-lock.ts";
import { conda } from "./catalogers/conda.ts";
import { dotnet } from "./catalogers/dotnet.ts";
import { dpkg } from "./catalogers/dpkg.ts";
import { gemfileLock } from "./catalogers/gemfile-lock.ts";
import { goBinary } from "./catalogers/go-binary.ts";
import { goMod } from "./catalogers/go-mod.ts";
import { gradleCatalog } from "./catalogers/gradle-catalog.ts";
import { gradleLock } from "./catalogers/gradle-lock.ts";
import { java } from "./catalogers/java.ts";
import { mavenPom } from "./catalogers/maven-pom.ts";
import { mixLock } from "./catalogers/mix-lock.ts";
import { node } from "./catalogers/node.ts";
import { npmLock } from "./catalogers/npm-lock.ts";
import { nugetAssets } from "./catalogers/nuget-assets.ts";
import { nugetLock } from "./catalogers/nuget-lock.ts";
import { nugetProject } from "./catalogers/nuget-project.ts";
import { opkg } from "./catalogers/opkg.ts";
import { pacman } from "./catalogers/pacman.ts";
import { pdmLock } from "./catalogers/pdm-lock.ts";
import { php } from "./catalogers/php.ts";
import { pipfileLock } from "./catalogers/pipfile-lock.ts";
import { pnpmLock } from "./catalogers/pnpm-lock.ts";
import { poetryLock } from "./catalogers/poetry-lock.ts";
import { pubspecLock } from "./catalogers/pubspec-lock.ts";
import { pylock } from "./catalogers/pylock.ts";
import { python } from "./catalogers/python.ts";
import { requirements } from "./catalogers/requirements.ts";
import { rpm } from "./catalogers/rpm.ts";
import { rpmManifest } from "./catalogers/rpm-manifest.ts";
import { ruby } from "./catalogers/ruby.ts";
import { runtimes } from "./catalogers/runtimes.ts";
import { rustBinary } from "./catalogers/rust-binary.ts";
import { uvLock } from "./catalogers/uv-lock.ts";
import { yarnLock } from "./catalogers/yarn-lock.ts";

/** Every cataloger Plimsoll ships, one line each, sorted by id. */
export const builtInCatalogers: readonly Cataloger[] = [
  apk,
  bottlerocket,
  bunLock,
  cargoLock,
  chisel,
  composerLock,
  conda,
  dotnet,
  dpkg,
  gemfileLock,
  goBinary,
  goMod,
  gradleCatalog,
  gradleLock,
  java,
  mavenPom,
  mixLock,
  node,
  npmLock,
  nugetAssets,
  nugetLock,
  nugetProject,
  opkg,
  pacman,
  pdmLock,
  php,
  pipfileLock,
  pnpmLock,
  poetryLock,
  pubspecLock,
  pylock,
  python,
  requirements,
  rpm,
  rpmManifest,
  ruby,
  runtimes,
  rustBinary,
  uvLock,
  yarnLock,
];
