import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createPlain, type IncomingMessage } from "node:http";
import { createServer as createSecure } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HttpClient, HttpFailure } from "./http.ts";
import { proxyFor } from "./proxy.ts";

const servers: Server[] = [];
const directory = mkdtempSync(join(tmpdir(), "plimsoll-http-"));
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true, force: true });
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** A proxy that leads every host to `port` of this machine, and notes what it is asked for. */
function proxyTo(port: number): { server: Server; seen: string[] } {
  const seen: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage): void => {
    seen.push(`${method} ${url} ${headers["proxy-authorization"] ?? "-"}`);
  };
  const server = createPlain((request, response) => {
    note(request);
    response.end("from the proxy");
  });
  server.on("connect", (request: IncomingMessage, client) => {
    note(request);
    if (request.url?.startsWith("forbidden")) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  return { server, seen };
}

describe("proxies", () => {
  it.each([
    ["https://r.example.com/", { HTTPS_PROXY: "http://proxy:3128" }, "http://proxy:3128/"],
    ["https://r.example.com/", { https_proxy: "proxy:3128", HTTPS_PROXY: "http://other" }, "http://proxy:3128/"],
    ["http://r.example.com/", { HTTPS_PROXY: "http://proxy:3128" }, undefined],
    ["http://r.example.com/", { ALL_PROXY: "http://proxy" }, "http://proxy/"],
    ["https://r.example.com/", { HTTPS_PROXY: "http://proxy", NO_PROXY: "example.com" }, undefined],
    ["https://r.example.com/", { HTTPS_PROXY: "http://proxy", NO_PROXY: "a, .example.com" }, undefined],
    ["https://r.example.com/", { HTTPS_PROXY: "http://proxy", NO_PROXY: "ample.com" }, "http://proxy/"],
    ["https://r.example.com/", { HTTPS_PROXY: "http://proxy", NO_PROXY: "example.com:8443" }, "http://proxy/"],
    ["https://r.example.com:8443/", { HTTPS_PROXY: "http://proxy", no_proxy: "example.com:8443" }, undefined],
    ["https://r.example.com/", { HTTPS_PROXY: "http://proxy", NO_PROXY: "*" }, undefined],
    ["https://localhost/", { HTTPS_PROXY: "http://proxy" }, undefined],
    ["https://127.0.0.1:5000/", { HTTPS_PROXY: "http://proxy" }, undefined],
    ["https://r.example.com/", { HTTPS_PROXY: "http://[" }, undefined],
  ])("%s with %j goes through %s", (url, env, proxy) => {
    expect(proxyFor(new URL(url), env)?.href).toBe(proxy);
  });

  it("plain requests are handed to the proxy whole", async () => {
    const { server, seen } = proxyTo(0);
    const client = new HttpClient({ env: { HTTP_PROXY: `http://me:s%40y@127.0.0.1:${await listen(server)}` } });
    const answer = await client.send({ url: new URL("http://r.example.com/v2/?a=b"), method: "GET" });
    expect(Buffer.from((await answer.bytes(100)) ?? []).toString()).toBe("from the proxy");
    expect(seen).toEqual([`GET http://r.example.com/v2/?a=b Basic ${Buffer.from("me:s@y").toString("base64")}`]);
    client.close();
  });

  const openssl = "openssl";
  const hasOpenssl = spawnSync(openssl, ["version"], { stdio: "ignore" }).status === 0;
  if (!hasOpenssl) process.stderr.write("skipped: there is no openssl to make a certificate with\n");

  it.skipIf(!hasOpenssl)(
    "secure ones go through a tunnel that is kept, and the certificate is the server's own",
    async () => {
      const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
      execFileSync(
        openssl,
        [
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "2",
          "-keyout",
          key,
          "-out",
          cert,
        ].concat(["-subj", "/CN=r.example.com", "-addext", "subjectAltName=DNS:r.example.com"]),
        { stdio: "ignore" },
      );
      const site = createSecure({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
        response.end(`${request.headers.host} ${request.headers["proxy-authorization"] ?? "-"}`);
      });
      const { server, seen } = proxyTo(await listen(site));
      const env = { HTTPS_PROXY: `http://127.0.0.1:${await listen(server)}` };
      const client = new HttpClient({ env, tls: { ca: readFileSync(cert) } });
      for (let time = 0; time < 2; time++) {
        const answer = await client.send({ url: new URL("https://r.example.com/x"), method: "GET" });
        expect(Buffer.from((await answer.bytes(100)) ?? []).toString()).toBe("r.example.com -");
      }
      expect(seen).toEqual(["CONNECT r.example.com:443 -"]);
      const refused = await client
        .send({ url: new URL("https://forbidden.example.com/"), method: "GET" })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(HttpFailure);
      expect(refused).toMatchObject({ kind: "refused", message: "is not let through by the proxy (HTTP 403)" });
      client.close();
      const distrustful = new HttpClient({ env });
      for (const host of ["r.example.com", "s.example.com"])
        await expect(distrustful.send({ url: new URL(`https://${host}/`), method: "GET" })).rejects.toMatchObject({
          kind: "certificate",
        });
      distrustful.close();
    },
  );

  it("an exchange that is called off ends with the signal's reason", async () => {
    const port = await listen(createPlain(() => {}));
    const client = new HttpClient();
    const stop = new AbortController();
    const sent = client.send({ url: new URL(`http://127.0.0.1:${port}/`), method: "GET", signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(sent).rejects.toThrow("enough");
    client.close();
  });
});
