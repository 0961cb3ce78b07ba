import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HttpClient } from "./http.ts";
import { connectBySsh, readSshAddress } from "./ssh-connection.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-ssh-"));
const socket = join(root, "engine.sock");
const server = createServer((request, response) => {
  if (request.url === "/big") {
    response.end(Buffer.alloc(8 << 20, "x"));
    return;
  }
  request.pipe(response);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(socket, resolve)));
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

/** A directory with a program of the name ssh: it tells its arguments, and passes on to the engine what it is given. */
function withSsh(name: string, body: string): Readonly<Record<string, string>> {
  const directory = mkdtempSync(join(root, `${name}-`));
  const program = join(directory, "ssh");
  writeFileSync(program, `#!${process.execPath}\n${body}`);
  chmodSync(program, 0o755);
  return { PATH: directory };
}

const passing = `require("node:fs").writeFileSync(${JSON.stringify(join(root, "said"))}, process.argv.slice(2).join(" "));
const socket = require("node:net").connect(${JSON.stringify(socket)});
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit(0));`;

function client(address: string, env: Readonly<Record<string, string>>): HttpClient {
  const far = readSshAddress(address);
  if (!far) throw new Error("no address");
  return new HttpClient({ connect: () => connectBySsh(far, env) });
}

const url = (path: string): URL => new URL(path, "http://engine/");

describe("an engine behind ssh", () => {
  it("is asked by Docker's own way, and answers of any size come back whole", async () => {
    const engine = client("ssh://me@build.example.com:2222/run/docker.sock", withSsh("passing", passing));
    const sent = Buffer.alloc(1 << 20, "y");
    const echo = await engine.send({ url: url("/echo"), method: "POST", body: sent });
    expect(sent.equals((await echo.bytes(1 << 21)) ?? sent.subarray(1))).toBe(true);
    const big = await engine.send({ url: url("/big"), method: "GET" });
    expect((await big.bytes(9 << 20))?.length).toBe(8 << 20);
    expect(readFileSync(join(root, "said"), "utf8")).toBe(
      "-o ConnectTimeout=30 -T -l me -p 2222 -- build.example.com docker --host unix:///run/docker.sock system dial-stdio",
    );
  });

  it("that lets nobody in is told with ssh's own reason", async () => {
    const body = 'process.stderr.write("Permission denied (publickey).\\n"); process.exitCode = 255;';
    const refusal = client("ssh://a", withSsh("refusing", body)).send({ url: url("/"), method: "GET" });
    await expect(refusal).rejects.toMatchObject({
      kind: "refused",
      message: "cannot be reached by ssh: Permission denied (publickey).",
    });
  });

  it("without ssh says what is missing", async () => {
    const refusal = client("ssh://a", { PATH: root }).send({ url: url("/"), method: "GET" });
    await expect(refusal).rejects.toMatchObject({ kind: "refused", message: expect.stringContaining("ssh") as string });
  });
});
