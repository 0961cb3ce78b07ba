import type { Cataloger } from "./cataloger.ts";
import { apk } from "./catalogers/apk.ts";
import { bitnami } from "./catalogers/bitnami.ts";
import { bottlerocket } from "./catalogers/bottlerocket.ts";
import { brew } from "./catalogers/brew.ts";
import { bunLock } from "./catalogers/bun-lock.ts";
import { cabalFreeze } from "./catalogers/cabal-freeze.ts";
import { cargoLock } from "./catalogers/cargo-lock.ts";
import { chisel } from "./catalogers/chisel.ts";
import { composerLock } from "./catalogers/composer-lock.ts";
import { conanLock } from "./catalogers/conan-lock.ts";
import { conda } from "./catalogers/conda.ts";
import { cpan } from "./catalogers/cpan.ts";
import { denoLock } from "./catalogers/deno-lock.ts";
import { dotnet } from "./catalogers/dotnet.ts";
import { dpkg } from "./catalogers/dpkg.ts";
import { erlang } from "./catalogers/erlang.ts";
import { gemfileLock } from "./catalogers/gemfile-lock.ts";
import { goBinary } from "./catalogers/go-binary.ts";
import { goMod } from "./catalogers/go-mod.ts";
import { gradleCatalog } from "./catalogers/gradle-catalog.ts";
import { gradleLock } from "./catalogers/gradle-lock.ts";
import { java } from "./catalogers/java.ts";
import { julia } from "./catalogers/julia.ts";
import { luarocks } from "./catalogers/luarocks.ts";
import { mavenPom } from "./catalogers/maven-pom.ts";
import { mixLock } from "./catalogers/mix-lock.ts";
import { node } from "./catalogers/node.ts";
import { npmLock } from "./catalogers/npm-lock.ts";
import { nugetAssets } from "./catalogers/nuget-assets.ts";
import { nugetLock } from "./catalogers/nuget-lock.ts";
import { nugetProject } from "./catalogers/nuget-project.ts";
import { opam } from "./catalogers/opam.ts";
import { opkg } from "./catalogers/opkg.ts";
import { pacman } from "./catalogers/pacman.ts";
import { pdmLock } from "./catalogers/pdm-lock.ts";
import { pear } from "./catalogers/pear.ts";
import { php } from "./catalogers/php.ts";
import { pipfileLock } from "./catalogers/pipfile-lock.ts";
import { pnpmLock } from "./catalogers/pnpm-lock.ts";
import { podfileLock } from "./catalogers/podfile-lock.ts";
import { poetryLock } from "./catalogers/poetry-lock.ts";
import { pubspecLock } from "./catalogers/pubspec-lock.ts";
import { pylock } from "./catalogers/pylock.ts";
import { python } from "./catalogers/python.ts";
import { r } from "./catalogers/r.ts";
import { rebarLock } from "./catalogers/rebar-lock.ts";
import { renvLock } from "./catalogers/renv-lock.ts";
import { requirements } from "./catalogers/requirements.ts";
import { rpm } from "./catalogers/rpm.ts";
import { rpmManifest } from "./catalogers/rpm-manifest.ts";
import { ruby } from "./catalogers/ruby.ts";
import { runtimes } from "./catalogers/runtimes.ts";
import { rustBinary } from "./catalogers/rust-binary.ts";
import { stackLock } from "./catalogers/stack-lock.ts";
import { swiftLock } from "./catalogers/swift-lock.ts";
import { uvLock } from "./catalogers/uv-lock.ts";
import { yarnCache } from "./catalogers/yarn-cache.ts";
import { yarnLock } from "./catalogers/yarn-lock.ts";

/** Every cataloger Plimsoll ships, one line each, sorted by id. */
export const builtInCatalogers: readonly Cataloger[] = [
  apk,
  bitnami,
  bottlerocket,
  brew,
  bunLock,
  cabalFreeze,
  cargoLock,
  chisel,
  composerLock,
  conanLock,
  conda,
  cpan,
  denoLock,
  dotnet,
  dpkg,
  erlang,
  gemfileLock,
  goBinary,
  goMod,
  gradleCatalog,
  gradleLock,
  java,
  julia,
  luarocks,
  mavenPom,
  mixLock,
  node,
  npmLock,
  nugetAssets,
  nugetLock,
  nugetProject,
  opam,
  opkg,
  pacman,
  pdmLock,
  pear,
  php,
  pipfileLock,
  pnpmLock,
  podfileLock,
  poetryLock,
  pubspecLock,
  pylock,
  python,
  r,
  rebarLock,
  renvLock,
  requirements,
  rpm,
  rpmManifest,
  ruby,
  runtimes,
  rustBinary,
  stackLock,
  swiftLock,
  uvLock,
  yarnCache,
  yarnLock,
];
