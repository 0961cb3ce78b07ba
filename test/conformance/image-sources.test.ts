import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FileEntry, findImage } from "../../src/image/index.ts";
import { amd64, directViewOf, type ImageView, jobWith, viewOf, withImage } from "../support/image-view.ts";
import { labEngine, runIn } from "../support/lab.ts";

const engine = labEngine("13");
const older = labEngine("12");
const fixtures = `${engine?.env["LAB_STATE"] ?? "/nonexistent"}/fixtures`;
const login = Buffer.from("plimsoll-test:only-for-tests").toString("base64");
const [buildah, podman] = ["buildah", "podman"];
const has = (program: string): boolean => {
  const found = spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
  if (engine && !found) process.stderr.write(`skipped: there is no ${program} to fill a store with\n`);
  return found;
};

describe.skipIf(!engine || !older)("one image is the same from every source", () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-sources-"));
  const registry = engine?.env["LAB_REGISTRY"] ?? "";
  const port = (offset: number): string => registry.replace(/\d+$/, (text) => String(Number(text) + offset));
  const image = "python:3.11-slim";
  let expected: ImageView;

  beforeAll(async () => {
    expected = await withImage(`registry:${registry}/library/${image}`, jobWith(), viewOf);
  }, 120_000);
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  }, 120_000);

  it("from a registry it has the layers that the engine tells of", () => {
    const said = JSON.parse(
      runIn(engine!, directory, "docker", ["image", "inspect", "--format", "{{json .RootFS.Layers}}", image]),
    ) as string[];
    expect(expected.layers.map(({ diffId }) => diffId)).toEqual(said);
    expect(expected.layers.flatMap(({ entries }) => entries).length).toBeGreaterThan(5000);
  });

  it("from a registry that wants Basic authentication", async () => {
    const host = port(1);
    const job = jobWith({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth: login } } }) });
    expect(await withImage(`registry:${host}/library/${image}`, job, viewOf)).toEqual(expected);
  }, 120_000);

  it("from a registry that gives tokens, without and with a login", async () => {
    const host = port(2);
    expect(await withImage(`registry:${host}/library/${image}`, jobWith(), viewOf)).toEqual(expected);
    const file = join(directory, "auth.json");
    writeFileSync(file, JSON.stringify({ auths: { [`http://${host}/v2/`]: { auth: login } } }));
    const job = jobWith({ REGISTRY_AUTH_FILE: file });
    expect(await withImage(`${host}/library/${image}`, job, ({ layers }) => layers.length)).toBe(3);
  }, 120_000);

  it("from an engine's own directories, listed, opened file by file, and put together to the very tar", async () => {
    for (const { env } of [engine!, older!]) {
      const job = jobWith({ DOCKER_HOST: env["DOCKER_HOST"] });
      await withImage(`engine:${image}`, job, async (found) => {
        expect(found.layers.map(({ vouchedBy }) => vouchedBy)).toEqual(["engine", "engine", "engine"]);
        expect(await directViewOf(found)).toEqual(expected);
        expect(await viewOf(found)).toEqual(expected);
      });
    }
  }, 180_000);

  it("from an engine that only sends, over TCP", async () => {
    const socket = engine!.env["DOCKER_HOST"]?.replace("unix://", "") ?? "";
    const proxy = createServer((client) => {
      const upstream = connect(socket);
      client.on("error", () => upstream.destroy()).pipe(upstream);
      upstream.on("error", () => client.destroy()).pipe(client);
    });
    const address = await listening(proxy);
    try {
      const sent: number[] = [];
      const job = jobWith({ DOCKER_HOST: `tcp://${address}` }, { progress: (_, bytes) => sent.push(bytes) });
      expect(await withImage(image, job, viewOf)).toEqual(expected);
      expect(sent.at(-1)).toBeGreaterThan(100_000_000);
    } finally {
      proxy.close();
    }
  }, 120_000);

  it("from what docker save writes, by an old and a newer engine, and packed", async () => {
    for (const { env } of [engine!, older!]) {
      const file = join(directory, "saved.tar");
      execFileSync("docker", ["save", "-o", file, image], { env });
      expect(await withImage(file, jobWith(), viewOf)).toEqual(expected);
      if (env === older!.env) continue;
      execFileSync("gzip", ["-1", "-k", "-f", file]);
      expect(await withImage(`archive:${file}.gz#${image}`, jobWith(), viewOf)).toEqual(expected);
    }
  }, 180_000);

  it.skipIf(!has(buildah))(
    "from podman's and buildah's store, with either driver",
    async () => {
      const file = join(directory, "to-buildah.tar");
      execFileSync("docker", ["save", "-o", file, image], { env: engine!.env });
      for (const driver of ["overlay", "vfs"]) {
        const root = join(directory, driver);
        const pulled = spawnSync(
          buildah,
          ["--root", root, "--runroot", `${root}-run`, "--storage-driver", driver, "pull", `docker-archive:${file}`],
          { encoding: "utf8" },
        );
        if (pulled.status !== 0) {
          process.stderr.write(`skipped: buildah cannot use ${driver} here\n`);
          continue;
        }
        await withImage(`containers-storage:[${root}]localhost/${image}`, jobWith(), async (found) => {
          expect(await directViewOf(found)).toEqual(expected);
          expect(await viewOf(found)).toEqual(expected);
        });
        const job = jobWith({ XDG_DATA_HOME: join(directory, "data") });
        mkdirSync(join(directory, "data/containers"), { recursive: true });
        rmSync(join(directory, "data/containers/storage"), { force: true });
        execFileSync("ln", ["-s", root, join(directory, "data/containers/storage")]);
        const bare = await withImage(`containers-storage:${image}`, job, ({ layers }) =>
          layers.map((one) => one.diffId),
        );
        expect(bare).toEqual(expected.layers.map(({ diffId }) => diffId));
      }
    },
    180_000,
  );
});

describe.skipIf(!engine || !has(podman))("podman's socket", () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-podman-"));
  const socket = join(directory, "podman.sock");
  const store = ["--root", join(directory, "root"), "--runroot", join(directory, "run"), "--storage-driver", "overlay"];
  let service: ChildProcess | undefined;

  afterAll(() => {
    service?.kill();
    spawnSync(podman, [...store, "system", "reset", "--force"], { stdio: "ignore" });
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  it("gives the image of its store, read where it lies, and sent where that cannot be", async (context) => {
    const file = `${fixtures}/buildah.oci.tar`;
    const pulled = spawnSync(podman, [...store, "pull", `oci-archive:${file}`], { stdio: "ignore" });
    if (!existsSync(file) || pulled.status !== 0) {
      process.stderr.write("skipped: podman cannot pull here\n");
      context.skip();
    }
    service = spawn(podman, [...store, "system", "service", "--time", "100", `unix://${socket}`], { stdio: "ignore" });
    for (let tries = 0; tries < 100 && !existsSync(socket); tries++) await sleep(100);
    const expected = await withImage(file, jobWith(), viewOf);
    const local = jobWith({ CONTAINER_HOST: `unix://${socket}` });
    await withImage("engine:built-by-buildah", local, async (image) => {
      expect(await directViewOf(image)).toEqual(expected);
    });
    const proxy = createServer((client) => {
      const upstream = connect(socket);
      client.on("error", () => upstream.destroy()).pipe(upstream);
      upstream.on("error", () => client.destroy()).pipe(client);
    });
    try {
      const far = jobWith({ DOCKER_HOST: `tcp://${await listening(proxy)}` });
      expect(await withImage("engine:localhost/built-by-buildah:latest", far, viewOf)).toEqual(expected);
    } finally {
      proxy.close();
    }
  }, 90_000);
});

describe.skipIf(!engine)("fixtures of other tools", () => {
  const registry = engine?.env["LAB_REGISTRY"] ?? "";
  const alpine = (tag: string): string => `registry:${registry}/library/alpine:${tag}`;
  let expected: ImageView["layers"];

  beforeAll(async () => {
    expected = (await withImage(alpine("3.20"), jobWith(), viewOf)).layers;
  });

  it("OCI layouts, as a directory and as a tar, gzip and zstd, hold the same layers", async () => {
    for (const target of [`${fixtures}/alpine.oci`, `${fixtures}/alpine.oci.tar`, `${fixtures}/zstd.oci`])
      expect((await withImage(target, jobWith(), viewOf)).layers).toEqual(expected);
    expect((await withImage(alpine("3.20-zstd"), jobWith(), viewOf)).layers).toEqual(expected);
  }, 60_000);

  it("indexes give the image for a platform, and attestations are counted and set aside", async () => {
    for (const tag of ["3.20-multi", "3.20-mixed", "3.20-attested"]) {
      const found = await withImage(alpine(tag), jobWith(), async (image) => ({
        ...(await viewOf(image)),
        attestations: image.attestations,
      }));
      expect(found.layers).toEqual(expected);
      expect(found.attestations).toBe(tag === "3.20-attested" ? 1 : 0);
    }
    const arm = { platform: { os: "linux", architecture: "arm64" }, platformAsked: true };
    expect((await withImage(alpine("3.20-multi"), jobWith(), ({ platform }) => platform, arm)).architecture).toBe(
      "arm64",
    );
    const v7 = { platform: { os: "linux", architecture: "arm", variant: "v7" }, platformAsked: true };
    expect((await withImage(alpine("3.20-mixed"), jobWith(), ({ platform }) => platform, v7)).variant).toBe("v7");
    const s390x = { platform: { os: "linux", architecture: "s390x" }, platformAsked: true };
    for (const tag of ["3.20", "3.20-multi"])
      await expect(findImage(alpine(tag), s390x, jobWith())).rejects.toMatchObject({ code: "image.platform" });
  }, 60_000);

  it("an image that buildah built is the same from its archive and from the registry", async () => {
    if (!existsSync(`${fixtures}/buildah.oci.tar`)) {
      process.stderr.write("skipped: the laboratory is up without buildah's image\n");
      return;
    }
    const archived = await withImage(`${fixtures}/buildah.oci.tar`, jobWith(), viewOf);
    expect(await withImage(`${registry}/library/built-by-buildah:latest`, jobWith(), viewOf)).toEqual(archived);
  }, 60_000);

  it("one of several images in an archive is chosen by its name", async () => {
    const file = `${fixtures}/two-images.docker.tar`;
    await expect(findImage(file, amd64, jobWith())).rejects.toMatchObject({
      code: "image.not-found",
      hint: expect.stringContaining("#NAME") as string,
    });
    const tags = [
      ...execFileSync("tar", ["-xOf", file, "manifest.json"], { encoding: "utf8" }).matchAll(/"([^"]+:[^"]+)"/g),
    ]
      .map((match) => match[1] ?? "")
      .filter((tag) => /^[a-z]+:[\d.]+$/.test(tag));
    expect(tags.length).toBeGreaterThan(1);
    for (const tag of tags) expect(await withImage(`${file}#${tag}`, jobWith(), ({ layers }) => layers.length)).toBe(1);
  });

  it("a root file system is the same from a directory, from a tar and from a packed tar", async () => {
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-rootfs-"));
    try {
      const file = join(directory, "root.tar");
      const name = `plimsoll-sources-${process.pid}`;
      runIn(engine!, directory, "docker", ["create", "--name", name, "alpine:3.20", "true"]);
      try {
        runIn(engine!, directory, "docker", ["export", "-o", file, name]);
      } finally {
        runIn(engine!, directory, "docker", ["rm", name]);
      }
      const root = join(directory, "root");
      mkdirSync(root);
      execFileSync("tar", ["-xpf", file, "--numeric-owner", "-C", root]);
      execFileSync("gzip", ["-k", file]);
      const views = [];
      for (const target of [file, `rootfs:${file}`, `${file}.gz`, root, `rootfs:${root}`])
        views.push((await withImage(target, jobWith(), viewOf)).layers[0]?.entries.map(comparable).sort());
      const [first, ...others] = views;
      expect(first?.length).toBeGreaterThan(400);
      for (const other of others) expect(other).toEqual(first);
      // What was exported has all that the image has.
      const paths = new Set(first?.map((line) => line.split(" ")[0]));
      expect(expected[0]?.entries.slice(1).filter((entry) => !paths.has(JSON.stringify(entry.path)))).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 120_000);
});

/** Whichever of a file's names comes first is the file and the others links to it: only their number is compared. */
function comparable({ path, type, size, mode, uid, gid, mtime, link, digest }: FileEntry): string {
  return `${JSON.stringify(path)} ${JSON.stringify({ type, size, mode, uid, gid, mtime, link, digest })}`;
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? `127.0.0.1:${address.port}` : "");
    });
  });
}
