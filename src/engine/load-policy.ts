import { join } from "node:path";
import { PlimsollError } from "../core/index.ts";
import { displayPath, findUpwards, kindOf, readTextFile } from "../host/index.ts";
import { syntaxRule } from "../report/index.ts";
import type { Engine } from "./engine.ts";
import { nearest, readConfig, readHadolintConfig, readIdList, readRuleLevel } from "./config.ts";
import { defaultPolicy, type Policy } from "./policy.ts";

export interface PolicyRequest {
  readonly root: string;
  /** `--config`. */
  readonly config?: string;
  /** `--rule ID=SEVERITY`. */
  readonly rules: readonly string[];
  /** `--fail-on`. */
  readonly failOn?: Policy["failOn"];
  /** YYYY-MM-DD. */
  readonly today: string;
}

/**
 * The policy in force: defaults, then a `.hadolint.yaml`, `.trivyignore` and `.dockleignore` of the working directory, then
 * `plimsoll.yaml` (the nearest going up to the repository's root), then the command line.
 */
export async function loadPolicy(engine: Pick<Engine, "resolve" | "rules">, request: PolicyRequest): Promise<Policy> {
  let policy = defaultPolicy;
  const resolve = (id: string): readonly string[] | undefined => engine.resolve(id);
  const { root, today } = request;
  const source = (path: string): { path: string; text: string } => ({
    path: displayPath(root, path),
    text: readTextFile(path, displayPath(root, path)),
  });
  for (const name of [".hadolint.yaml", ".hadolint.yml"]) {
    if (kindOf(join(root, name)) !== "file") continue;
    policy = await readHadolintConfig(source(join(root, name)), resolve, policy);
    break;
  }
  for (const name of [".trivyignore", ".dockleignore"]) {
    if (kindOf(join(root, name)) === "file") policy = readIdList(source(join(root, name)), resolve, policy, today);
  }
  const own =
    request.config === undefined
      ? findUpwards(root, ["plimsoll.yaml", "plimsoll.yml", ".plimsoll.yaml"])
      : join(root, request.config);
  if (request.config !== undefined && kindOf(own ?? "") === "missing") {
    throw new PlimsollError("config.missing", `${request.config} does not exist`, {
      hint: "plimsoll init writes a commented plimsoll.yaml",
    });
  }
  if (own !== undefined) policy = await readConfig(source(own), resolve, policy);
  const severities = { ...policy.severities };
  for (const setting of request.rules) {
    const equals = setting.indexOf("=");
    const id = equals < 0 ? setting : setting.slice(0, equals);
    const resolved = resolveRule(engine, id);
    if (equals < 0)
      throw new PlimsollError("usage.unknown-option", `--rule ${setting} sets nothing`, {
        hint: `write it like --rule ${id}=low, or ${id}=off`,
      });
    for (const rule of resolved) severities[rule] = readRuleLevel(setting.slice(equals + 1), `--rule ${id}`);
  }
  return { ...policy, severities, ...(request.failOn === undefined ? {} : { failOn: request.failOn }) };
}

/** Whether an id stands for what does not parse. */
export function namesSyntax(id: string): boolean {
  return [syntaxRule.id, ...syntaxRule.aliases].some((one) => one.toLowerCase() === id.toLowerCase());
}

/**
 * The rules an id stands for.
 * @throws PlimsollError usage.unknown-rule, with the nearest id as hint
 */
export function resolveRule(engine: Pick<Engine, "resolve" | "rules">, id: string): readonly string[] {
  const found = engine.resolve(id);
  if (found && found.length > 0) return found;
  if (namesSyntax(id))
    throw new PlimsollError("usage.unknown-rule", `${id} is no rule`, {
      hint: "what BuildKit refuses is always reported: it cannot be turned off",
    });
  const ids = engine.rules.map((rule) => rule.id);
  throw new PlimsollError("usage.unknown-rule", `there is no rule ${id}`, {
    hint: `did you mean ${nearest(id, ids)}? plimsoll rules lists them all`,
  });
}
