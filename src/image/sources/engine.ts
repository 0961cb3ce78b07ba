import { PlimsollError } from "../../core/index.ts";
import { type HttpAnswer, HttpClient, HttpFailure } from "../../host/index.ts";
import type { ImageBlobs } from "../image.ts";
import { type Json, parseObject, textOf } from "../json.ts";
import type { Choice } from "../layout.ts";
import type { ImageSource, SourceJob } from "../source.ts";
import { openInStore } from "./containers-storage.ts";
import { type EngineAddress, engineAddresses } from "./engine-address.ts";
import { openEngineLayers } from "./engine-layers.ts";
import { openSpooledTar } from "./spooled-tar.ts";

/**
 * An image in a Docker Engine or podman, by the Docker Engine API. Where the engine's layer directories can be read they
 * are read; else the image is spooled to a temporary file, which `close` deletes.
 */
export const engine: ImageSource = {
  scheme: "engine",
  summary: "an image of the local Docker Engine or podman, or of the one DOCKER_HOST names",
  async misses(target, job) {
    if (!isName(target)) return "not a name an engine could know";
    const found = await locate(target, job);
    if (!("why" in found)) found.client.close();
    return "why" in found ? found.why : undefined;
  },
  async open(target, choice, job) {
    const found = isName(target) ? await locate(target, job) : { why: "not a name an engine could know" };
    if ("why" in found)
      throw new PlimsollError("image.not-found", found.why, {
        hint: `docker pull ${target}, start the engine, or set DOCKER_HOST`,
      });
    try {
      return (await openHere(target, found, job)) ?? (await openSpooled(target, found, choice, job));
    } catch (error) {
      throw error instanceof HttpFailure ? unreachable(found.address, error) : error;
    } finally {
      found.client.close();
    }
  },
};

/** Leaves out what would be a question of another kind to the API. */
function isName(target: string): boolean {
  return /^[\w.:/@+-]{1,600}$/.test(target) && !target.startsWith("/") && !target.includes("..");
}

interface Located {
  readonly address: EngineAddress;
  readonly base: URL;
  readonly client: HttpClient;
  readonly inspected: Json;
}

/** The first engine that has the image, or why none of them. */
async function locate(target: string, job: SourceJob): Promise<Located | { readonly why: string }> {
  const reasons: string[] = [];
  for (const address of engineAddresses(job.env)) {
    const { base, name, options } = address;
    if (!base) {
      reasons.push(`the engine at ${name} is of a kind Plimsoll cannot talk to`);
      continue;
    }
    const client = new HttpClient(options);
    try {
      const inspected = await ask(client, new URL(`images/${encodeURIComponent(target)}/json`, base), job);
      if (inspected) return { address, base, client, inspected };
      reasons.push(`the engine at ${name} has no image ${target}`);
    } catch (error) {
      if (!(error instanceof HttpFailure || error instanceof PlimsollError)) throw error;
      reasons.push(error instanceof HttpFailure ? unreachable(address, error).message : error.message);
    }
    client.close();
  }
  return { why: reasons.join(", ") };
}

/** A JSON object of the API; undefined when it answers otherwise than with success. */
async function ask(client: HttpClient, url: URL, job: SourceJob): Promise<Json | undefined> {
  const answer = await client.send({ url, method: "GET", signal: job.signal });
  if (answer.status !== 200) {
    answer.discard();
    return undefined;
  }
  const bytes = await answer.bytes(job.limits.documentBytes);
  if (!bytes) throw new PlimsollError("image.limit", "the engine tells more of the image than Plimsoll reads");
  return parseObject(bytes, "what the engine tells");
}

async function openHere(
  target: string,
  { address, base, client, inspected }: Located,
  job: SourceJob,
): Promise<ImageBlobs | undefined> {
  const info = address.local ? await ask(client, new URL("info", base), job) : undefined;
  if (!info) return undefined;
  const [root, id] = [textOf(info["DockerRootDir"]), textOf(inspected["Id"])?.replace(/^sha256:/, "")];
  // Podman answers in Docker's stead, and keeps images in its own way.
  return (
    openEngineLayers(target, info, inspected, job.limits) ??
    (root && id ? openInStore(root, id, target, job.limits) : undefined)
  );
}

async function openSpooled(
  target: string,
  { base, client, inspected }: Located,
  choice: Choice,
  job: SourceJob,
): Promise<ImageBlobs> {
  // By its id: a name without a tag would bring all tags of a repository.
  const id = textOf(inspected["Id"]) ?? target;
  const url = new URL(`images/${encodeURIComponent(id)}/get`, base);
  const answer = await client.send({ url, method: "GET", signal: job.signal });
  if (answer.status !== 200) {
    answer.discard();
    throw new PlimsollError("image.unreachable", `the engine does not hand out ${target} (HTTP ${answer.status})`, {
      hint: "pull the image again, or save it to a file and name that",
    });
  }
  return openSpooledTar(counted(answer, job), target, choice, job.limits);
}

async function* counted(answer: HttpAnswer, job: SourceJob): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of answer.body()) {
    bytes += part.length;
    job.progress?.("from the engine", bytes);
    yield part;
  }
}

function unreachable({ name }: EngineAddress, { message }: HttpFailure): PlimsollError {
  return new PlimsollError("image.unreachable", `the engine at ${name} ${message}`, {
    hint: "start it, set DOCKER_HOST, or save the image to a file and name that",
  });
}
