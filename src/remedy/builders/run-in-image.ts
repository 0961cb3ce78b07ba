import { runTool } from "../../host/index.ts";
import type { BuildJob, Builder } from "./builder.ts";

export interface ToolRequest {
  /** As FROM names it: an image that a build has pulled. */
  readonly image: string;
  /** For the container's `sh`. */
  readonly command: string;
  /** A directory of our own: it is copied into the container, for an engine may be on another machine, and back again. */
  readonly directory: string;
  readonly network?: string;
  /** KEY=VALUE that the container bears. */
  readonly label: string;
  readonly milliseconds: number;
}

const place = "/plimsoll";

/**
 * Runs a command in a container of an image, in a directory that comes back changed; it has no capabilities, and nothing of
 * this machine. Undefined when it went well, else why it did not. The container is removed.
 */
export async function runInImage(request: ToolRequest, builder: Builder, job: BuildJob): Promise<string | undefined> {
  const { image, command, directory, network, label, milliseconds } = request;
  if (!builder.runs) return `${builder.id} runs nothing`;
  const ask = async (...args: string[]) => runTool(builder.program, args, { ...job, milliseconds });
  const options = ["--label", label, "--user", "0", "--workdir", place, "--cap-drop", "ALL"];
  const made = await ask(
    "create",
    ...options,
    "--security-opt",
    "no-new-privileges",
    ...(network === undefined ? [] : ["--network", network]),
    "--entrypoint",
    "sh",
    image,
    "-ec",
    command,
  );
  const id = made.output.trim().split("\n").at(-1) ?? "";
  if (made.status !== 0 || id === "") return `no container of ${image} can be made: ${lastLines(made.said)}`;
  try {
    const steps = [
      ["cp", `${directory}/.`, `${id}:${place}`],
      ["start", "--attach", id],
      ["cp", `${id}:${place}/.`, directory],
    ];
    for (const step of steps) {
      const run = await ask(...step);
      if (run.status !== 0) return `${command}: ${run.ended === "time" ? "it took too long" : lastLines(run.said)}`;
    }
    return undefined;
  } finally {
    await runTool(builder.program, ["rm", "-f", "-v", id], { env: job.env, milliseconds: 60_000 });
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n").slice(-1000);
}
