import { dirname, join, resolve } from "node:path";
import { readSmallText } from "../host/index.ts";

const names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const mostText = 1 << 20;

type Values = Readonly<Record<string, unknown>>;

/** What a compose file says (Compose specification), as far as a proof needs it. */
export interface ComposeProject {
  /** The file, absolute. */
  readonly file: string;
  /** Sorted by name. */
  readonly services: readonly ComposeService[];
  /** Networks and volumes that the project makes itself. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export interface ComposeService {
  readonly name: string;
  readonly build?: ComposeBuild;
  /** Its health check: a command for the container's shell, or its words. */
  readonly health?: string | readonly string[];
}

/** What a service is built from, absolute. */
export interface ComposeBuild {
  readonly context: string;
  readonly dockerfile: string;
  readonly target?: string;
}

/**
 * Reads the compose file of a project; undefined where there is none or it says nothing that can be read: linting it is another's
 * work.
 * @param directories where it may lie, the first one that has one counts
 */
export async function readComposeProject(directories: readonly string[]): Promise<ComposeProject | undefined> {
  for (const file of directories.flatMap((directory) => names.map((name) => join(directory, name)))) {
    const text = readSmallText(file, mostText);
    if (text === undefined) continue;
    const said = objectOf(await parse(text));
    const services = objectOf(said?.["services"]) ?? {};
    return {
      file,
      services: Object.keys(services)
        .sort()
        .map((name) => serviceOf(name, objectOf(services[name]) ?? {}, dirname(file))),
      networks: ownOf(said?.["networks"]),
      volumes: ownOf(said?.["volumes"]),
    };
  }
  return undefined;
}

/** The services that are built from the same. */
export function servicesBuiltFrom({ services }: ComposeProject, from: ComposeBuild): readonly ComposeService[] {
  return services.filter(
    ({ build }) =>
      build?.context === from.context && build.dockerfile === from.dockerfile && build.target === from.target,
  );
}

/**
 * A second compose file that puts images in place of what services would build, and a label on everything that the project makes,
 * by which it is found again. JSON is YAML.
 */
export function composeOverride(
  { services, networks, volumes }: ComposeProject,
  images: ReadonlyMap<string, string>,
  label: readonly [key: string, value: string],
): string {
  const labels = { [label[0]]: label[1] };
  const labelled = (all: readonly string[]) => Object.fromEntries(all.map((name) => [name, { labels }]));
  const changed = services.map(({ name }) => {
    const image = images.get(name);
    return [name, image === undefined ? { labels } : { labels, image }] as const;
  });
  return JSON.stringify({
    services: Object.fromEntries(changed),
    networks: labelled([...new Set(["default", ...networks])]),
    ...(volumes.length > 0 ? { volumes: labelled(volumes) } : {}),
  });
}

async function parse(text: string): Promise<unknown> {
  const { parseDocument } = await import("./yaml.ts");
  try {
    return parseDocument(text).toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function serviceOf(name: string, said: Values, directory: string): ComposeService {
  const build = buildOf(said["build"], directory);
  const health = healthOf(said["healthcheck"]);
  return { name, ...(build ? { build } : {}), ...(health === undefined ? {} : { health }) };
}

/** Undefined where a variable decides. */
function buildOf(build: unknown, directory: string): ComposeBuild | undefined {
  const said = typeof build === "string" ? { context: build } : objectOf(build);
  if (!said) return undefined;
  const [where, file, target] = [said["context"] ?? ".", said["dockerfile"] ?? "Dockerfile", said["target"]].map(
    textOf,
  );
  if (where === undefined || file === undefined || (said["target"] !== undefined && target === undefined))
    return undefined;
  const context = resolve(directory, where);
  return { context, dockerfile: resolve(context, file), ...(target === undefined ? {} : { target }) };
}

function healthOf(healthcheck: unknown): string | readonly string[] | undefined {
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

/** Names of networks or volumes but of those that are somebody else's. */
function ownOf(said: unknown): readonly string[] {
  const all = objectOf(said) ?? {};
  return Object.keys(all).filter((name) => !objectOf(all[name])?.["external"]);
}

function objectOf(value: unknown): Values | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && !value.includes("$") ? value : undefined;
}
