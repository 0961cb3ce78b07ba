import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ProofOutcome } from "../../src/engine/index.ts";
import { labEngine } from "../support/lab.ts";
import { proveDockerfile, proveEngine, told } from "../support/prove.ts";

const lab = labEngine();

const dockerfile = `FROM python:3.11-slim
COPY app.py /app.py
EXPOSE 8080
CMD ["python3", "/app.py"]
`;
const service = (status: number): string => `from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(${status} if self.path == "/health" else 404)
        self.end_headers()
ThreadingHTTPServer(("0.0.0.0", 8080), Service).serve_forever()
`;

describe.skipIf(!lab)("fix --prove adds a health check", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-health-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const proved = async (name: string, status: number) => {
    const directory = join(work, name);
    mkdirSync(directory);
    writeFileSync(join(directory, "Dockerfile"), dockerfile);
    writeFileSync(join(directory, "app.py"), service(status));
    return proveDockerfile(lab, await proveEngine(), directory, undefined);
  };

  const textOf = ({ changes }: ProofOutcome): string =>
    changes.find(({ path }) => path === "Dockerfile")?.after ?? dockerfile;

  it("where the container becomes healthy by it", { timeout: 300_000 }, async () => {
    const outcome = await proved("answers", 200);
    expect(outcome.proof.verdict, told(outcome)).toBe("proved");
    expect(outcome.proof.rejected, told(outcome)).toEqual([]);
    expect(outcome.proof.checks.find(({ gate }) => gate === "smoke")?.detail).toContain("the health check passes");
    expect(textOf(outcome)).toMatch(/^HEALTHCHECK .*127\.0\.0\.1:8080\/health.*\nCMD /m);
  });

  it("and leaves it out where the path asks for a login", { timeout: 300_000 }, async () => {
    const outcome = await proved("refuses", 401);
    expect(outcome.proof.verdict, told(outcome)).toBe("proved");
    expect(outcome.proof.rejected.map(({ action }) => action.rule)).toEqual(["healthcheck-missing"]);
    expect(textOf(outcome)).toMatch(/^USER /m);
    expect(textOf(outcome)).not.toContain("HEALTHCHECK");
  });
});
