import { join, resolve } from "node:path";
import type { SourceText } from "../../core/index.ts";
import { displayPath, kindOf, readDocument, readTextFile } from "../../host/index.ts";
import type { Policy } from "../policy.ts";
import type { IgnoreRule } from "./ignore-rule.ts";
import { readGrypeConfig } from "./read-grype-config.ts";
import { readTrivyIgnore } from "./read-trivyignore.ts";
import { readTrivyIgnoreYaml } from "./read-trivyignore-yaml.ts";
import { readVex } from "./vex/read-vex.ts";
import type { VexStatement } from "./vex/statement.ts";

export interface IgnoreRequest {
  /** Where files are looked for, and what paths are relative to. */
  readonly root: string;
  /** `--ignorefile`: in place of `.trivyignore` and `.trivyignore.yaml` of the root. */
  readonly ignoreFiles: readonly string[];
  /** `--vex`. */
  readonly vex: readonly string[];
  /** `plimsoll.yaml`, read. */
  readonly policy: Policy;
}

/** The rule whose ignores hold for all vulnerabilities. */
export const vulnerableRule = "image-vulnerable-package";

const trivyNames = [".trivyignore", ".trivyignore.yaml", ".trivyignore.yml"];
const grypeNames = [".grype.yaml", ".grype.yml", join(".grype", "config.yaml")];
const maximumVexBytes = 64 << 20;

/**
 * Everything that says what is not to be told: `.trivyignore`, `.trivyignore.yaml` and `.grype.yaml` of the working directory,
 * `plimsoll.yaml`, and the VEX documents named.
 * @throws PlimsollError config.invalid, and what reading a file that was named throws
 */
export async function loadIgnores(
  request: IgnoreRequest,
): Promise<{ readonly ignores: readonly IgnoreRule[]; readonly statements: readonly VexStatement[] }> {
  const { root, policy } = request;
  const there = (names: readonly string[]): readonly string[] =>
    names.filter((name) => kindOf(join(root, name)) === "file");
  const source = (name: string): SourceText => {
    const path = resolve(root, name);
    return { path: displayPath(root, path), text: readTextFile(path, displayPath(root, path)) };
  };
  const ignores: IgnoreRule[] = [];
  for (const name of request.ignoreFiles.length > 0 ? request.ignoreFiles : there(trivyNames))
    ignores.push(...(/\.ya?ml$/i.test(name) ? await readTrivyIgnoreYaml(source(name)) : readTrivyIgnore(source(name))));
  for (const name of there(grypeNames).slice(0, 1)) ignores.push(...(await readGrypeConfig(source(name))));
  ignores.push(...policy.vulnerabilities, ...ofRules(policy));
  const statements = request.vex.flatMap((name) => readVex(vexSource(root, name)));
  return { ignores, statements };
}

/** Ignores of the rule as a whole, which `check` knows by the rule's id. */
function ofRules({ ignores }: Policy): readonly IgnoreRule[] {
  return ignores.flatMap(({ rules, path, reason, until }): IgnoreRule[] =>
    rules.includes(vulnerableRule)
      ? [
          {
            by: "plimsoll.yaml: ignore",
            names: path ?? vulnerableRule,
            ids: [],
            purls: [],
            paths: path === undefined ? [] : [path],
            ...(until === undefined ? {} : { until }),
            ...(reason === undefined ? {} : { why: reason }),
          },
        ]
      : [],
  );
}

function vexSource(root: string, name: string): SourceText {
  const path = name === "-" ? name : resolve(root, name);
  return {
    path: name === "-" ? "standard input" : displayPath(root, path),
    text: readDocument(path, name, maximumVexBytes),
  };
}
