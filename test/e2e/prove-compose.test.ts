import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { buildStore } from "../../src/advisories/index.ts";
import { runLabel } from "../../src/remedy/index.ts";
import { labEngine } from "../support/lab.ts";
import { snapshot } from "../support/snapshot.ts";

const lab = labEngine();
const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");

const compose = `services:
  api: { build: ./api, depends_on: [store], healthcheck: { test: [CMD, test, -s, /pid] } }
  worker: { build: { context: ., dockerfile: worker/Dockerfile } }
  store: { image: "alpine:3.20", command: [sleep, "6175"], volumes: ["data:/data"], networks: [default, inner] }
networks: { inner: {} }
volumes: { data: {} }
`;
const dockerfile = `FROM alpine:3.20\nLABEL of=NAME\nCMD echo 1 > /tmp/pid; exec sleep 6175\n`;

describe.skipIf(!lab)("fix --prove of a compose project", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-compose-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  let count = 0;

  function project(text = compose): string {
    const directory = join(work, `p${count++}`);
    for (const name of ["api", "worker"]) {
      mkdirSync(join(directory, name), { recursive: true });
      writeFileSync(join(directory, name, "Dockerfile"), dockerfile.replace("NAME", name));
    }
    writeFileSync(join(directory, "compose.yaml"), text);
    return directory;
  }

  // Without advisories nothing is to be upgraded: the laboratory has no packages for Alpine.
  const store = join(work, "store");
  mkdirSync(join(work, "advisories", "npm"), { recursive: true });
  writeFileSync(
    join(work, "advisories", "npm", "T.json"),
    JSON.stringify({ id: "T", modified: "2026-11-01T00:00:00Z" }),
  );
  buildStore(join(work, "advisories"), store);
  const options = ["fix", "--prove", "--likely", "--quiet", "--store", store, "--rule", "tag-floats=off"];
  const env = { ...lab.env, NO_COLOR: "1" };
  const run = (directory: string, args: readonly string[]) =>
    spawnSync(process.execPath, [cli, ...options, ...args], { cwd: directory, env, encoding: "utf8" });

  it("tries each image in its service's place, beside the others as they were proved", { timeout: 180_000 }, () => {
    const directory = project();
    const log = join(work, "users");
    const smoke = `docker-compose up -d
echo $(docker-compose exec -T api id -u) $(docker-compose exec -T worker id -u) >> ${log}
docker-compose exec -T store touch /data/used`;
    const proved = run(directory, ["--smoke", smoke, "--write", "--proof", "proof.json"]);
    expect(proved.status, proved.stdout + proved.stderr).toBe(0);
    // Before and after of the one, then of the other.
    expect(readFileSync(log, "utf8").trim().split("\n")).toEqual(["0 0", "10001 0", "10001 0", "10001 10001"]);
    const documents: unknown = JSON.parse(readFileSync(join(directory, "proof.json"), "utf8"));
    expect(documents).toMatchObject(
      ["api", "worker"].map((name) => ({ target: `${name}/Dockerfile`, verdict: "proved" })),
    );
    for (const name of ["api", "worker"])
      expect(readFileSync(join(directory, name, "Dockerfile"), "utf8")).toContain("USER 10001:10001");
    expect(left()).toBe("");
  });

  it("asks a service's own health check where there is no command", { timeout: 120_000 }, () => {
    const directory = project(compose.replace("/pid", "/tmp/pid"));
    const proved = run(directory, ["--proof", "-"]);
    expect(JSON.parse(proved.stdout)).toMatchObject([
      { target: "api/Dockerfile", verdict: "proved", conditions: { smoke: "compose-healthcheck" } },
      { target: "worker/Dockerfile", verdict: "proved", conditions: { smoke: "stays-up" } },
    ]);
  });

  it("leaves no container, network, volume or image behind when it is killed", { timeout: 90_000 }, async () => {
    const directory = project();
    const before = snapshot(directory);
    const up = join(work, "up");
    const args = [cli, ...options, "--write", "--smoke", `docker-compose up -d && touch ${up} && sleep 6176`];
    const child = spawn(process.execPath, args, { cwd: directory, env, stdio: "ignore" });
    expect(await until(() => existsSync(up)), "the services come up").toBe(true);
    expect(left(child.pid).split("\n").length).toBeGreaterThanOrEqual(6);
    child.kill("SIGKILL");
    expect(await until(() => left(child.pid) === ""), `left behind: ${left(child.pid)}`).toBe(true);
    expect(snapshot(directory)).toBe(before);
  });

  async function until(holds: () => boolean): Promise<boolean> {
    for (let i = 0; i < 150; i++) {
      if (holds()) return true;
      await wait(200);
    }
    return false;
  }

  /** What a run of a process has left in the engine, a line each; of any process that is no more when none is named. */
  function left(pid?: number): string {
    const value = `{{index .Labels "${runLabel}"}}`;
    const script = `docker ps -a --format '{{.ID}} {{.Label "${runLabel}"}}' --filter label=${runLabel}
docker images -q --filter label=${runLabel} | xargs -r docker inspect --format '{{.Id}} {{index .Config.Labels "${runLabel}"}}'
docker network ls -q --filter label=${runLabel} | xargs -r docker network inspect --format '{{.Name}} ${value}'
docker volume ls -q --filter label=${runLabel} | xargs -r docker volume inspect --format '{{.Name}} ${value}'`;
    const { stdout } = spawnSync("bash", ["-c", script], { env, encoding: "utf8" });
    return stdout
      .split("\n")
      .filter(
        (line) =>
          line !== "" &&
          (pid === undefined ? !existsSync(`/proc/${line.split("-")[1] ?? ""}`) : line.includes(`-${pid}-`)),
      )
      .join("\n");
  }
});
