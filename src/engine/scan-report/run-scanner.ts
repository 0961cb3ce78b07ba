import { delimiter, join } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import { kindOf, runProgram } from "../../host/index.ts";

const halfAnHour = 30 * 60_000;
export const maximumReportBytes: number = 256 << 20;

const commands: Readonly<Record<"trivy" | "grype", (target: string) => readonly string[]>> = {
  trivy: (target: string) => ["image", "--format", "json", "--quiet", "--list-all-pkgs", "--scanners", "vuln", target],
  grype: (target: string) => ["--output", "json", "--quiet", target],
};

export type ForeignScanner = "trivy" | "grype";

/**
 * Runs an installed scanner over an image and returns the JSON it prints. No shell takes part, and a target that would be read as
 * an option is refused.
 * @throws PlimsollError scanner.missing, scanner.failed, usage.unknown-option
 */
export async function runScanner(
  scanner: ForeignScanner,
  target: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (target.startsWith("-"))
    throw new PlimsollError("usage.unknown-option", `${target} is no image`, { hint: "name an image" });
  const program = (env["PATH"] ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, scanner))
    .find((path) => kindOf(path) === "file");
  if (program === undefined)
    throw new PlimsollError("scanner.missing", `${scanner} is not installed`, {
      hint: `install it, give its report with --from, or leave out --engine: plimsoll scan ${target}`,
    });
  const { status, output } = await runProgram(program, commands[scanner](target), {
    input: "",
    env,
    milliseconds: halfAnHour,
    outputBytes: maximumReportBytes,
  });
  if (status !== 0)
    throw new PlimsollError(
      "scanner.failed",
      status === undefined ? `${scanner} did not end, or printed too much` : `${scanner} ended with status ${status}`,
      { hint: `see what it says: ${scanner} ${commands[scanner](target).join(" ")}` },
    );
  return Buffer.from(output.buffer, output.byteOffset, output.length).toString("utf8");
}
