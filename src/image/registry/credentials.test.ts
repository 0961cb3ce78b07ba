import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findCredential } from "./credentials.ts";

const home = mkdtempSync(join(tmpdir(), "plimsoll-login-"));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const auth = (name: string): { auth: string } => ({
  auth: Buffer.from(`${name}:secret:of ${name}`).toString("base64"),
});
const basic = (name: string): unknown => ({ kind: "basic", username: name, password: `secret:of ${name}` });
const said = (file: unknown): Record<string, string> => ({ DOCKER_AUTH_CONFIG: JSON.stringify(file) });

function program(name: string, text: string): void {
  mkdirSync(join(home, "bin"), { recursive: true });
  const path = join(home, "bin", `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

describe("logins", () => {
  it("are found by the registry's name, however it is written", async () => {
    for (const key of [
      "r.example.com",
      "https://r.example.com",
      "http://r.example.com/v1/",
      "https://r.example.com/v2/",
    ])
      expect(await findCredential("r.example.com", "app", said({ auths: { [key]: auth("me") } }))).toEqual(basic("me"));
    expect(
      await findCredential("s.example.com", "app", said({ auths: { "r.example.com": auth("me") } })),
    ).toBeUndefined();
  });

  it("of Docker Hub are kept under its first index", async () => {
    for (const key of ["https://index.docker.io/v1/", "docker.io", "index.docker.io"])
      expect(await findCredential("docker.io", "library/app", said({ auths: { [key]: auth("hub") } }))).toEqual(
        basic("hub"),
      );
  });

  it("for a namespace count before those for the registry", async () => {
    const auths = {
      "r.example.com": auth("all"),
      "r.example.com/team": auth("team"),
      "r.example.com/team/app": auth("app"),
    };
    const found = (repository: string): Promise<unknown> =>
      findCredential("r.example.com", repository, said({ auths }));
    expect(await found("team/app")).toEqual(basic("app"));
    expect(await found("team/other")).toEqual(basic("team"));
    expect(await found("teams/app")).toEqual(basic("all"));
  });

  it("may be tokens", async () => {
    const one = (entry: unknown): Promise<unknown> =>
      findCredential("r.example.com", "app", said({ auths: { "r.example.com": entry } }));
    expect(await one({ ...auth("me"), identitytoken: "i" })).toEqual({ kind: "identity", token: "i" });
    expect(await one({ registrytoken: "r" })).toEqual({ kind: "bearer", token: "r" });
    expect(await one({ username: "u", password: "p" })).toEqual({ kind: "basic", username: "u", password: "p" });
    for (const entry of [{}, null, 5, { auth: "!!!" }, { auth: "bm9jb2xvbg==" }, { auth: 7 }])
      expect(await one(entry)).toBeUndefined();
  });

  it("come from the first place that has one", async () => {
    mkdirSync(join(home, ".docker"), { recursive: true });
    mkdirSync(join(home, ".config/containers"), { recursive: true });
    const write = (path: string, text: string): void => {
      writeFileSync(join(home, path), text);
    };
    write(".docker/config.json", JSON.stringify({ auths: { a: auth("docker"), b: auth("docker") } }));
    write(".config/containers/auth.json", JSON.stringify({ auths: { a: auth("podman"), c: auth("podman") } }));
    write("broken.json", "{");
    const env = { HOME: home, REGISTRY_AUTH_FILE: join(home, "broken.json") };
    expect(await findCredential("a", "app", env)).toEqual(basic("docker"));
    expect(await findCredential("c", "app", env)).toEqual(basic("podman"));
    expect(await findCredential("a", "app", { ...env, ...said({ auths: { a: auth("said") } }) })).toEqual(
      basic("said"),
    );
    expect(await findCredential("d", "app", env)).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")("come from helpers, which are asked on their standard input", async () => {
    program("good", `read server; printf '{"ServerURL":"%s","Username":"asked","Secret":"%s"}' "$server" "$server"`);
    program("tokens", `printf '{"Username":"<token>","Secret":"identity"}'`);
    program("none", `echo 'credentials not found in native keychain'; exit 1`);
    program("chatty", "yes");
    const env = { PATH: `${join(home, "bin")}:${process.env["PATH"]}` };
    const one = (file: unknown, registry = "r.example.com"): Promise<unknown> =>
      findCredential(registry, "app", { ...env, ...said(file) });
    const asked = (server: string): unknown => ({ kind: "basic", username: "asked", password: server });
    expect(await one({ credHelpers: { "r.example.com": "good" } })).toEqual(asked("r.example.com"));
    expect(await one({ credsStore: "good" }, "docker.io")).toEqual(asked("https://index.docker.io/v1/"));
    expect(await one({ credHelpers: { "r.example.com": "tokens" }, credsStore: "good" })).toEqual({
      kind: "identity",
      token: "identity",
    });
    expect(await one({ credHelpers: { "r.example.com": "none" }, auths: { "r.example.com": auth("file") } })).toEqual(
      basic("file"),
    );
    for (const name of ["chatty", "missing", "../../bin/sh", "good; touch x", "", "-x"])
      expect(await one({ credsStore: name })).toBeUndefined();
  });
});
