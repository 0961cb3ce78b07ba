import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  appendFileSync,
  chmodSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { applyFixes, createEngine, openBuildContext, parseDockerfile, readOfficialImages } from "../../src/index.ts";
import { labPolicy } from "../support/lab-policy.ts";
import { labEngine, runIn } from "../support/lab.ts";

const lab = labEngine();
const rows: string[] = [
  "| sample | fixes | bytes before | bytes after | change | user |",
  "| --- | --: | --: | --: | --: | --- |",
];
/** Tags that the laboratory lacks although it has the same image under another name: its newest Node is 20. */
const standIns: readonly (readonly [missing: string, there: string])[] = [["node:slim", "node:20-slim"]];

/** A container and a port of this process's own: the laboratory's engine may serve others at the same time. */
const container = `plimsoll-e2e-${process.pid}`;
function apart(script: string): string {
  const port = String(20_000 + (process.pid % 10_000));
  return script.replaceAll("--name smoke", `--name ${container}`).replaceAll("18080", port);
}

function block(text: string, name: string): string {
  const part = text.split(/^## /m).find((one) => one.startsWith(`${name}\n`)) ?? "";
  return [...part.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map((match) => match[1]).join("\n");
}

async function fixProject(directory: string): Promise<number> {
  const engine = await createEngine({ officialImages: readOfficialImages, today: "2026-11-24" });
  let applied = 0;
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (one) => /(?:^|\/)Dockerfile$/.test(one) && !one.includes("node_modules"),
  )) {
    const file = join(directory, name);
    const root = join(file, "..");
    const dockerfile = parseDockerfile({ path: name, text: readFileSync(file, "utf8") });
    const outcome = applyFixes(engine, { dockerfile, context: openBuildContext(root, file, directory) }, labPolicy, {
      likely: true,
    });
    applied += outcome.applied.length;
    for (const [path, text] of outcome.texts) writeFileSync(join(directory, path), text);
  }
  return applied;
}

describe.skipIf(!lab)("every sample project, fixed by Plimsoll", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-"));
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
    const file = process.env["PLIMSOLL_E2E_TABLE"];
    if (file) appendFileSync(file, `${rows.join("\n")}\n`);
    process.stdout.write(`${rows.join("\n")}\n`);
  });
  for (const [missing, there] of standIns)
    runIn(lab, work, "bash", [
      "-c",
      `docker image inspect ${missing} >/dev/null 2>&1 || docker tag ${there} ${missing}`,
    ]);
  const names = readdirSync(lab.samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(lab.samples, entry.name, "expect.md")))
    .map((entry) => entry.name);

  it.each(process.env["PLIMSOLL_SAMPLE"] ? names.filter((name) => name === process.env["PLIMSOLL_SAMPLE"]) : names)(
    "%s builds, passes its smoke test, does not grow and does not run as root",
    { timeout: 900_000 },
    async (name) => {
      const expected = readFileSync(join(lab.samples, name, "expect.md"), "utf8");
      const image = `plimsoll-e2e/${name}`;
      const directory = join(work, name);
      cpSync(join(lab.samples, name), directory, { recursive: true, dereference: true });
      runIn(lab, work, "chmod", ["-R", "u+w", directory]);
      rmSync(join(directory, "expect.md"));
      if (existsSync(join(directory, "prepare"))) {
        chmodSync(join(directory, "prepare"), 0o755);
        runIn(lab, directory, "./prepare", []);
        rmSync(join(directory, "prepare"));
      }
      const compose = block(expected, "Build").includes("docker-compose");
      const build = (): void =>
        void (compose
          ? runIn(lab, directory, "bash", ["-ec", block(expected, "Build")], { IMAGE: image })
          : runIn(lab, directory, "docker", ["build", "-q", "--network", "host", "-t", image, "."], {
              DOCKER_BUILDKIT: "1",
            }));
      const repositories = (): readonly string[] =>
        compose
          ? runIn(lab, directory, "bash", [
              "-c",
              "docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -E '^(lab-sample|plimsoll-e2e)/compose-stack-' | sort -u",
            ])
              .trim()
              .split("\n")
          : [image];
      const inspect = (format: string): readonly string[] =>
        repositories().map((one) => runIn(lab, directory, "docker", ["image", "inspect", "-f", format, one]).trim());
      const sizes = (): number => inspect("{{.Size}}").reduce((sum, one) => sum + Number(one), 0);
      const tidy = (): void =>
        void runIn(
          lab,
          directory,
          "bash",
          [
            "-c",
            `docker rm -fv ${container} >/dev/null 2>&1; ${block(expected, "Clean") || "true"} >/dev/null 2>&1; true`,
          ],
          { IMAGE: image },
        );
      tidy();
      build();
      const before = sizes();
      const applied = await fixProject(directory);
      build();
      const after = sizes();
      const users = inspect("{{.Config.User}}");
      try {
        const smoke = compose ? block(expected, "Smoke") : apart(block(expected, "Smoke"));
        runIn(lab, directory, "bash", ["-eo", "pipefail", "-c", smoke], { IMAGE: image });
      } catch (error) {
        throw new Error(
          `smoke test: ${String(error)}\n${runIn(lab, directory, "bash", ["-c", `docker logs ${container} 2>&1 | tail -20; true`])}\n${readFileSync(join(directory, compose ? "api/Dockerfile" : "Dockerfile"), "utf8")}`,
          { cause: error },
        );
      } finally {
        tidy();
      }
      const user = users.map((one) => one || "root").join(", ");
      rows.push(
        `| ${name} | ${applied} | ${before} | ${after} | ${(100 * (after / before - 1)).toFixed(1)} % | ${user} |`,
      );
      expect(after).toBeLessThanOrEqual(before);
      expect(user).not.toMatch(/\broot\b|(?:^|, )0(?:$|[:,])/);
    },
  );
});
