import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Member, noise, sha256, tarOf, writeLayout } from "../support/oci-layout.ts";

// The built command line, as people run it, on images that need no engine.
const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const work = mkdtempSync(join(tmpdir(), "plimsoll-image-cli-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const file = (name: string, contents: string | Uint8Array, more: object = {}): Member => [
  { name, size: Buffer.from(contents).length, ...more },
  contents,
];
const before = join(work, "before");
const after = join(work, "after");
const history = [
  { created_by: "RUN /bin/sh -c make # buildkit" },
  { created_by: "RUN /bin/sh -c rm -rf /big # buildkit" },
  { created_by: 'CMD ["/app"]', empty_layer: true },
];

beforeAll(async () => {
  const big = await tarOf([
    [{ name: "big/", type: "directory" }],
    file("big/data", noise(3_000_000)),
    file("app", "v1", { mode: 0o755 }),
  ]);
  const gone = await tarOf([file(".wh.big", "")]);
  writeLayout(before, [big, gone], { history, config: { Env: ["A=1"], User: "" } });
  writeLayout(after, [await tarOf([file("app", "v2!", { mode: 0o755 })])], { config: { Env: ["A=2"], User: "10" } });
  writeFileSync(join(work, "Dockerfile"), 'FROM scratch\nRUN make\nRUN rm -rf /big\nCMD ["/app"]\n');
});

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: work,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", PLIMSOLL_CACHE: join(work, "cache"), DOCKER_HOST: "unix:///nowhere.sock" },
  });
  return { status, out: stdout, err: stderr };
}

describe("plimsoll weigh", () => {
  it("tells the bytes of every layer, who brought them, and what nobody can see", () => {
    const { status, out } = run("weigh", "layout:before");
    expect(status).toBe(0);
    expect(out).toContain("Dockerfile:2 RUN make");
    expect(out).toMatch(/3 MB \(3 MB to pull\) {2}deleted later: brought by Dockerfile:2, gone with Dockerfile:3/);
    expect(out).toContain("big/data");
  });

  it("says the same in JSON, and the same again from its cache", () => {
    const first = run("weigh", "layout:before", "-f", "json", "--no-cache");
    const second = run("weigh", "layout:before", "-f", "json");
    const third = run("weigh", "layout:before", "-f", "json");
    expect(second.out).toBe(first.out);
    expect(third.out).toBe(first.out);
    const document = JSON.parse(first.out) as {
      totals: { content: { unpacked: number }; visible: { unpacked: number } };
    };
    expect(document.totals.content.unpacked - document.totals.visible.unpacked).toBe(3_000_000);
  });

  it("fails when a budget is broken, and says by how much", () => {
    const { status, out } = run("weigh", "layout:before", "--max-waste", "1MB", "--max-layers", "9");
    expect(status).toBe(1);
    expect(out).toContain("broken maxWaste: 3 MB, allowed 1 MB");
    expect(out).toContain("holds maxLayers: 2, allowed 9");
  });

  it("holds dive's rules by its names and its file", () => {
    expect(run("weigh", "layout:before", "--ci").status).toBe(0); // a deleted directory is nothing to dive
    expect(run("weigh", "layout:before", "--ci", "--lowest-efficiency", "1").status).toBe(0);
    writeFileSync(join(work, "strict.yaml"), "rules:\n  highestWastedBytes: 1B\n  lowestEfficiency: disabled\n");
    const { out } = run("weigh", "layout:before", "--ci", "--ci-config", "strict.yaml");
    expect(out).toContain("holds highestWastedBytes: 0 B, allowed 1 B");
    expect(out).not.toContain("lowestEfficiency");
  });
});

describe("plimsoll diff and files", () => {
  it("tell what a container would see differently", () => {
    const { status, out } = run("diff", "layout:before", "layout:after", "--exit-code");
    expect(status).toBe(1);
    expect(out).toContain("env A: 1 → 2");
    expect(out).toContain("user: not set → 10");
    expect(out).toMatch(/~ app 2 B → 3 B/);
    expect(run("diff", "layout:before", "layout:before", "--exit-code").status).toBe(0);
  });

  it("list every file with its layer and line", () => {
    const { out } = run("files", "layout:before", "-f", "json");
    expect(JSON.parse(out)).toMatchObject([{ path: "app", type: "file", mode: "0755", size: 2, layer: 1, line: 2 }]);
  });
});

describe("plimsoll check with an image", () => {
  it("tells of a secret that a later line deleted: its layer, and both lines", async () => {
    const token = "//registry.example.com/:_authToken=8f3c2e71-94ab-4c1d-b02e-7d65a19c40ef\n";
    const place = join(work, "deleted-secret");
    const layers = [
      await tarOf([file("root/.npmrc", token), file("srv/app.env", "DB_PASSWORD=q7Zt2mKx9Lw\n")]),
      await tarOf([file("root/.wh..npmrc", "")]),
      await tarOf([file("srv/app.env", "MODE=prod\n")]),
    ];
    const steps = [
      "COPY . / # buildkit",
      "RUN /bin/sh -c rm /root/.npmrc # buildkit",
      "RUN /bin/sh -c set-mode # buildkit",
    ];
    writeLayout(place, layers, { history: steps.map((step) => ({ created_by: step })), config: {} });
    writeFileSync(join(place, "Dockerfile"), "FROM scratch\nCOPY . /\nRUN rm /root/.npmrc\nRUN set-mode\n");
    const { out } = run("check", "--image", "layout:deleted-secret", "deleted-secret/Dockerfile", "-f", "json");
    expect(out).not.toContain("8f3c2e71-94ab");
    expect(out).not.toContain("q7Zt2mKx9Lw");
    const { findings } = JSON.parse(out) as {
      findings: {
        rule: string;
        message: string;
        at: { layer: string; file: string };
        related: { message: string }[];
      }[];
    };
    const secrets = findings.filter(({ rule }) => rule === "image-secret-in-file");
    expect(secrets.map(({ at, message, related }) => [at.file, message, ...related.map((one) => one.message)])).toEqual(
      [
        [
          "root/.npmrc",
          "line 1 of /root/.npmrc holds a registry's token (8f3c…); layer 2 deletes it, and it is in layer 1 all the same",
          "COPY in line 2 brings the file",
          "RUN in line 3 deletes it, which takes nothing out of the image",
        ],
        [
          "srv/app.env",
          "line 1 of /srv/app.env holds the value of DB_PASSWORD; layer 3 overwrites it, and it is in layer 1 all the same",
          "COPY in line 2 brings the file",
          "RUN in line 4 overwrites it, which takes nothing out of the image",
        ],
      ],
    );
    expect(new Set(secrets.map(({ at }) => at.layer))).toEqual(new Set([sha256(layers[0] ?? new Uint8Array())]));
  });

  it("joins what the image tells to the Dockerfile's lines, in every format", () => {
    const { status, out } = run("check", ".", "--image", "layout:before", "-f", "json", "--fail-on", "none");
    expect(status).toBe(0);
    const report = JSON.parse(out) as { findings: { rule: string; path?: string; start: { line: number } }[] };
    const deleted = report.findings.find(({ rule }) => rule === "image-deleted-files");
    expect(deleted).toMatchObject({ path: "Dockerfile", start: { line: 2 } });
    for (const format of ["text", "sarif", "github", "markdown"])
      expect(run("check", "layout:before", "-f", format, "--fail-on", "none").out, format).toContain("deleted");
  });
});

describe("plimsoll cache", () => {
  it("tells what is kept and removes it", () => {
    run("weigh", "layout:before");
    expect(run("cache").out).toMatch(/^\d+ layers?, /);
    expect(run("cache", "--clear").out).toMatch(/^removed /);
    expect(run("cache", "-f", "json").out).toContain('"layers": 0');
  });
});

describe("bad input to the image commands", () => {
  const cases: readonly (readonly [what: string, args: readonly string[], status: number, says: RegExp])[] = [
    ["an image that is nowhere", ["weigh", "archive:none.tar"], 2, /error\[image\.not-found\]/],
    ["a file that is no image", ["weigh", "archive:Dockerfile"], 2, /error\[image\./],
    ["a platform that is none", ["weigh", "layout:before", "--platform", "x"], 2, /linux\/amd64/],
    ["a platform that is not there", ["weigh", "layout:after", "--platform", "linux/s390x"], 2, /image\.platform/],
    ["a size that is none", ["weigh", "layout:before", "--max-size", "big"], 2, /20MB/],
    ["a share that is none", ["weigh", "layout:before", "--lowest-efficiency", "7"], 2, /0 to 1/],
    ["a number of days that is none", ["cache", "--older-than", "x"], 2, /--older-than 30/],
    [
      "a dive configuration that is not there",
      ["weigh", "layout:before", "--ci", "--ci-config", "x"],
      2,
      /config\.missing/,
    ],
    ["an option nobody knows", ["weigh", "layout:before", "--nope"], 2, /unknown/],
  ];
  it.each(cases)("%s gets one line, a hint and its status", (_, args, status, says) => {
    const found = run(...args);
    expect(found.status, found.err).toBe(status);
    expect(found.err).toMatch(says);
    expect(found.err).toContain("hint:");
    expect(found.err).not.toMatch(/\n\s+at /);
    expect(found.out).toBe("");
  });

  it("a damaged layer is refused, never half told", () => {
    const damaged = join(work, "damaged");
    mkdirSync(damaged);
    spawnSync("cp", ["-r", `${before}/.`, damaged]);
    const manifest = JSON.parse(readFileSync(join(damaged, "index.json"), "utf8")) as {
      manifests: { digest: string }[];
    };
    const blobs = join(damaged, "blobs/sha256");
    const inner = JSON.parse(readFileSync(join(blobs, (manifest.manifests[0]?.digest ?? "").slice(7)), "utf8")) as {
      layers: { digest: string }[];
    };
    const blob = join(blobs, (inner.layers[0]?.digest ?? "").slice(7));
    const bytes = readFileSync(blob);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(blob, bytes);
    const { status, err, out } = run("weigh", "layout:damaged", "--no-cache");
    expect(status).toBe(3);
    expect(err).toMatch(/error\[image\.(?:invalid|digest-mismatch)\]/);
    expect(out).toBe("");
  });
});
