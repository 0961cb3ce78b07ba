import type { BuildContext } from "../../core/index.ts";
import { type CommandInstruction, type Dockerfile, normalizePath, type Stage, workdirAt } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { type Split, splitEdits, splitOf, type StageSplit } from "./split-stage.ts";

/** Signs that the code reads files or classes, or starts programs, that the compiler does not see. */
const readsMore =
  /\bnew File\(|\bFiles\.|\bFile(?:Input|Output)Stream\b|\bFile(?:Reader|Writer)\b|\bRandomAccessFile\b|\bPaths?\.(?:get|of)\(|\bProcessBuilder\b|\bgetRuntime\(\)\.exec|\bSystem\.load|\bURLClassLoader\b|\bgetResource/;
/** What a linked runtime could lack although no class names it. */
const loadsByName =
  /\bClass\.forName\b|\bServiceLoader\b|\bjavax\.(?:script|naming|management|print|sql)\b|\bjava\.(?:sql|rmi|awt|beans)\b|\bjavax\.swing\b|\bLocale\.(?!ROOT|ENGLISH|US\b)|\bCharset\.forName\b|\bjava\.lang\.instrument\b/;
const ownPackages =
  /^import\s+(?:static\s+)?(?!java\.|javax\.(?:net|crypto|security|xml)\b|jdk\.|com\.sun\.net\.httpserver\.)([\w.]+)/gm;

interface JavaStart {
  readonly instruction: CommandInstruction;
  /** The jar that is started. */
  readonly jar: string;
}

/**
 * Cuts a stage in two that compiles Java and starts a jar of it. What only the JDK's own modules serve gets a runtime of just
 * these modules (`jlink`); what Maven or Gradle put together gets the JRE of the same version.
 */
export function javaSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  builder: string,
  context: BuildContext | undefined,
  known: Known,
): Split | undefined {
  const split = splitOf(dockerfile, stage);
  const start = startsJar(dockerfile, stage);
  const version = javaVersion(stage.base.kind === "image" ? (stage.base.reference ?? "") : "");
  if (!split || !start || version === undefined || !context?.complete) return undefined;
  if (split.behind.some((one) => one.keyword === "HEALTHCHECK" && !one.none)) return undefined;
  const code = readSources(context);
  if (!code || code.readsMore) return undefined;
  const directory = workdirAt(dockerfile, start.instruction);
  const work = directory === undefined || directory === "/" ? [] : [`WORKDIR ${directory}`];
  const copy = `COPY --from=${split.stageName} ${start.jar} ${start.jar}`;
  if (builder !== "javac") return withJre(dockerfile, stage, split, version, [...work, copy], known);
  if (code.loadsByName || code.foreign || version < 11) return undefined;
  return withLinkedRuntime(dockerfile, stage, split, start.jar, version, [...work, copy], known);
}

function withJre(
  dockerfile: Dockerfile,
  stage: Stage,
  split: StageSplit,
  version: number,
  lines: readonly string[],
  known: Known,
): Split | undefined {
  const alpine = baseOf(dockerfile, stage, known).family === "alpine";
  const tag = `${version}-jre${alpine ? "-alpine" : ""}`;
  if (!known.tag("eclipse-temurin", tag)?.live) return undefined;
  return {
    title: "Ship the jar on a JRE from a second stage, if it needs nothing else of the project and no tool of the JDK",
    edits: splitEdits(dockerfile, stage, split, `eclipse-temurin:${tag}`, lines),
  };
}

function withLinkedRuntime(
  dockerfile: Dockerfile,
  stage: Stage,
  split: StageSplit,
  jar: string,
  version: number,
  lines: readonly string[],
  known: Known,
): Split | undefined {
  const { family, suite, reference } = baseOf(dockerfile, stage, known);
  // A JDK runs on any later glibc than the one it was built with; musl is another matter.
  const base =
    family === "alpine"
      ? suite?.replace("alpine", "alpine:")
      : family === "debian" || family === "rhel"
        ? `debian:${suite !== undefined && ["bullseye", "bookworm", "trixie"].includes(suite) ? suite : "trixie"}-slim`
        : undefined;
  if (base === undefined || reference === undefined) return undefined;
  const { newline, escape } = dockerfile;
  const elliptic = version < 22 ? ",jdk.crypto.ec" : "";
  const compress = version < 21 ? "2" : "zip-6";
  const link = [
    `RUN jlink --add-modules "$(jdeps --ignore-missing-deps --multi-release ${version} --print-module-deps ${jar})${elliptic}" ${escape}`,
    `    --strip-java-debug-attributes --no-header-files --no-man-pages --compress=${compress} --output /opt/java-runtime`,
    "",
  ].join(newline);
  const runtime = [
    "ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:$PATH LANG=C.UTF-8",
    `COPY --from=${split.stageName} /opt/java-runtime /opt/java`,
  ];
  return {
    title:
      "Ship the jar on a runtime of just the modules it uses, if it loads no classes by name and nothing else of the image is used",
    edits: splitEdits(dockerfile, stage, split, base, [...runtime, ...lines], undefined, link),
  };
}

/** `java … -jar FILE`, also in shell form with variables among the options. */
function startsJar(dockerfile: Dockerfile, stage: Stage): JavaStart | undefined {
  const commands = stage.instructions.filter(
    (one): one is CommandInstruction => one.keyword === "CMD" || one.keyword === "ENTRYPOINT",
  );
  const instruction = commands.findLast(({ keyword }) => keyword === "ENTRYPOINT") ?? commands.at(-1);
  const [command, ...more] = instruction?.script.commands ?? [];
  if (!instruction || command?.name !== "java" || more.length > 0 || instruction.script.broken) return undefined;
  const at = command.args.findIndex(({ raw }) => raw === "-jar" || raw === '"-jar"');
  const jar = command.args[at + 1]?.value;
  const options = command.args.slice(0, at);
  if (at < 0 || jar === undefined || !/^[\w./+-]+\.jar$/.test(jar)) return undefined;
  if (options.some(({ raw }) => /javaagent|agentlib|agentpath|classpath|-cp\b|module-path|Xlog|file:/i.test(raw)))
    return undefined;
  const directory = workdirAt(dockerfile, instruction);
  if (!jar.startsWith("/") && directory === undefined) return undefined;
  return { instruction, jar: normalizePath(jar.startsWith("/") ? jar : `${directory ?? ""}/${jar}`) };
}

/** The Java version of a JDK image's tag, of those whose JRE is known: "17" in `openjdk:17-slim`, "21" in `maven:3.9-eclipse-temurin-21`. */
function javaVersion(reference: string): number | undefined {
  const [, name = "", tag = ""] = /^(?:docker\.io\/(?:library\/)?)?([\w-]+):([\w.-]+)$/.exec(reference) ?? [];
  const version =
    name === "openjdk" || name === "eclipse-temurin"
      ? /^(\d+)(?:[.u_+-]|$)/.exec(tag)?.[1]
      : name === "maven"
        ? /-(?:eclipse-temurin|openjdk)-(\d+)/.exec(tag)?.[1]
        : name === "gradle"
          ? /jdk-?(\d+)/.exec(tag)?.[1]
          : undefined;
  return version === undefined ? undefined : Number(version);
}

function readSources(
  context: BuildContext,
): { readsMore: boolean; loadsByName: boolean; foreign: boolean } | undefined {
  const code = { readsMore: false, loadsByName: false, foreign: false };
  const packages = new Set<string>();
  const imported: string[] = [];
  let programs = 0;
  for (const file of context.files) {
    if (file.type !== "file" || file.ignored || !/\.(?:java|kt|scala|groovy)$/.test(file.path)) continue;
    if (/(?:^|\/)src\/test\//.test(file.path)) continue;
    const text = context.text(file.path);
    if (text === undefined || ++programs > 400) return undefined;
    const own = /^package\s+([\w.]+)/m.exec(text)?.[1];
    if (own !== undefined) packages.add(own);
    if (readsMore.test(text)) code.readsMore = true;
    if (loadsByName.test(text)) code.loadsByName = true;
    for (const match of text.matchAll(ownPackages)) imported.push(match[1] ?? "");
  }
  code.foreign = imported.some((name) => ![...packages].some((one) => name === one || name.startsWith(`${one}.`)));
  return programs === 0 ? undefined : code;
}
