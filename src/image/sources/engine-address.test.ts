import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { addressOf, engineAddresses } from "./engine-address.ts";

const home = mkdtempSync(join(tmpdir(), "plimsoll-context-"));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function context(name: string, host: unknown): void {
  const id = createHash("sha256").update(name).digest("hex");
  mkdirSync(join(home, ".docker/contexts/meta", id), { recursive: true });
  const meta = { Name: name, Endpoints: { docker: { Host: host } } };
  writeFileSync(join(home, ".docker/contexts/meta", id, "meta.json"), JSON.stringify(meta));
}

describe("where an engine listens", () => {
  it.each([
    ["unix:///var/run/docker.sock", "http://engine/", "/var/run/docker.sock", true],
    ["npipe:////./pipe/docker_engine", "http://engine/", "\\\\.\\pipe\\docker_engine", true],
    ["tcp://127.0.0.1:1234", "http://127.0.0.1:1234/", undefined, false],
    ["tcp://build.example.com", "http://build.example.com:2375/", undefined, false],
    ["https://build.example.com", "https://build.example.com:2376/", undefined, false],
    ["tcp://[::1]:99/", "http://[::1]:99/", undefined, false],
    ["ssh://me@build.example.com", "http://engine/", undefined, false],
    ["ssh://build.example.com:22/run/user/1000/docker.sock", "http://engine/", undefined, false],
    ["ssh://-oProxyCommand=x", undefined, undefined, false],
    ["ssh://me@-x", undefined, undefined, false],
    ["ssh://build.example.com/a;b", undefined, undefined, false],
    ["tcp://host:99999", undefined, undefined, false],
    ["nonsense", undefined, undefined, false],
  ])("%s", (name, base, socketPath, local) => {
    const address = addressOf(name, {});
    expect([address.base?.href, address.options.socketPath, address.local]).toEqual([base, socketPath, local]);
    expect(address.name).not.toContain("me@");
  });

  it("with certificates it is spoken to by TLS", () => {
    const address = engineAddresses({
      DOCKER_HOST: "tcp://build.example.com",
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: home,
    });
    expect(address.map(({ base }) => base?.href)).toEqual(["https://build.example.com:2376/"]);
  });

  it("is DOCKER_HOST, else the context in force, else CONTAINER_HOST, else the usual sockets", () => {
    context("remote", "tcp://remote.example.com:2375");
    context("other", "unix:///other.sock");
    context("broken", 5);
    mkdirSync(join(home, ".docker"), { recursive: true });
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ currentContext: "remote" }));
    const names = (env: Record<string, string>): string[] =>
      engineAddresses({ HOME: home, ...env }).map(({ name }) => name);
    expect(names({ DOCKER_HOST: "unix:///mine.sock" })).toEqual(["unix:///mine.sock"]);
    expect(names({})).toEqual(["tcp://remote.example.com:2375"]);
    expect(names({ DOCKER_CONTEXT: "other", CONTAINER_HOST: "unix:///podman.sock" })).toEqual(["unix:///other.sock"]);
    expect(names({ DOCKER_CONTEXT: "default", CONTAINER_HOST: "unix:///podman.sock" })).toEqual([
      "unix:///podman.sock",
    ]);
    for (const lost of ["broken", "absent"])
      expect(engineAddresses({ HOME: home, DOCKER_CONTEXT: lost })[0]?.base).toBeUndefined();
    const runtime = join(home, "run");
    mkdirSync(join(runtime, "podman"), { recursive: true });
    writeFileSync(join(runtime, "podman/podman.sock"), "");
    expect(names({ DOCKER_CONTEXT: "default", XDG_RUNTIME_DIR: runtime })).toContain(
      `unix://${runtime}/podman/podman.sock`,
    );
  });
});
