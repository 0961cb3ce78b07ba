import { runTool, type ToolRun } from "../../host/index.ts";

/** Where builds run: the environment of the client programs, and who is told of what they start. */
export interface BuildJob {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** See `ToolOptions.onGroup`. */
  readonly onGroup?: (group: number, running: boolean) => void;
}

/** One build. Before and after differ in nothing of it but the texts in the scratch copy and the tag. */
export interface BuildRequest {
  /** The context's directory, in a scratch copy. */
  readonly context: string;
  /** The Dockerfile, in the same copy. */
  readonly dockerfile: string;
  readonly ignoreFile?: string;
  readonly target?: string;
  /** "linux/amd64"; the builder's own when not said. */
  readonly platform?: string;
  /** What RUN reaches: "none", "host", …; the builder's own when not said. */
  readonly network?: string;
  /** KEY=VALUE, or KEY to take it from the environment. */
  readonly buildArgs: readonly string[];
  readonly tag: string;
  /** KEY=VALUE: by it, all that comes of the run is found again. */
  readonly label: string;
  readonly milliseconds: number;
}

export type BuildOutcome =
  | {
      /** As image sources read it. */
      readonly reference: string;
      /** As the builder's own program calls it. */
      readonly name: string;
    }
  | { readonly failure: string };

/** Something that builds images, driven by its own command line program. */
export interface Builder {
  readonly id: string;
  readonly summary: string;
  readonly program: string;
  /** Whether the program also runs what it has built. */
  readonly runs: boolean;
  /** Whether it is there and answers; it never rejects but when it is stopped. */
  available(job: BuildJob): Promise<boolean>;
  /** A build that fails or takes too long is an outcome and no error. */
  build(request: BuildRequest, job: BuildJob): Promise<BuildOutcome>;
}

const answerWithin = 20_000;

/** Asks a builder's program something small; undefined when it does not answer with success. */
export async function askTool(program: string, args: readonly string[], job: BuildJob): Promise<string | undefined> {
  const run = await runTool(program, args, { ...job, milliseconds: answerWithin });
  return run.status === 0 ? run.output.trim() : undefined;
}

/** Options that every builder's program has alike. */
export function commonArguments(request: BuildRequest): string[] {
  const { target, platform, network } = request;
  return [
    "--file",
    request.dockerfile,
    "--tag",
    request.tag,
    "--label",
    request.label,
    ...(target === undefined ? [] : ["--target", target]),
    ...(platform === undefined ? [] : ["--platform", platform]),
    ...(network === undefined ? [] : ["--network", network]),
    ...request.buildArgs.flatMap((one) => ["--build-arg", one]),
  ];
}

/** Builds, and says in a few lines why it did not come to an image. */
export async function runBuild(
  program: string,
  args: readonly string[],
  request: BuildRequest,
  job: BuildJob,
  reference: string,
): Promise<BuildOutcome & { readonly said: string }> {
  const run = await runTool(program, args, { ...job, milliseconds: request.milliseconds });
  return run.status === 0
    ? { reference, name: request.tag, said: run.said }
    : { failure: whyItFailed(run, request), said: run.said };
}

const shownLines = 12;

function whyItFailed({ ended, said }: ToolRun, { buildArgs, milliseconds }: BuildRequest): string {
  if (ended === "missing") return "the builder's program could not be started";
  const last = said.trim().split("\n").slice(-shownLines).join("\n");
  const secret = buildArgs.map((one) => one.slice(one.indexOf("=") + 1)).filter((value) => value.length >= 4);
  const shown = secret.reduce((text, value) => text.replaceAll(value, "****"), last);
  return ended === "time" ? `took more than ${Math.round(milliseconds / 1000)} s: ${shown}` : shown;
}
