import { type Command, Option } from "commander";
import { severities } from "../../core/index.ts";

/** The options that say what of a scan counts. Evaluated in scan-options.ts, which is loaded when a scan runs. */
export function addScanPolicyOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on; high unless said").choices([
        ...severities,
        "none",
      ]),
    )
    .option("--exit-code <number>", "exit with this number, whatever the severity of what is found; 0 never fails")
    .option("--exit-on-eol <number>", "exit with this number when the distribution no longer gets security updates")
    .option("--severity <list>", "show only these: critical,high,medium,low,info,unknown")
    .option("--ignore-unfixed", "leave out what has no fix")
    .option(
      "--ignore-status <list>",
      "leave out these: affected,fixed,will_not_fix,fix_deferred,end_of_life,under_investigation",
    )
    .option("--pkg-types <list>", "show only packages of these: os, library, or types of package URLs like npm")
    .option("--skip-dirs <glob>", "leave out what is installed below such directories (may be repeated)", commas, [])
    .option("--skip-files <glob>", "leave out what such files tell of (may be repeated)", commas, [])
    .option("--distro <family/version>", "take the image for this distribution, like debian/12")
    .option("--vuln-severity-source <list>", "whose word on severity counts first, like debian,nvd")
    .option("--max-db-age <days>", "exit 3 when the advisories are older")
    .option("--ignorefile <file>", "read this instead of .trivyignore (may be repeated)", collect, [])
    .option(
      "--vex <file>",
      "an OpenVEX, CycloneDX or CSAF document: what it says is not affected or fixed does not count (may be repeated)",
      collect,
      [],
    )
    .option("--include-dev-deps", "in directories: also what lock files say only development needs")
    .addOption(
      new Option("--engine <scanner>", "let an installed scanner find, and this program attribute").choices([
        "trivy",
        "grype",
      ]),
    )
    .option("--from <report>", "read a JSON report of Trivy's or Grype's in place of scanning; - for standard input")
    .option("--image <image>", "with --from or --engine: the image, to tell its layers apart for certain")
    .option("-c, --config <file>", "read this plimsoll.yaml instead of the nearest one");
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function commas(value: string, before: readonly string[]): readonly string[] {
  return [
    ...before,
    ...value
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean),
  ];
}
