import { dirname, join, resolve } from "node:path";
import { readSmallText } from "../host/index.ts";

const names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const mostText = 1 << 20;

/**
 * The health check of the compose service that builds a Dockerfile, as a command for the container's shell or as its words
 * (Compose specification, "healthcheck" and "build"); undefined where no service builds it, none checks, or a variable decides.
 * @param directories where a compose file may lie, the first one that has one counts
 */
export async function composeHealth(
  directories: readonly string[],
  built: { readonly context: string; readonly dockerfile: string },
): Promise<string | readonly string[] | undefined> {
  for (const path of directories.flatMap((directory) => names.map((name) => join(directory, name)))) {
    const text = readSmallText(path, mostText);
    if (text === undefined) continue;
    const services = objectOf(objectOf(await parse(text))?.["services"]) ?? {};
    for (const name of Object.keys(services).sort()) {
      const service = objectOf(services[name]);
      if (service && builds(service["build"], dirname(path), built)) return testOf(service["healthcheck"]);
    }
    return undefined;
  }
  return undefined;
}

/** A file that does not parse tells nothing: linting it is another's work. */
async function parse(text: string): Promise<unknown> {
  const { parseDocument } = await import("./yaml.ts");
  try {
    return parseDocument(text).toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function builds(build: unknown, directory: string, { context, dockerfile }: { context: string; dockerfile: string }) {
  const said = typeof build === "string" ? { context: build } : objectOf(build);
  if (!said) return false;
  const root = resolve(directory, textOf(said["context"]) ?? ".");
  return root === context && resolve(root, textOf(said["dockerfile"]) ?? "Dockerfile") === dockerfile;
}

function testOf(healthcheck: unknown): string | readonly string[] | undefined {
  const said = objectOf(healthcheck);
  if (!said || said["disable"] === true) return undefined;
  const { test } = said;
  if (typeof test === "string") return literal(test);
  if (!Array.isArray(test)) return undefined;
  const [kind, ...words] = test.map((word) => (typeof word === "string" ? literal(word) : undefined));
  const known = words.filter((word) => word !== undefined);
  if (known.length === 0 || known.length < words.length) return undefined;
  return kind === "CMD" ? known : kind === "CMD-SHELL" ? known[0] : undefined;
}

/** A text without variables: `$$` is a dollar sign. */
function literal(text: string): string | undefined {
  return /(?<!\$)(?:\$\$)*\$(?!\$)/.test(text) ? undefined : text.replaceAll("$$", () => "$");
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && !value.includes("$") ? value : undefined;
}
