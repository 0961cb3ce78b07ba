import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createKnown } from "../../src/engine/known.ts";
import { examineImage } from "../../src/engine/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import { builtInImageRules, defaultSitePolicy } from "../../src/rules/index.ts";
import type { Problem } from "../../src/core/index.ts";
import { parseDockerfile } from "../../src/syntax/index.ts";
import { subjectOfImage, rulesKeeper } from "../support/image-subject.ts";
import { type LabEngine, labEngine, runIn } from "../support/lab.ts";

const engine = labEngine("13");
const tag = "plimsoll-image-rules:test";
const token = "ghp_Zq8vX2mK4pL9wR7tY3uB6nC1dF5gH0jS2aQe";
const dockerfile = `FROM debian:12-slim
RUN mkdir -p /var/lib/apt/lists && for i in 1 2 3; do head -c 400000 /dev/urandom > /var/lib/apt/lists/list_$i; done
COPY . /srv
RUN chown -R 1000:1000 /srv/data
RUN rm -rf /srv/build && mkdir -p /root/.cache/pip && head -c 300000 /dev/urandom > /root/.cache/pip/x && ln /root/.cache/pip/x /root/.cache/pip/y
RUN cp /bin/true /opt/tool && chmod 4755 /opt/tool && sed -i 's/^root:[^:]*/root:/' /etc/shadow
ENV SERVICE_TOKEN=${token}
EXPOSE 80
`;
const files: Readonly<Record<string, string>> = {
  "data/a.bin": "a".repeat(500_000),
  "data/copy.bin": "c".repeat(250_000),
  "other/copy.bin": "c".repeat(250_000),
  "build/out.bin": "b".repeat(700_000),
  "debug.log": "log\n",
  "settings.yml": `token: ${token}\n`,
};

describe.skipIf(!engine)("the rules about images", () => {
  it("name what is in a real image as find counts it in the container, and the line that brought it", {
    timeout: 180_000,
  }, async () => {
    if (!engine) return;
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-image-rules-"));
    try {
      const problems = await problemsOf(engine, directory);
      const of = (id: string) => problems.filter(({ rule }) => rule === id);
      const bytesOf = (id: string) => of(id).reduce((sum, { bytes }) => sum + (bytes?.value ?? 0), 0);
      const find = (expression: string): string[] =>
        runIn(engine, directory, "docker", [
          "run",
          "--rm",
          "--entrypoint",
          "sh",
          tag,
          "-c",
          `find / -xdev ${expression}`,
        ])
          .trim()
          .split("\n");
      const sumOf = (sizes: readonly string[]): number => sizes.reduce((sum, size) => sum + Number(size), 0);

      expect(bytesOf("image-apt-lists")).toBe(
        sumOf(find("-path '/var/lib/apt/lists/*' -type f ! -name lock -printf '%s\\n'")),
      );
      // A hard link is no further bytes: one of the two names counts.
      expect(bytesOf("image-python-cache")).toBe(sumOf(find("-path '/root/.cache/pip/x' -printf '%s\\n'")));
      const setuid = find("-type f -perm /6000").map((path) => path.slice(1));
      const told = of("image-setuid-files");
      expect(setuid).toContain("opt/tool");
      expect(told.find(({ file }) => file === "opt/tool")?.message).toContain("setuid root");
      expect(told.find(({ message }) => message.includes("base image"))?.message).toContain(
        `${setuid.length - 1} setuid`,
      );
      expect(bytesOf("image-copied-for-metadata")).toBe(750_000);
      expect(bytesOf("image-deleted-files")).toBe(700_000);
      expect(bytesOf("image-duplicate-files")).toBe(250_000);
      expect(of("image-empty-password").map(({ file }) => file)).toEqual(["etc/shadow"]);
      expect(of("image-context-junk")).toHaveLength(1);
      expect(of("image-secret-in-file").map(({ file }) => file)).toEqual(["srv/settings.yml"]);
      for (const id of ["image-secret-in-env", "image-no-healthcheck", "image-root-user"])
        expect(of(id)).toHaveLength(1);

      const lines = (id: string) => of(id).flatMap(({ lines: all }) => all);
      expect(lines("image-apt-lists")).toEqual([2]);
      expect(lines("image-copied-for-metadata")).toEqual([3, 4]);
      expect(lines("image-deleted-files")).toEqual([3, 5]);
      expect(lines("image-python-cache")).toEqual([5]);
      expect(lines("image-secret-in-file")).toEqual([3]);
      expect(JSON.stringify(problems)).not.toContain(token.slice(0, 10));
    } finally {
      runIn(engine, directory, "docker", ["rmi", "-f", tag]);
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

type Told = Problem & { readonly rule: string; readonly file: string | undefined; readonly lines: readonly number[] };

/** Builds the image and runs every rule over it, the base known and the Dockerfile at hand. */
async function problemsOf(lab: LabEngine, directory: string): Promise<Told[]> {
  for (const [path, text] of Object.entries({ ...files, Dockerfile: dockerfile, ".dockerignore": "Dockerfile\n" })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
    chmodSync(join(directory, path), 0o644);
  }
  runIn(lab, directory, "docker", ["buildx", "build", "--load", "-t", tag, "."]);
  const archive = join(directory, "image.tar");
  const base = join(directory, "base.tar");
  runIn(lab, directory, "docker", ["save", "-o", archive, tag]);
  runIn(lab, directory, "docker", ["save", "-o", base, "debian:12-slim"]);
  const examined = await examineImage(
    {
      target: `archive:${archive}`,
      choice: { platform: { os: "linux", architecture: "amd64" }, platformAsked: false },
      dockerfile: parseDockerfile({ path: "Dockerfile", text: dockerfile }),
      base: `archive:${base}`,
      keepers: [rulesKeeper(builtInImageRules)],
    },
    { limits: defaultLimits, env: process.env },
  );
  const subject = subjectOfImage(examined);
  const known = createKnown(defaultSitePolicy, () => undefined);
  return builtInImageRules.flatMap((rule) =>
    [...rule.check(subject, known)].map((problem) => ({
      ...problem,
      rule: rule.id,
      file: problem.at.kind === "image" ? problem.at.file : undefined,
      lines: (problem.related ?? []).flatMap(({ at }) =>
        at.kind === "source" ? [dockerfile.slice(0, at.range.start).split("\n").length] : [],
      ),
    })),
  );
}
