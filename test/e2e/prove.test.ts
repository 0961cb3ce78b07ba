import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Proof } from "../../src/remedy/index.ts";
import { runLabel, scopeOfRule, type Scope } from "../../src/remedy/index.ts";
import type { Rule } from "../../src/rules/index.ts";
import { labEngine } from "../support/lab.ts";
import { snapshot } from "../support/snapshot.ts";
import { proveDockerfile, proveEngine, textOf, told } from "../support/prove.ts";

const lab = labEngine();
const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");

/** A program that needs its environment, a file beside it, a library, certificates and a place to write, at run time only. */
const project: Readonly<Record<string, string>> = {
  Dockerfile: `FROM python:3.11-slim
ENV STATION=harbour
RUN mkdir -p /var/spool/tide
RUN chmod 1777 /var/spool/tide
COPY . /srv/tide
WORKDIR /srv/tide
CMD /srv/tide/tide.py
`,
  "tide.py": `#!/usr/bin/env python3
import json, os, sqlite3, ssl
station = json.load(open("stations.json"))[os.environ["STATION"]]
ssl.create_default_context(cafile="/etc/ssl/certs/ca-certificates.crt")
level, = sqlite3.connect(":memory:").execute("select ? + 0.5", (station,)).fetchone()
with open("/var/spool/tide/log", "a") as log:
    print(level, file=log)
print("high water at", level)
`,
  "stations.json": '{ "harbour": 3.5 }\n',
  "notes.md": "Tides.\n",
};
const smoke = `docker run --rm $PLIMSOLL_RUN_OPTIONS "$IMAGE" | grep -q "high water at 4.0"`;

interface Poison {
  readonly kind: string;
  /** Which gate is to see it. */
  readonly gate: string;
  /** Where in the Dockerfile, and what is put there. */
  readonly find: RegExp;
  readonly put: string;
  /** By what it is known again once it is there; the first line of `put`. */
  readonly mark?: string;
  /** Lines for the ignore file instead. */
  readonly ignore?: string;
}

const poisons: readonly Poison[] = [
  {
    kind: "removes a package that is needed",
    gate: "linkage",
    find: /(?<=slim\n)/,
    put: "RUN dpkg --force-all --purge libsqlite3-0\n",
  },
  {
    kind: "deletes a shared library",
    gate: "linkage",
    find: /(?<=slim\n)/,
    put: "RUN rm -f /usr/lib/x86_64-linux-gnu/libsqlite3.so.0*\n",
  },
  {
    kind: "takes the entry point's interpreter away",
    gate: "linkage",
    find: /(?<=slim\n)/,
    put: "RUN rm -f /usr/local/bin/python3 /usr/bin/python3\n",
  },
  {
    kind: "puts a program of another C library in the way",
    gate: "linkage",
    find: /(?<=slim\n)/,
    put: "COPY --from=alpine:3.20 /bin/busybox /usr/local/bin/python3\n",
  },
  {
    kind: "runs as a user that may not write",
    gate: "smoke",
    find: /(?<=1777[^\n]*\n)/,
    put: "RUN chmod 755 /var/spool/tide\nUSER 65534:65534\n",
    mark: "USER 65534",
  },
  { kind: "changes the working directory", gate: "smoke", find: /(?=WORKDIR)/, put: "WORKDIR /tmp\n# " },
  { kind: "drops a variable that the program reads", gate: "smoke", find: /ENV STATION=harbour\n/, put: "" },
  {
    kind: "removes the certificates",
    gate: "smoke",
    find: /(?<=slim\n)/,
    put: "RUN rm -rf /etc/ssl/certs\n",
  },
  { kind: "ignores a file that the program reads", gate: "smoke", find: /$^/, put: "", ignore: "stations.json\n" },
  { kind: "starts something that ends at once", gate: "smoke", find: /CMD [^\n]*/, put: 'CMD ["true"]' },
];

/** A rule that finds what the poison can be put into, and offers to do it as if it were good. */
function poisoned({ find, put, mark, ignore }: Poison): Rule<"dockerfile"> {
  return {
    id: "poison",
    subject: "dockerfile",
    aim: "size",
    severity: "low",
    summary: "A fix that does harm",
    why: "",
    examples: [],
    *check({ dockerfile, context }) {
      const { path, text } = dockerfile.source;
      if (ignore !== undefined) {
        if (!context || context.ignoreFile?.text.includes(ignore)) return;
        const end = context.ignoreFile?.text.length ?? 0;
        const at = { kind: "source", path, range: { start: 0, end: 4 } } as const;
        const edits = [{ path: context.ignorePath, range: { start: end, end }, text: ignore }];
        yield { message: "poison", at, fix: { title: "Do harm", safety: "likely", edits } };
        return;
      }
      const match = find.exec(text);
      if (!match || (put !== "" && text.includes(mark ?? put.split("\n")[0] ?? put))) return;
      const range = { start: match.index, end: match.index + match[0].length };
      yield {
        message: "poison",
        at: { kind: "source", path, range: { start: 0, end: 4 } },
        fix: { title: "Do harm", safety: "likely", edits: [{ path, range, text: put }] },
      };
    },
  };
}

describe.skipIf(!lab)("a poisoned fix among real ones", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-poison-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(project)) writeFileSync(join(work, name), text);
  chmodSync(join(work, "tide.py"), 0o755);
  // The poison claims that it may do anything, so that only what it does can give it away.
  const anything: Scope = {
    packages: "any",
    trades: "all",
    files: { added: /^/, removed: /^/, contents: /^/, metadata: /^/, type: /^/ },
    config: /^/,
    growth: Number.POSITIVE_INFINITY,
  };
  const scopeOf = (rule: string): Scope => (rule === "poison" ? anything : scopeOfRule(rule));

  let expected: Proof | undefined;
  beforeAll(async () => {
    const outcome = await proveDockerfile(lab, await proveEngine(), work, smoke);
    expect(outcome.proof.verdict, told(outcome)).toBe("proved");
    expect(outcome.proof.kept.length).toBeGreaterThanOrEqual(3);
    expect(outcome.proof.rejected, told(outcome)).toEqual([]);
    expected = outcome.proof;
  }, 120_000);

  it.each(poisons.map((poison) => [poison.kind, poison] as const))(
    "that %s is found out and left, and the rest is kept",
    { timeout: 120_000 },
    async (_, poison) => {
      const outcome = await proveDockerfile(lab, await proveEngine([poisoned(poison)]), work, smoke, { scopeOf });
      const { proof } = outcome;
      expect(proof.verdict, told(outcome)).toBe("proved");
      expect(
        proof.rejected.map(({ action }) => action.rule),
        told(outcome),
      ).toEqual(["poison"]);
      expect(proof.rejected[0]?.reason).toMatch(new RegExp(`^${poison.gate}: `));
      expect(proof.candidate.dockerfile).toBe(expected?.candidate.dockerfile);
      expect(proof.candidate.ignore).toBe(expected?.candidate.ignore);
    },
  );

  it("that is a claim about how it may be run is rejected, and claims that hold are kept", {
    timeout: 120_000,
  }, async () => {
    const claims = ["read-only-root", "no-capabilities"] as const;
    const outcome = await proveDockerfile(lab, await proveEngine(), work, smoke, { claims });
    expect(outcome.proof.verdict, told(outcome)).toBe("proved");
    expect(outcome.proof.rejected.map(({ action }) => action.id)).toEqual(["read-only-root"]);
    expect(outcome.proof.kept.map(({ id }) => id)).toContain("no-capabilities");
  });
});

describe("without an engine", () => {
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-static-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(project)) writeFileSync(join(work, name), text);
  mkdirSync(join(work, "empty"));

  it("a proof is static, says so with a hint, holds the gates of texts and writes nothing", () => {
    const before = snapshot(work);
    const env = { PATH: join(work, "empty"), PLIMSOLL_CACHE: `${work}-cache`, HOME: work, NO_COLOR: "1" };
    const args = [cli, "fix", "--prove", "--likely", "--write", "--proof", "-"];
    const run = spawnSync(process.execPath, args, { cwd: work, env, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(3);
    const document: unknown = JSON.parse(run.stdout);
    expect(document).toMatchObject({ verdict: "static", hint: expect.stringContaining("DOCKER_HOST") });
    expect(document).toMatchObject({ checks: [{ gate: "findings", ok: true }] });
    expect(run.stderr).toContain("nothing was written");
    expect(snapshot(work)).toBe(before);
  });

  it("a builder that is named and not there is an error with a hint", () => {
    const env = { PATH: join(work, "empty"), HOME: work, NO_COLOR: "1" };
    const run = spawnSync(process.execPath, [cli, "fix", "--prove", "--builder", "podman"], {
      cwd: work,
      env,
      encoding: "utf8",
    });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("error[builder.missing]");
    expect(run.stderr).toContain("hint:");
  });
});

describe.skipIf(!lab)("a proof that is stopped in the middle of a build", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-stop-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const text = "FROM alpine:3.20\nRUN echo $$ && sleep 6173\nCMD sleep 6174\n";

  it.each([
    ["SIGINT", "docker-buildkit", "build"],
    ["SIGKILL", "docker-buildkit", "build"],
    ["SIGINT", "docker-classic", "build"],
    ["SIGKILL", "docker-classic", "build"],
    ["SIGKILL", "docker-buildkit", "run"],
    ["SIGTERM", "docker-buildkit", "run"],
  ] as const)(
    "by %s leaves nothing behind (%s, in the middle of a %s)",
    { timeout: 90_000 },
    async (signal, builder, phase) => {
      writeFileSync(
        join(work, "Dockerfile"),
        phase === "build" ? text : "FROM alpine:3.20\nLABEL x=y\nCMD sleep 6174\n",
      );
      const before = snapshot(work);
      const args = [cli, "fix", "--prove", "--likely", "--write", "--builder", builder, "--quiet"];
      const smokeArgs = phase === "run" ? ["--smoke", 'docker run --rm "$IMAGE"'] : [];
      const child = spawn(process.execPath, [...args, ...smokeArgs], { cwd: work, env: lab.env, stdio: "ignore" });
      const ended = new Promise<number | null>((done) => child.on("close", done));
      const sleeping = phase === "build" ? "sleep 6173" : "sleep 6174";
      expect(await until(() => running(sleeping)), "the build begins").toBe(true);
      expect(scratchOf(child.pid)).toHaveLength(1);
      child.kill(signal);
      const status = await ended;
      if (signal !== "SIGKILL") expect(status).toBe(130);
      expect(await until(() => !running(sleeping) && left(child.pid) === ""), `left behind: ${left(child.pid)}`).toBe(
        true,
      );
      expect(snapshot(work)).toBe(before);
    },
  );

  async function until(holds: () => boolean): Promise<boolean> {
    for (let i = 0; i < 100; i++) {
      if (holds()) return true;
      await wait(200);
    }
    return false;
  }

  function running(command: string): boolean {
    return readdirSync("/proc").some((pid) => {
      try {
        return (
          /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim() === command
        );
      } catch {
        return false;
      }
    });
  }

  function scratchOf(pid: number | undefined): readonly string[] {
    return readdirSync(tmpdir()).filter(
      (name) => name.startsWith("plimsoll-prove-") && name.split("-")[3] === String(pid),
    );
  }

  function left(pid: number | undefined): string {
    const script = `{ docker ps -aq --filter label=${runLabel}; docker images -q --filter label=${runLabel}; } | xargs -r docker inspect --format '{{.Id}} {{index .Config.Labels "${runLabel}"}}'`;
    const labels = spawnSync("bash", ["-c", script], { env: lab?.env ?? {}, encoding: "utf8" }).stdout;
    return [...labels.split("\n").filter((line) => line.includes(`-${pid}-`)), ...scratchOf(pid)].join("\n");
  }
});

describe.skipIf(!lab)("prove BEFORE AFTER", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-pair-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [cli, "prove", ...args], {
      cwd: work,
      env: { ...lab.env, NO_COLOR: "1" },
      encoding: "utf8",
    });
  writeFileSync(
    join(work, "a.Dockerfile"),
    'FROM alpine:3.20\nRUN head -c 3000000 /dev/urandom > /big\nCMD ["echo", "well"]\n',
  );
  writeFileSync(join(work, "b.Dockerfile"), 'FROM alpine:3.20\nCMD ["echo", "well"]\n');

  it("of two Dockerfiles proves the lighter one, with Markdown for a pull request", { timeout: 90_000 }, () => {
    const good = run([
      "a.Dockerfile",
      "b.Dockerfile",
      "--smoke",
      'docker run --rm "$IMAGE" | grep -q well',
      "--markdown",
      "p.md",
    ]);
    expect(good.status, good.stdout + good.stderr).toBe(0);
    expect(good.stdout).toContain("proved");
    expect(textOf(work, "p.md")).toContain("### Plimsoll: proved");
    const bad = run(["b.Dockerfile", "a.Dockerfile"]);
    expect(bad.status, bad.stdout + bad.stderr).toBe(1);
    expect(bad.stdout).toContain("bytes: ");
  });

  it("of two images runs them where the engine has them", { timeout: 90_000 }, () => {
    const images = run(["alpine:3.20", "alpine:3.10", "--smoke", 'docker run --rm "$IMAGE" true', "--proof", "-"]);
    const document: unknown = JSON.parse(images.stdout);
    expect(document).toMatchObject({ conditions: { smoke: "command" }, before: { user: "" }, after: { user: "" } });
    expect(existsSync(join(work, "-"))).toBe(false);
  });
});
