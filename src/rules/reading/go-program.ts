import type { BuildContext } from "../../core/index.ts";
import {
  type Dockerfile,
  findOption,
  hasOption,
  normalizePath,
  operandsOf,
  type RunInstruction,
  type ShellCommand,
  workdirAt,
} from "../../syntax/index.ts";

const valued: ReadonlySet<string> = new Set([
  "-o",
  "-C",
  "-p",
  "-asmflags",
  "-buildmode",
  "-compiler",
  "-gcflags",
  "-ldflags",
  "-mod",
  "-modfile",
  "-overlay",
  "-pgo",
  "-pkgdir",
  "-tags",
]);

/** Absolute path of what a `go build` writes; undefined where it cannot be known or is no program that stands alone. */
export function goProduct(
  dockerfile: Dockerfile,
  run: RunInstruction,
  build: ShellCommand,
  context: BuildContext | undefined,
): string | undefined {
  if (hasOption(build, "-race", "-msan", "-asan", "-buildmode", "-C", "-n")) return undefined;
  if (run.script.commands.some((one) => one.name === "cd" && one.range.start < build.range.start)) return undefined;
  const directory = workdirAt(dockerfile, run);
  const output = findOption(build, "-o");
  const written = output?.value?.startsWith("-o=")
    ? output.value.slice(3)
    : output
      ? build.args[build.args.indexOf(output) + 1]?.value
      : defaultName(build, context);
  if (written === undefined || written === "" || written.endsWith("/")) return undefined;
  if (written.startsWith("/")) return normalizePath(written);
  return directory === undefined ? undefined : normalizePath(`${directory}/${written}`);
}

/** The last element of the package's path, or of the module's for the package in the directory itself. */
function defaultName(build: ShellCommand, context: BuildContext | undefined): string | undefined {
  const [, target, ...more] = operandsOf(build, valued).map((word) => word.value);
  if (more.length > 0) return undefined;
  if (target !== undefined && target !== ".") {
    const name = target.split("/").pop() ?? "";
    return name === "..." ? undefined : name.replace(/\.go$/, "");
  }
  const module = /^module[ \t]+"?([^\s"]+)/m.exec(context?.text("go.mod") ?? "")?.[1];
  return module
    ?.replace(/\/v\d+$/, "")
    .split("/")
    .pop();
}

export interface GoNeeds {
  /** Its own code and the standard library are all there is, and neither reads files nor starts other programs. */
  readonly standsAlone: boolean;
  /** C code is linked: without CGO it does not build, or lacks a part. */
  readonly c: boolean;
  /** It makes TLS connections and so needs the roots of trust. */
  readonly roots: boolean;
}

const cModules =
  /\b(?:mattn\/go-sqlite3|confluent-kafka-go|gopkg\.in\/gographics|h2non\/bimg|davidbyttow\/govips|git2go|tecbot\/gorocksdb)\b/;
const readsSystem =
  /"(?:os\/exec|os\/user|os\/signal\/.*|plugin|database\/sql|syscall|log\/syslog|html\/template|text\/template)"|\bos\.(?:Open|OpenFile|ReadFile|ReadDir|Create|CreateTemp|WriteFile|Mkdir|MkdirAll|MkdirTemp|TempDir|DirFS|Stat|Lstat|Chdir|Getwd|Rename|Remove|RemoveAll|UserHomeDir|Executable|StartProcess)\b|\bioutil\.|\bfilepath\.(?:Walk|WalkDir|Glob)\b|\bhttp\.(?:Dir|FileServer|ServeFile|FS)\b|\bListenAndServeTLS\b|\bLoadLocation\b|\bLoadX509KeyPair\b/;
const dialsTls =
  /\bhttp\.(?:Get|Post|PostForm|Head|Client|DefaultClient|NewRequest\w*|Transport)\b|\btls\.Dial|"(?:net\/smtp|crypto\/x509)"/;

/** What a Go program in the context needs beside itself at run time; undefined where not all of its code is at hand. */
export function goNeeds(context: BuildContext | undefined): GoNeeds | undefined {
  const module = context?.text("go.mod");
  if (!context?.complete || module === undefined) return undefined;
  const needs = { standsAlone: !/^\s*require\b/m.test(module), c: cModules.test(module), roots: false };
  let programs = 0;
  for (const file of context.files) {
    if (file.type !== "file" || file.ignored || !file.path.endsWith(".go") || file.path.endsWith("_test.go")) continue;
    const text = context.text(file.path);
    if (text === undefined || ++programs > 400) return { ...needs, standsAlone: false };
    if (/^import\s+"C"|^\s+"C"$/m.test(text)) needs.c = true;
    if (readsSystem.test(text)) needs.standsAlone = false;
    if (dialsTls.test(text)) needs.roots = true;
  }
  return programs === 0 ? undefined : needs;
}
