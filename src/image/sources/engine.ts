import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { PlimsollError } from "../../core/index.ts";
import { openStore } from "../layout.ts";
import type { ImageSource, SourceJob } from "../source.ts";
import { openTarFile } from "./tar-file.ts";

/** An image in a Docker Engine, by its API. The image is spooled to a temporary file, which `close` deletes. */
export const engine: ImageSource = {
  scheme: "engine",
  summary: "an image of the local Docker Engine, or of the one DOCKER_HOST names",
  async has(target, job) {
    try {
      const response = await get(`/images/${encodeURIComponent(target)}/json`, job);
      response.resume();
      return response.statusCode === 200;
    } catch {
      return false;
    }
  },
  async open(target, choice, job) {
    const directory = await mkdtemp(join(tmpdir(), "plimsoll-"));
    const clean = (): Promise<void> => rm(directory, { recursive: true, force: true });
    try {
      const response = await get(`/images/${encodeURIComponent(target)}/get`, job);
      if (response.statusCode !== 200) {
        response.resume();
        throw new PlimsollError("image.not-found", `the engine has no image ${target}`, {
          hint: `docker pull ${target}`,
        });
      }
      const path = join(directory, "image.tar");
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        job.progress?.("from the engine", bytes);
      });
      await pipeline(response, createWriteStream(path));
      const store = await openTarFile(path, target);
      const blobs = await openStore(store, choice, job.limits);
      return {
        ...blobs,
        close: async () => {
          await blobs.close();
          await clean();
        },
      };
    } catch (error) {
      await clean();
      throw error;
    }
  },
};

const waitForAnswer = 120_000;

function get(path: string, job: SourceJob): Promise<IncomingMessage> {
  const host = job.env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  const unreachable = (why: string): PlimsollError =>
    new PlimsollError("image.unreachable", `the Docker Engine at ${host} ${why}`, {
      hint: "start it, set DOCKER_HOST, or save the image to a file and name that",
    });
  const where = addressOf(host);
  if (!where) return Promise.reject(unreachable("is of a kind Plimsoll cannot talk to"));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { ...where, path, method: "GET", headers: { host: "docker" }, ...(job.signal ? { signal: job.signal } : {}) },
      resolve,
    );
    request.setTimeout(waitForAnswer, () => request.destroy(new Error("does not answer")));
    request.on("error", (error) => {
      const code = "code" in error ? String(error.code) : error.message;
      reject(unreachable(code === "ENOENT" || code === "ECONNREFUSED" ? "does not run" : `gives ${code}`));
    });
    request.end();
  });
}

function addressOf(host: string): { socketPath: string } | { host: string; port: number } | undefined {
  if (host.startsWith("unix://")) return { socketPath: host.slice(7) };
  const tcp = /^(?:tcp|http):\/\/(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?\/?$/i.exec(host);
  return tcp ? { host: (tcp[1] ?? "").replace(/[[\]]/g, ""), port: Number(tcp[2] ?? 2375) } : undefined;
}
