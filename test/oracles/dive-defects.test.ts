import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkImage,
  createEngine,
  defaultPolicy,
  type ExaminedImage,
  examineImage,
  ruleKeeper,
  weightDocument,
} from "../../src/engine/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import { builtInImageRules } from "../../src/rules/index.ts";
import { type Member, noise, tarOf, writeLayout } from "../support/oci-layout.ts";

// Where dive's figures are wrong (its versions to 0.13), with the true ones, and the figures by its own formula beside them.
const work = mkdtempSync(join(tmpdir(), "plimsoll-dive-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const choice = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false };
const job = { limits: defaultLimits, env: {} };
const big = 5_000_000;
const body = noise(big);

function directory(name: string, more: object = {}): Member {
  return [{ name, type: "directory", mode: 0o755, ...more }];
}

function file(name: string, contents: string | Uint8Array, more: object = {}): Member {
  return [{ name, size: Buffer.from(contents).length, ...more }, contents];
}

async function open(layers: readonly (readonly Member[])[]): Promise<ExaminedImage> {
  const layout = mkdtempSync(join(work, "image-"));
  writeLayout(layout, await Promise.all(layers.map(tarOf)));
  return examineImage({ target: `layout:${layout}`, choice }, job);
}

function figures(examined: ExaminedImage) {
  const { waste, efficiency } = weightDocument(examined, {}, "0");
  const dead = waste.reduce((sum, { bytes }) => sum + bytes.unpacked, 0);
  return {
    dead,
    causes: waste.filter(({ bytes }) => bytes.unpacked > 0).map(({ cause }) => cause),
    dive: efficiency.dive,
  };
}

describe("dive's defects", () => {
  it("D1: a directory deleted by one whiteout is dead, all of it", async () => {
    const image = await open([[directory("d/"), file("d/a", body), file("d/b", "small")], [file(".wh.d", "")]]);
    expect(figures(image)).toEqual({
      dead: big + 5,
      causes: ["deleted"],
      dive: { efficiency: 1, wastedBytes: 0, userWastedPercent: 0 },
    });
  });

  it("D2: what an opaque directory hides is dead", async () => {
    const image = await open([
      [directory("d/"), file("d/a", body)],
      [directory("d/"), file("d/.wh..wh..opq", ""), file("d/x", "1")],
    ]);
    const { dead, causes, dive } = figures(image);
    expect({ dead, causes, wasted: dive.wastedBytes }).toEqual({ dead: big, causes: ["hidden"], wasted: 0 });
  });

  it("D3: a chown stores a file once more, so once is what can be won back", async () => {
    const image = await open([[file("a", body)], [file("a", body, { uid: 10, gid: 10 })]]);
    const { dead, causes, dive } = figures(image);
    expect({ dead, causes, wasted: dive.wastedBytes }).toEqual({ dead: big, causes: ["metadata"], wasted: 2 * big });
  });

  it("D4: a layer with a global PAX header, as git archive writes, is read", async () => {
    const repository = mkdtempSync(join(work, "git-"));
    const git = (...args: string[]): Buffer =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: repository });
    git("init", "-q");
    writeFileSync(join(repository, "hello"), "hello\n");
    git("add", "hello");
    git("commit", "-qm", "hello");
    const layer = git("archive", "--format=tar", "HEAD");
    expect(layer.subarray(156, 157).toString()).toBe("g");
    const layout = mkdtempSync(join(work, "image-"));
    writeLayout(layout, [layer]);
    const { merged } = await examineImage({ target: `layout:${layout}`, choice }, job);
    expect([...merged.tree.all()].map(({ path }) => path)).toEqual(["hello"]);
  });

  it("D5: an archive with an index alone has its layers in the manifest's order", async () => {
    const layout = mkdtempSync(join(work, "image-"));
    const layers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => tarOf([file("same", `layer ${index}`), file(`of-${index}`, "1")])),
    );
    writeLayout(layout, layers);
    const archive = join(work, "index-only.tar");
    execFileSync("tar", ["-C", layout, "-cf", archive, "index.json", "oci-layout", "blobs"]);
    const { merged, image } = await examineImage({ target: `archive:${archive}`, choice }, job);
    expect(merged.tree.get("same")?.layer).toBe(11);
    expect(image.layers).toHaveLength(12);
  });

  it("D6: of an archive with several images the one that is named is read, and none is guessed", async () => {
    const parts = mkdtempSync(join(work, "two-"));
    const one = await tarOf([file("one", "1")]);
    const manifest: object[] = [];
    for (const name of ["one", "two"]) {
      const { createHash } = await import("node:crypto");
      const diffId = `sha256:${createHash("sha256").update(one).digest("hex")}`;
      const config = JSON.stringify({
        os: "linux",
        architecture: "amd64",
        config: { User: name },
        rootfs: { type: "layers", diff_ids: [diffId] },
      });
      const id = createHash("sha256").update(config).digest("hex");
      writeFileSync(join(parts, `${id}.json`), config);
      mkdirSync(join(parts, name));
      writeFileSync(join(parts, name, "layer.tar"), one);
      manifest.push({ Config: `${id}.json`, RepoTags: [`${name}:1`], Layers: [`${name}/layer.tar`] });
    }
    writeFileSync(join(parts, "manifest.json"), JSON.stringify(manifest));
    const archive = join(work, "two.tar");
    execFileSync("tar", ["-C", parts, "-cf", archive, "."]);
    const named = await examineImage({ target: `archive:${archive}#two:1`, choice }, job);
    expect(named.image.config.user).toBe("two");
    await expect(examineImage({ target: `archive:${archive}`, choice }, job)).rejects.toThrow("2 images");
  });

  it("D7: a base of several layers is told apart from what the user added", async () => {
    const layers = await Promise.all([
      tarOf([file("a", body)]),
      tarOf([file("a", noise(big, 2))]),
      tarOf([file("mine", noise(1000)), file("yours", "1")]),
      tarOf([file(".wh.mine", "")]),
    ]);
    const base = mkdtempSync(join(work, "base-"));
    const layout = mkdtempSync(join(work, "image-"));
    writeLayout(base, layers.slice(0, 2));
    writeLayout(layout, layers);
    const image = await examineImage({ target: `layout:${layout}`, choice, base: `layout:${base}` }, job);
    const { totals, efficiency } = weightDocument(image, {}, "0");
    expect(totals.baseLayers).toBe(2);
    expect(totals.deadInBase.unpacked).toBe(big);
    expect(totals.deadOfUser.unpacked).toBe(1000);
    expect(efficiency.dive.userWastedPercent).toBeGreaterThan(1.9); // it takes the base's second layer for the user's
  });

  it("D8, D9: leftovers and files that are there twice are told, with their bytes", async () => {
    const keepers = [ruleKeeper(builtInImageRules)];
    const layout = mkdtempSync(join(work, "image-"));
    const lists = noise(3_000_000, 3);
    writeLayout(layout, [
      await tarOf([file("var/lib/apt/lists/deb_Packages", lists), file("app/one", body), file("srv/two", body)]),
    ]);
    const examined = await examineImage({ target: `layout:${layout}`, choice, keepers }, job);
    const { findings } = checkImage(await createEngine({ imageRules: builtInImageRules }), examined, defaultPolicy);
    const bytes = (rule: string): number | undefined => findings.find((one) => one.rule === rule)?.bytes?.value;
    expect(bytes("image-apt-lists")).toBe(lists.length);
    expect(bytes("image-duplicate-files")).toBe(big);
  });

  it("D11: thousands of whiteouts over thousands of files are laid in one pass", async () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `d/${index % 100}/${index}`);
    const image = await open([
      names.map((name) => file(name, "x")),
      names.map((name) => file(name.replace(/([^/]+)$/, ".wh.$1"), "")),
    ]);
    expect(figures(image).dead).toBe(20_000);
  });
});
