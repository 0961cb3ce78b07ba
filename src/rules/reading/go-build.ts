import type { BuildContext } from "../../core/index.ts";
import {
  type Dockerfile,
  normalizePath,
  type RunInstruction,
  type ShellCommand,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";

/** One `go build` that makes the container's program. */
export interface GoBuild {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
  /** Where the binary lies in the stage. */
  readonly binary: string;
  readonly cgoOff: boolean;
}

/** The single `go build -o NAME` of a stage, when its result is what the container starts. */
export function goBuildOf(dockerfile: Dockerfile, stage: Stage, started: string): GoBuild | undefined {
  const builds = stage.instructions.flatMap((run) =>
    run.keyword === "RUN"
      ? run.script.named("go").flatMap((command) => (command.args[0]?.raw === "build" ? [{ run, command }] : []))
      : [],
  );
  const [build] = builds;
  if (!build || builds.length > 1 || build.run.script.commands.some((one) => one.name === "cd")) return undefined;
  const at = build.command.args.findIndex((word) => word.raw === "-o");
  const output = build.command.args[at + 1]?.value;
  const directory = workdirAt(dockerfile, build.run);
  if (at < 0 || output === undefined || directory === undefined || output.endsWith("/")) return undefined;
  const binary = normalizePath(output.startsWith("/") ? output : `${directory}/${output}`);
  if (started !== binary && normalizePath(`${directory}/${started}`) !== binary) return undefined;
  const cgoOff =
    build.command.assignments.some((word) => word.raw === "CGO_ENABLED=0") ||
    dockerfile.variable("CGO_ENABLED", build.run) === "0";
  return { ...build, binary, cgoOff };
}

/** Whether the sources say that the program needs cgo, or files beside its binary. */
export function goNeedsMore(context: BuildContext): boolean {
  return context.files.some((file) => {
    if (file.ignored || !file.path.endsWith(".go") || file.path.endsWith("_test.go")) return false;
    const text = context.text(file.path) ?? "";
    return /^import\s+"C"|"plugin"|\bos\.(?:Open|ReadFile|ReadDir|Stat)\s*\(\s*"[^/]|http\.(?:Dir|FileServer)|template\.ParseFiles|\bexec\.Command|time\.LoadLocation/m.test(
      text,
    );
  });
}

/** Whether the program calls out over TLS, which needs certificates. */
export function goCallsOut(context: BuildContext): boolean {
  return context.files.some(
    (file) =>
      !file.ignored &&
      file.path.endsWith(".go") &&
      /\bhttp\.(?:Get|Post|Client|NewRequest)|tls\.Dial|"crypto\/x509"/.test(context.text(file.path) ?? ""),
  );
}
