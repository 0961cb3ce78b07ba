import { join } from "node:path";
import { PlimsollError } from "../../../core/index.ts";
import { pathExists, readTextFile, writeFileAtomically } from "../../../host/index.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

const config = `# yaml-language-server: $schema=https://raw.githubusercontent.com/plimsoll/plimsoll/main/schema/plimsoll.schema.json
# How Plimsoll judges this project. Every line may go; these are the defaults.

# Exit 1 from this severity on: critical, high, medium, low, info or none.
fail-on: medium

# A rule's severity, or off; opt-in rules are turned on here too. \`plimsoll rules\` lists them.
# Ids of hadolint, BuildKit, Trivy and Dockle work as well.
rules: {}
#  not-digest-pinned: on
#  healthcheck-missing: off

# Findings to hold back, with the reason and, best, a day from which they count again.
ignore: []
#  - rule: no-user
#    path: tools/*.Dockerfile
#    reason: build tools, never deployed
#    until: 2027-01-01

# Registries and images that may be used; * at either end. Empty allows all.
trusted-registries: []

# A build context above this is reported.
context-limit: 50MB

# Dockerfiles that a search leaves out.
exclude: []
`;

const github = `name: plimsoll
on: [push, pull_request]
permissions:
  contents: read
  security-events: write
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npx --yes plimsoll@${version} check --format sarif --output plimsoll.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with: { sarif_file: plimsoll.sarif }
`;

const gitlab = `plimsoll:
  image: node:22-slim
  script:
    - npx --yes plimsoll@${version} check
`;

const preCommit = `  - repo: local
    hooks:
      - id: plimsoll
        name: plimsoll
        entry: npx --yes plimsoll@${version} check
        language: system
        files: (^|/)(Dockerfile|Containerfile)(\\..*)?$|\\.(Dockerfile|Containerfile)$
`;

/** `plimsoll init`: writes new files only; what is there is never touched, but for an entry added to the pre-commit file. */
export async function init(
  options: { readonly ci?: string; readonly preCommit?: boolean },
  terminal: Terminal,
): Promise<number> {
  const files: [path: string, text: string][] = [["plimsoll.yaml", config]];
  if (options.ci === "github") files.push([".github/workflows/plimsoll.yml", github]);
  if (options.ci === "gitlab") files.push([".gitlab-ci.plimsoll.yml", gitlab]);
  const present = files.find(([path]) => pathExists(join(process.cwd(), path)));
  if (present)
    throw new PlimsollError("output.unwritable", `${present[0]} is there already`, {
      hint: "nothing was written: move it away, or edit it",
    });
  for (const [path, text] of files) {
    writeFileAtomically(join(process.cwd(), path), text, { makeDirectories: true });
    terminal.note(`wrote ${path}`);
  }
  if (options.ci === "gitlab") terminal.note("include it: add `include: .gitlab-ci.plimsoll.yml` to .gitlab-ci.yml");
  if (options.preCommit) addPreCommit(terminal);
  return 0;
}

function addPreCommit(terminal: Terminal): void {
  const path = join(process.cwd(), ".pre-commit-config.yaml");
  const text = pathExists(path) ? readTextFile(path, ".pre-commit-config.yaml") : "repos:\n";
  if (text.includes("id: plimsoll")) {
    terminal.note(".pre-commit-config.yaml has the entry already");
    return;
  }
  if (!/^repos:\s*$/m.test(text))
    throw new PlimsollError("config.invalid", ".pre-commit-config.yaml has no `repos:` line to add to", {
      hint: `add this yourself:\n${preCommit}`,
    });
  writeFileAtomically(path, text.replace(/^repos:\s*\n/m, `repos:\n${preCommit}`));
  terminal.note("added the entry to .pre-commit-config.yaml");
}
