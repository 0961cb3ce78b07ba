// What people who know them say is wrong with the sample projects, fault by fault, and the rule that must say so. A fault no
// rule can see in a Dockerfile or its context stands here with the reason.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { check, createEngine, defaultPolicy } from "../../src/engine/index.ts";
import { readOfficialImages } from "../../src/host/index.ts";
import { reporters } from "../../src/report/index.ts";
import { publishedSchema } from "../support/sarif-schema.ts";

const samples = resolve(import.meta.dirname, "../../../shared/lab/samples");

interface Fault {
  /** Words of `expect.md`. */
  readonly said: string;
  /** "rule", or "rule:line" where it must stand at one; all of them. */
  readonly rules?: readonly string[];
  /** Why a Dockerfile and its context cannot show it. */
  readonly unseen?: string;
}
const seen = (said: string, ...rules: readonly string[]): Fault => ({ said, rules });
const unseen = (said: string, why: string): Fault => ({ said, unseen: why });

const compose = "it is in the compose file";
const advisory = "advisories are about the packages in an image";

const expected: Readonly<Record<string, readonly Fault[]>> = {
  "alpine-static": [
    seen("`alpine:3.10` gets no fixes since 2021", "base-unsupported-tag:1"),
    seen("stored four times: the archive, its contents", "archive-copied:5"),
    seen("then `chmod -R`", "ownership-copy:10"),
    seen("then `chown -R`", "ownership-copy:11"),
    seen("the archive is deleted in a later layer", "deleted-in-later-layer:7"),
    seen("eight layers where two do", "consecutive-runs"),
    seen("a `web` user is made and never used", "no-user:1"),
    seen("shell-form `CMD`", "shell-form-command:13"),
  ],
  "c-toolchain": [
    seen("build-essential, headers", "toolchain-left:3", "single-stage-build:6"),
    seen("fat `debian:bookworm` shipped", "base-fat-variant:1"),
    seen(
      "gdb, /build and a 20 MB testdata.bin are removed in later layers",
      "deleted-in-later-layer:7",
      "deleted-in-later-layer:8",
    ),
    seen("stores the binary again", "ownership-copy:9"),
    seen("makes a network server setuid root for no reason", "mode-777:9"),
    seen("debug build with symbols", "debug-symbols-kept:6"),
    seen("`apt-get update` alone in a layer", "index-update-alone:2"),
    seen("recommended packages", "apt-recommends:3"),
    seen("root; no healthcheck", "no-user:1", "healthcheck-missing:10"),
  ],
  "compose-stack": [
    unseen("monitor: host network, host pid, docker.sock", compose),
    unseen("passwords and a JWT secret in the file", compose),
    unseen("`redis:latest`", compose),
    seen("`nginx` untagged", "base-untagged:1"),
    unseen("no healthchecks, limits, `read_only`", compose),
    seen("web serves its own Dockerfile and proxy.conf", "build-files-served:2", "dockerignore-missing:2"),
    seen("lists directories", "directory-listing:3"),
    seen("api runs as root", "no-user:1"),
    seen("with recommended packages", "apt-recommends:2"),
    seen("a client never used", "package-unused:2"),
    seen("lists left", "apt-lists-kept:2"),
    seen("shell-form CMD", "shell-form-command:5"),
    seen("monitor on end-of-life Alpine 3.11", "base-unsupported-tag:1"),
  ],
  "context-bomb": [
    seen("no `.dockerignore`", "dockerignore-missing:4"),
    seen("`.env`, `.aws/credentials`, `.ssh/id_rsa` copied in", "secret-file-copied:4"),
    seen("`.env` and the dump are removed in a later layer", "deleted-in-later-layer:8"),
    seen("`chown -R` stores everything a second time", "ownership-copy:7"),
    seen("the `worker` user is then not used", "no-user:1"),
    seen("secrets in `ENV` and as `ARG` default", "secret-in-env:2", "secret-in-env:3"),
  ],
  "go-fat": [
    seen(
      "the whole Go toolchain, C compiler, git and vim",
      "final-stage-is-sdk:1",
      "single-stage-build:5",
      "tools-shipped:4",
    ),
    seen("build cache (/root/.cache/go-build) and test binaries left", "other-cache-left:5", "other-cache-left:6"),
    seen("symbols kept", "debug-symbols-kept:5"),
    seen("Go 1.19 is end of life", "base-unsupported-tag:1"),
    seen("`apt-get` after `COPY . .` runs again at every change", "packages-after-copy:4"),
    seen("lists left", "apt-lists-kept:4"),
    seen("root", "no-user:1"),
    seen("shell-form `ENTRYPOINT`", "shell-form-command:8"),
    seen("no `.dockerignore`", "dockerignore-missing:3"),
  ],
  "good-go": [
    seen("Go 1.19 in the binary is end of life", "base-unsupported-tag:1"),
    seen("bases are not pinned by digest", "not-digest-pinned:1"),
  ],
  "java-single": [
    seen("a whole JDK to run one jar", "final-stage-is-sdk:1", "single-stage-build:5"),
    seen("sources, classes and the jar twice", "single-stage-build:5", "copied-again:7"),
    seen("curl, unzip, procps unused", "package-unused:4", "tools-shipped:4"),
    seen("lists left", "apt-lists-kept:4"),
    seen("`openjdk:17` is a deprecated image name; unpinned", "base-deprecated:1", "not-digest-pinned:1"),
    seen("secret in `ENV`", "secret-in-env:8"),
    seen("root", "no-user:1"),
    seen("shell-form `CMD` with an unquoted variable", "shell-form-command:10"),
    seen("no healthcheck", "healthcheck-missing"),
  ],
  "node-express": [
    unseen("have advisories", advisory),
    seen("fat `node:20` where `-slim` runs it", "base-fat-variant:1"),
    seen("development dependencies (mocha, eslint) and nodemon installed", "dev-deps-shipped:4", "dev-deps-shipped:5"),
    seen("npm's cache left in /root/.npm", "other-cache-left:4"),
    seen("`COPY . .` before `npm install`", "copy-all-before-deps:4"),
    seen("no lock file", "lockfile-missing:4"),
    seen("the developer's `node_modules`, `npm-debug.log` and a token file copied in", "secret-file-copied:3"),
    seen("no `.dockerignore`", "dockerignore-missing:3"),
    seen("secret in `ENV`", "secret-in-env:6"),
    seen("root user though the image has a `node` user", "no-user:1"),
    seen("`npm start` in shell form swallows SIGTERM", "npm-start-as-pid1:8", "shell-form-command:8"),
    seen("no `NODE_ENV=production`", "node-env-missing:8"),
  ],
  "node-ts-build": [
    seen(
      "single stage: compiler, esbuild, type packages, sources and source maps shipped",
      "single-stage-build:6",
      "dev-deps-shipped:4",
    ),
    seen("`node:latest`", "base-latest:1"),
    seen("no lock file", "lockfile-missing:4"),
    seen("`ADD` for plain files", "add-instead-of-copy:3", "add-instead-of-copy:5"),
    seen("no `.dockerignore`", "dockerignore-missing:5"),
    unseen("`ms` 2.0.0 has an advisory", advisory),
    seen("`chown -R` in a later layer stores all of node_modules a second time", "ownership-copy:7"),
    seen("the process runs as root", "no-user:1"),
    seen("`npm run` as PID 1", "npm-start-as-pid1:9"),
    seen("no healthcheck", "healthcheck-missing:8"),
  ],
  "py-fat-api": [
    seen("end-of-life `python:3.9`", "base-unsupported-tag:1"),
    seen("compilers, git, headers", "toolchain-left:11"),
    seen("four `apt-get` layers", "consecutive-runs:9", "consecutive-runs:10", "consecutive-runs:11"),
    seen("recommended packages", "apt-recommends:9"),
    seen("package lists left behind", "apt-lists-kept:8"),
    seen(
      "nothing installed is needed at run time",
      "tools-shipped:9",
      "tools-shipped:10",
      "package-unused:10",
      "toolchain-left:11",
    ),
    seen("secret in `ENV`", "secret-in-env:5"),
    seen("runs as root", "no-user:1"),
    seen("shell-form `CMD`", "shell-form-command:20"),
    seen("no `.dockerignore`", "dockerignore-missing:13"),
    seen("`COPY .` before the dependency install", "copy-all-before-deps:16"),
    seen("tests and README shipped", "dockerignore-missing:13"),
    seen("`EXPOSE 22` though nothing listens", "expose-ssh:18"),
    seen("deprecated `MAINTAINER`", "maintainer-deprecated:3"),
    seen("no `HEALTHCHECK`", "healthcheck-missing:18"),
    seen("tag not pinned by digest", "not-digest-pinned:1"),
  ],
  "py-flask-apt": [
    seen("`debian:bullseye` with open advisories", "base-unsupported-tag:1"),
    seen("`-slim` would do", "base-fat-variant:1"),
    seen("recommended packages pull in a whole C toolchain", "apt-recommends:2"),
    seen("curl, net-tools and pip are never used", "package-unused:2", "tools-shipped:2"),
    seen("package lists left behind", "apt-lists-kept:2"),
    seen(
      "`.git`, `.env` with credentials and a private key `id_rsa` copied in",
      "dockerignore-missing:3",
      "secret-file-copied:3",
    ),
    seen("`chmod -R 777`", "mode-777:4", "ownership-copy:4"),
    seen("and `chmod 600` in later layers", "ownership-copy:7"),
    seen("root user; no healthcheck", "no-user:1", "healthcheck-missing:8"),
    seen("a build step that hides its failure", "failure-hidden:6"),
    seen("weakened ssh settings", "ssh-settings-weak:7"),
    seen("`ADD` where `COPY` is meant", "add-instead-of-copy:3"),
  ],
  "ssh-supervisor": [
    seen("sshd with root login", "ssh-settings-weak:7", "tools-shipped:5"),
    seen("password `root`", "secret-in-run:6"),
    seen("cron and rsyslog in the image", "tools-shipped:5"),
    seen("several services under supervisor", "init-system-in-container:13"),
    seen("all root", "no-user:1"),
    seen("host keys made at build time", "host-keys-baked:5"),
    seen("`debian:11-slim` is end of life", "base-unsupported-tag:1"),
    seen("`apt-get upgrade` in its own layer", "system-upgrade:4"),
    seen(
      "`update`, `install` and `clean` apart",
      "index-update-alone:3",
      "install-without-update:5",
      "cleanup-in-own-run:8",
    ),
    seen("lists left", "apt-lists-kept:3"),
    seen("`VOLUME /root` hides the app's own directory", "volume-hides-files:11"),
    unseen("`EXPOSE 80` unused", "which ports a program opens is in its code, not in the Dockerfile"),
    seen("`ENV DEBIAN_FRONTEND` stays at run time", "frontend-in-env:2"),
  ],
  "tarball-install": [
    seen("the archive is unpacked into /opt and again in /tmp, and copied as well", "archive-copied:6"),
    seen("`rm -rf /tmp/*` in a later layer frees nothing", "deleted-in-later-layer:8"),
    seen("`chmod -R 777` stores it once more", "mode-777:9", "ownership-copy:9"),
    seen("a script's output piped to `bash`, no checksum", "pipe-to-shell:7"),
    seen("the password `ARG` ends up in the history", "secret-in-env:2", "secret-in-run:7"),
    unseen("and in /opt/tool/.login", "the script that writes it is in the archive"),
    seen("sudo with NOPASSWD", "mode-777:3", "tools-shipped:3"),
    seen("a user with a guessable password", "secret-in-run:4"),
    seen("`USER root`", "runs-as-root:11"),
    seen("curl and gnupg unused", "package-unused:3"),
    seen("recommended packages and lists left", "apt-recommends:3", "apt-lists-kept:3"),
  ],
};

const there = existsSync(samples);
if (!there) process.stderr.write("skipped: the sample projects do not lie beside the project\n");

describe.skipIf(!there)("every fault that a Dockerfile or its context can show is found", () => {
  const work = mkdtempSync(join(tmpdir(), "plimsoll-faults-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it.each(Object.entries(expected))("in %s", { timeout: 60_000 }, async (name, faults) => {
    const text = readFileSync(join(samples, name, "expect.md"), "utf8");
    expect(faults.filter(({ said }) => !text.includes(said)).map(({ said }) => said)).toEqual([]);
    const root = join(work, name);
    cpSync(join(samples, name), root, { recursive: true });
    rmSync(join(root, "expect.md"));
    if (existsSync(join(root, "prepare"))) {
      const { status, stderr } = spawnSync("sh", ["./prepare"], { cwd: root, encoding: "utf8" });
      if (status !== 0) {
        process.stderr.write(`skipped: ${name} cannot be prepared: ${stderr}\n`);
        return;
      }
    }
    const engine = await createEngine({ officialImages: readOfficialImages, today: "2026-11-24" });
    const policy = { ...defaultPolicy, severities: { "not-digest-pinned": "on" as const } };
    const { report, texts } = await check(engine, { root, targets: ["."], policy, version: "0" });
    expect(report.gaps).toEqual([]);
    const sarif = reporters.find(({ id }) => id === "sarif")?.render(report, { color: false, width: 80, texts });
    const validate = publishedSchema();
    expect(validate(JSON.parse(sarif ?? "")), JSON.stringify(validate.errors)).toBe(true);
    const found = new Set<string>();
    for (const { rule, at } of report.findings) {
      if (at.kind !== "source") continue;
      const line = (texts.get(at.path) ?? "").slice(0, at.range.start).split("\n").length;
      found.add(rule).add(`${rule}:${line}`);
    }
    const missed = faults.flatMap(({ said, rules }) =>
      (rules ?? []).filter((rule) => !found.has(rule)).map((rule) => `${said} (${rule})`),
    );
    expect(missed).toEqual([]);
    if (name === "good-go")
      expect([...found].filter((id) => !id.includes(":")).sort()).toEqual([
        "base-unsupported-tag",
        "not-digest-pinned",
      ]);
  });
});
