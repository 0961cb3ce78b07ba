import type { BuildContext } from "../../core/index.ts";
import { type Dockerfile, normalizePath, type RunInstruction, type Stage, workdirAt } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { entryCommand } from "./entry-command.ts";
import { runtimeLibraries } from "./runtime-libraries.ts";
import { type Split, splitEdits, splitOf } from "./split-stage.ts";

const readsSystem =
  /\bstd::(?:fs|process|env::current_(?:dir|exe)|os::unix)\b|\bfs::(?:read|write|File|canonicalize|metadata)|\bFile::(?:open|create)\b|\bCommand::new\b|\bServeDir\b|\bNamedFile\b|\blibloading\b|\bdlopen\b/;
/** Crates named like bindings that need nothing of the system at run time: other platforms', kernel's, or built in. */
const selfContained =
  /^(?:windows|linux-raw|js|web|wasi|core-foundation|security-framework|system-configuration|io-kit|mach2|zstd|bzip2|lzma|libz|libz-ng|lz4|tikv-jemalloc|jemalloc|libmimalloc|snmalloc|ring-core|aws-lc|aws-lc-fips|dirs|renderdoc|inotify|fsevent|errno-dragonfly|objc)-sys$/;

/**
 * Cuts a stage in two that builds a Rust program of the project and starts it: the second one has the distribution that it was
 * built on. Undefined where a crate binds a library that is not known, or the code reads files.
 */
export function rustSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  build: RunInstruction,
  context: BuildContext | undefined,
  known: Known,
): Split | undefined {
  const base = baseOf(dockerfile, stage, known);
  const split = splitOf(dockerfile, stage);
  const program = entryCommand(dockerfile, stage)?.program;
  const needs = context && rustNeeds(context);
  if (!split || !program || !needs || !isMadeHere(dockerfile, stage, build, program)) return undefined;
  if (split.behind.some((one) => one.keyword === "HEALTHCHECK" && !one.none)) return undefined;
  const { family, suite } = base;
  const libraries = needs.openssl && suite !== undefined ? runtimeLibraries("libssl-dev", suite) : [];
  const debian = family === "debian" && suite !== undefined && runtimeLibraries("zlib1g-dev", suite) !== undefined;
  const alpine = family === "alpine" && suite !== undefined && !needs.openssl;
  if (!libraries || (!debian && !alpine)) return undefined;
  const packages = [...libraries, ...(needs.roots ? ["ca-certificates"] : [])].sort();
  const install = debian
    ? `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/*`
    : `apk add --no-cache ${packages.join(" ")}`;
  const directory = stage.instructions.some(({ keyword }) => keyword === "WORKDIR")
    ? workdirAt(dockerfile, split.behind.at(-1) ?? split.last)
    : undefined;
  const lines = [
    ...(packages.length > 0 ? [`RUN ${install}`] : []),
    ...(directory === undefined || directory === "/" ? [] : [`WORKDIR ${directory}`]),
    `COPY --from=${split.stageName} ${program} ${program}`,
  ];
  return {
    title: "Ship the program alone from a second stage of the same distribution, if nothing else of the image is used",
    edits: splitEdits(
      dockerfile,
      stage,
      split,
      debian ? `debian:${suite}-slim` : (suite ?? "").replace("alpine", "alpine:"),
      lines,
    ),
  };
}

interface RustNeeds {
  readonly openssl: boolean;
  /** It makes TLS connections that are held against the roots of the system. */
  readonly roots: boolean;
}

function rustNeeds(context: BuildContext): RustNeeds | undefined {
  const lock = context.text("Cargo.lock");
  if (!context.complete || lock === undefined) return undefined;
  const crates = new Set([...lock.matchAll(/^name = "([\w-]+)"$/gm)].map((match) => match[1] ?? ""));
  for (const crate of crates)
    if (crate.endsWith("-sys") && crate !== "openssl-sys" && !selfContained.test(crate)) return undefined;
  let programs = 0;
  for (const file of context.files) {
    if (
      file.type !== "file" ||
      file.ignored ||
      !file.path.endsWith(".rs") ||
      /(?:^|\/)(?:tests|benches|examples)\//.test(file.path)
    )
      continue;
    const text = context.text(file.path);
    if (text === undefined || ++programs > 400) return undefined;
    if (readsSystem.test(text) && !file.path.endsWith("build.rs")) return undefined;
  }
  const has = (...names: readonly string[]): boolean => names.some((name) => crates.has(name));
  return programs === 0
    ? undefined
    : {
        openssl: has("openssl-sys") && !has("openssl-src"),
        roots: has("openssl-sys", "native-tls", "rustls-native-certs", "rustls-platform-verifier"),
      };
}

/** Whether cargo writes the program there, or a step puts it there by name. */
function isMadeHere(dockerfile: Dockerfile, stage: Stage, build: RunInstruction, program: string): boolean {
  if (!/^\/[\w./+-]+$/.test(program)) return false;
  const directory = workdirAt(dockerfile, build);
  const target = normalizePath(`${directory ?? "/"}/target`);
  if (program.startsWith(`${target}/`)) return true;
  return stage.instructions.some(
    (one) =>
      one.keyword === "RUN" && one.script.commands.some(({ args }) => args.some(({ value }) => value === program)),
  );
}
