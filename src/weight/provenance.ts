import { type Digest, listOf, objectOf } from "../core/index.ts";
import { type Dockerfile, type Instruction, parseDockerfile } from "../syntax/index.ts";

/** What a builder swears to: the Dockerfile it built, and the lines that brought each layer. */
export interface ProvenLines {
  readonly dockerfile: Dockerfile;
  /** By the digest of the layer as stored; the instruction is a FROM for layers of the base. */
  readonly byLayer: ReadonlyMap<Digest, Instruction>;
}

const mostSteps = 10_000;

/**
 * Reads BuildKit's metadata in a provenance statement of `mode=max` (SLSA 0.2 and 1.0 predicates; BuildKit, "Provenance
 * attestations", buildkit_metadata): `source.locations` has the lines of each step, `layers` the descriptors each step gave.
 * @returns undefined when the statement has none of it, or is not of that shape
 */
export function readProvenLines(statement: Uint8Array): ProvenLines | undefined {
  const metadata = buildkitMetadata(parse(statement));
  const source = member(metadata, "source");
  const info = listOf(member(source, "infos"))[0];
  const filename = member(info, "filename");
  const data = member(info, "data");
  if (typeof data !== "string" || typeof filename !== "string") return undefined;
  const text = Buffer.from(data, "base64").toString("utf8");
  const dockerfile = parseDockerfile({ path: filename, text });
  const lines = linesOfSteps(member(source, "locations"));
  const byLayer = new Map<Digest, Instruction>();
  // A step's chain holds all layers below it too: the shortest chain that ends with a layer is that of the step that made it.
  const chains = Object.entries(objectOf(member(metadata, "layers")) ?? {})
    .slice(0, mostSteps)
    .flatMap(([step, all]) => listOf(all).map((chain) => ({ step: step.replace(/:\d+$/, ""), chain: listOf(chain) })))
    .sort((a, b) => a.chain.length - b.chain.length);
  const seen = new Set<unknown>();
  for (const { step, chain } of chains) {
    const line = lines.get(step);
    const instruction = line === undefined ? undefined : instructionAt(dockerfile, line);
    for (const descriptor of chain) {
      const digest = member(descriptor, "digest");
      if (typeof digest !== "string" || seen.has(digest)) continue;
      seen.add(digest);
      if (instruction) byLayer.set(digest as Digest, instruction);
    }
  }
  return byLayer.size === 0 ? undefined : { dockerfile, byLayer };
}

function buildkitMetadata(statement: unknown): unknown {
  const predicate = member(statement, "predicate");
  return (
    member(member(member(predicate, "runDetails"), "metadata"), "buildkit_metadata") ??
    member(member(predicate, "metadata"), "https://mobyproject.org/buildkit@v1#metadata")
  );
}

/** The first line of each step. */
function linesOfSteps(locations: unknown): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [step, value] of Object.entries(objectOf(locations) ?? {}).slice(0, mostSteps)) {
    const range = listOf(member(listOf(member(value, "locations"))[0], "ranges"))[0];
    const line = member(member(range, "start"), "line");
    if (typeof line === "number" && Number.isInteger(line) && line > 0) lines.set(step, line);
  }
  return lines;
}

function instructionAt({ source, instructions }: Dockerfile, line: number): Instruction | undefined {
  let at = 0;
  for (let n = 1; n < line; n++) {
    at = source.text.indexOf("\n", at) + 1;
    if (at === 0) return undefined;
  }
  return instructions.find(({ range }) => range.start >= at || at < range.end);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  const found = objectOf(value);
  return found && Object.hasOwn(found, name) ? found[name] : undefined;
}
