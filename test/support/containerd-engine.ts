import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LabEngine } from "./lab.ts";

/** A Docker Engine of its own that keeps images in containerd's store, as new engines do; it can leave attestations. */
export interface ContainerdEngine extends LabEngine {
  stop(): void;
}

/** Starts one from the laboratory's engine 26.1; undefined, with a word why, where that cannot be. */
export async function startContainerdEngine(lab: LabEngine): Promise<ContainerdEngine | undefined> {
  const docker = (lab.env["PATH"] ?? "")
    .split(":")
    .map((one) => join(one, "docker"))
    .find((one) => existsSync(one));
  const root = docker === undefined ? "" : dirname(dirname(docker));
  const dockerd = join(root, "sbin/dockerd");
  if (!existsSync(dockerd) || process.getuid?.() !== 0) {
    process.stderr.write("skipped: no engine with containerd's image store can be started here\n");
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-engine-"));
  mkdirSync(join(directory, "data"));
  writeFileSync(join(directory, "daemon.json"), JSON.stringify({ features: { "containerd-snapshotter": true } }));
  const socket = join(directory, "docker.sock");
  const env: NodeJS.ProcessEnv = {
    ...lab.env,
    PATH: `${join(root, "sbin")}:${lab.env["PATH"]}`,
    DOCKER_HOST: `unix://${socket}`,
  };
  const daemon = spawn(
    dockerd,
    [
      `--host=unix://${socket}`,
      `--data-root=${join(directory, "data")}`,
      `--exec-root=${join(directory, "exec")}`,
      `--pidfile=${join(directory, "pid")}`,
      `--config-file=${join(directory, "daemon.json")}`,
      "--bridge=none",
      "--iptables=false",
    ],
    { env, stdio: "ignore" },
  );
  const stop = (): void => end(daemon, directory);
  for (let tries = 0; tries < 120; tries++) {
    if (spawnSync("docker", ["version"], { env, stdio: "ignore" }).status === 0) return { ...lab, env, stop };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  stop();
  process.stderr.write("skipped: the engine with containerd's image store did not come up\n");
  return undefined;
}

function end(daemon: ChildProcess, directory: string): void {
  daemon.kill("SIGTERM");
  for (let tries = 0; tries < 80 && existsSync(join(directory, "pid")); tries++) spawnSync("sleep", ["0.1"]);
  spawnSync("bash", ["-c", `mount | awk '{print $3}' | grep -F '${directory}/' | sort -r | xargs -r umount -l`]);
  rmSync(directory, { recursive: true, force: true });
}
