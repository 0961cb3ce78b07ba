// What it takes to weigh an image of about 1 GB in six compressed layers, as ratios in one run: against `gzip -dc | sha256sum`
// over the same layers one after the other; a second run from the cache; and, where an engine answers, an image of the engine
// read by us against `docker save` of it alone. `npm run bench:weigh [ENGINE_IMAGE]`; needs tar, gzip, sha256sum, /usr/bin/time.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const layout = join(tmpdir(), "plimsoll-bench-image");
const rounds = 3;

/** Real files of this machine, so that they compress as real layers do. */
function makeLayout(): void {
  if (existsSync(join(layout, "index.json"))) return;
  const temporary = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
  const blobs = join(temporary, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const list = execFileSync(
    "bash",
    [
      "-c",
      "find /usr/bin /usr/lib /usr/share -xdev -type f -size -40000k -printf '%s %p\\n' 2>/dev/null | LC_ALL=C sort -k2",
    ],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const files: string[] = [];
  let total = 0;
  const all = list.trim().split("\n");
  // Every third file until a gigabyte is together: programs, libraries, documents and data alike.
  for (let i = 0; i < all.length && total < 1e9; i = i + 3 < all.length ? i + 3 : all.length) {
    const [size = "0", ...path] = (all[i] ?? "").split(" ");
    total += Number(size);
    files.push(path.join(" "));
  }
  const layers: { mediaType: string; digest: string; size: number }[] = [];
  const diffIds: string[] = [];
  for (let part = 0; part < 6; part++) {
    const names = files.filter((_, index) => index % 6 === part);
    writeFileSync(join(temporary, "list"), `${names.join("\n")}\n`);
    const tar = join(temporary, "layer.tar");
    execFileSync("tar", ["-C", "/", "-cf", tar, "--no-recursion", "-T", join(temporary, "list")], { stdio: "ignore" });
    diffIds.push(`sha256:${execFileSync("sha256sum", [tar], { encoding: "utf8" }).slice(0, 64)}`);
    execFileSync("gzip", ["-6", tar]);
    const digest = execFileSync("sha256sum", [`${tar}.gz`], { encoding: "utf8" }).slice(0, 64);
    renameSync(`${tar}.gz`, join(blobs, digest));
    layers.push({
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      digest: `sha256:${digest}`,
      size: statSync(join(blobs, digest)).size,
    });
  }
  rmSync(join(temporary, "list"));
  const put = (value: unknown): { digest: string; size: number } => {
    const bytes = JSON.stringify(value);
    const digest = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(blobs, digest), bytes);
    return { digest: `sha256:${digest}`, size: bytes.length };
  };
  const config = put({ os: "linux", architecture: "amd64", config: {}, rootfs: { type: "layers", diff_ids: diffIds } });
  const manifest = put({
    schemaVersion: 2,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers,
  });
  writeFileSync(
    join(temporary, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", ...manifest }],
    }),
  );
  rmSync(layout, { recursive: true, force: true });
  renameSync(temporary, layout);
}

interface Run {
  readonly seconds: number;
  /** Peak, in MB. */
  readonly rss: number;
}

function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const start = process.hrtime.bigint();
  const run = spawnSync("/usr/bin/time", ["-f", "%M", command, ...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`${command} failed: ${run.stderr.slice(-300)}`);
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    rss: Number(run.stderr.trim().split("\n").at(-1)) / 1000,
  };
}

function median(runs: readonly Run[]): Run {
  const sorted = [...runs].sort((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? { seconds: 0, rss: 0 };
  return { seconds: middle.seconds, rss: Math.max(...runs.map(({ rss }) => rss)) };
}

makeLayout();
const cache = mkdtempSync(join(tmpdir(), "plimsoll-bench-cache-"));
const cli = join(import.meta.dirname, "../dist/cli.cjs");
const digests = (
  JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as { manifests: { digest: string }[] }
).manifests.map(({ digest }) => join(layout, "blobs/sha256", digest.slice(7)));
const manifest = JSON.parse(readFileSync(digests[0] ?? "", "utf8")) as { layers: { digest: string; size: number }[] };
const blobs = manifest.layers.map(({ digest }) => join(layout, "blobs/sha256", digest.slice(7)));
const pipe = blobs.map((blob) => `gzip -dc ${blob} | sha256sum`).join("; ");
const weigh = (target: string, ...more: string[]): Run =>
  timed(process.execPath, [cli, "weigh", target, "-f", "json", "-o", "/dev/null", "-q", ...more], {
    PLIMSOLL_CACHE: cache,
  });
weigh(`layout:${layout}`); // fills caches of files and of code
const shell: Run[] = [];
const first: Run[] = [];
const second: Run[] = [];
for (let round = 0; round < rounds; round++) {
  shell.push(timed("bash", ["-c", pipe]));
  first.push(weigh(`layout:${layout}`, "--no-cache"));
  second.push(weigh(`layout:${layout}`));
}
const [a, b, c] = [median(shell), median(first), median(second)];
const entries = blobs.reduce(
  (sum, blob) => sum + Number(execFileSync("bash", ["-c", `tar tzf ${blob} | wc -l`], { encoding: "utf8" })),
  0,
);
const megabytes = manifest.layers.reduce((sum, { size }) => sum + size, 0) / 1e6;
process.stdout.write(
  [
    `${megabytes.toFixed(0)} MB stored in ${blobs.length} layers, ${entries} entries`,
    `gzip -dc | sha256sum        ${a.seconds.toFixed(2)} s`,
    `weigh, all digests          ${b.seconds.toFixed(2)} s   ratio ${(b.seconds / a.seconds).toFixed(2)}   peak ${b.rss.toFixed(0)} MB`,
    `weigh, from cache           ${c.seconds.toFixed(2)} s   ratio to the first run ${(c.seconds / b.seconds).toFixed(3)}   peak ${c.rss.toFixed(0)} MB`,
    "",
  ].join("\n"),
);
const engineImage = process.argv[2];
if (engineImage !== undefined) {
  const saves: Run[] = [];
  const reads: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    saves.push(timed("bash", ["-c", `docker save ${engineImage} > /dev/null`]));
    reads.push(weigh(`engine:${engineImage}`, "--no-cache"));
  }
  const [save, read] = [median(saves), median(reads)];
  process.stdout.write(
    `docker save ${engineImage}  ${save.seconds.toFixed(2)} s; weigh engine:${engineImage}  ${read.seconds.toFixed(2)} s   ${(save.seconds / read.seconds).toFixed(1)} times faster\n`,
  );
}
rmSync(cache, { recursive: true, force: true });
