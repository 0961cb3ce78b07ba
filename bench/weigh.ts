// What it takes to weigh an image of about 1 GB in six compressed layers, as ratios in one run: against `gzip -dc | sha256sum`
// over the same layers one after the other; a second run from the cache; and, where an engine answers, an image of the engine
// read by us against `docker save` of it alone. `npm run bench:weigh [ENGINE_IMAGE]`; needs tar, gzip, sha256sum, /usr/bin/time.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatRun, type Run, sideBySide, timedRun } from "./timed-run.ts";

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
  timedRun(process.execPath, [cli, "weigh", target, "-f", "json", "-o", join(cache, "report"), "-q", ...more], {
    PLIMSOLL_CACHE: cache,
  });
try {
  weigh(`layout:${layout}`); // fills caches of files and of code
  const { shell, first, second } = sideBySide(rounds, {
    shell: () => timedRun("bash", ["-c", pipe]),
    first: () => weigh(`layout:${layout}`, "--no-cache"),
    second: () => weigh(`layout:${layout}`),
  });
  const entries = blobs.reduce(
    (sum, blob) => sum + Number(execFileSync("bash", ["-c", `tar tzf ${blob} | wc -l`], { encoding: "utf8" })),
    0,
  );
  const megabytes = manifest.layers.reduce((sum, { size }) => sum + size, 0) / 1e6;
  process.stdout.write(
    [
      `${megabytes.toFixed(0)} MB stored in ${blobs.length} layers, ${entries} entries: ${(150 + (entries * 250) / 1e6).toFixed(0)} MB allowed`,
      `gzip -dc | sha256sum   ${formatRun(shell)}`,
      `weigh, all digests     ${formatRun(first)}; ${(first.cpu / shell.cpu).toFixed(2)} of it, ${(first.wall / shell.wall).toFixed(2)} by the clock`,
      `weigh, from the cache  ${formatRun(second)}; ${((100 * second.cpu) / first.cpu).toFixed(1)} % of the first run`,
      "",
    ].join("\n"),
  );
  const engineImage = process.argv[2];
  if (engineImage !== undefined) {
    const { save, read } = sideBySide(rounds, {
      save: () => timedRun("bash", ["-c", `docker save ${engineImage} > /dev/null`]),
      read: () => weigh(`engine:${engineImage}`, "--no-cache"),
    });
    // What the engine does for `docker save` is not in the client's time of the processor: the clock has to do.
    process.stdout.write(
      `docker save ${engineImage}  ${save.wall.toFixed(2)} s; weigh engine:${engineImage}  ${read.wall.toFixed(2)} s   ${(save.wall / read.wall).toFixed(1)} times faster by the clock\n`,
    );
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}
