import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { composeHealth } from "./compose-health.ts";

const work = mkdtempSync(join(tmpdir(), "plimsoll-compose-health-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function healthIn(
  text: string,
  dockerfile = "Dockerfile",
  context = ".",
): Promise<string | readonly string[] | undefined> {
  const directory = mkdtempSync(join(work, "p-"));
  writeFileSync(join(directory, "compose.yaml"), text);
  const root = join(directory, context);
  return composeHealth([directory], { context: root, dockerfile: join(root, dockerfile) });
}

describe("a compose service's health check", () => {
  it.each([
    ["services: { a: { build: ., healthcheck: { test: curl -f localhost } } }", "curl -f localhost"],
    ["services: { a: { build: ., healthcheck: { test: [CMD, curl, -f, localhost] } } }", ["curl", "-f", "localhost"]],
    ["services: { a: { build: { context: . }, healthcheck: { test: [CMD-SHELL, 'a || b'] } } }", "a || b"],
    ["services: { a: { build: ., healthcheck: { test: 'test $$A = $$$$' } } }", "test $A = $$"],
    ["services: { a: { build: ., healthcheck: { test: 'curl $HOST' } } }", undefined],
    ["services: { a: { build: ., healthcheck: { test: 'curl $$$HOST' } } }", undefined],
    ["services: { a: { build: ., healthcheck: { test: [NONE] } } }", undefined],
    ["services: { a: { build: ., healthcheck: { disable: true, test: curl } } }", undefined],
    ["services: { a: { build: ./other, healthcheck: { test: curl } } }", undefined],
    ["services: { a: { image: x, healthcheck: { test: curl } }, b: { build: . } }", undefined],
    ["services: [", undefined],
    ["a: &a [*a]", undefined],
  ])("of %s is %j", async (text, expected) => {
    expect(await healthIn(text)).toEqual(expected);
  });

  it("is that of the service that builds this very Dockerfile", async () => {
    const text = `services:
  api: { build: { context: api }, healthcheck: { test: api-check } }
  job: { build: { context: api, dockerfile: job.Dockerfile }, healthcheck: { test: job-check } }`;
    expect(await healthIn(text, "Dockerfile", "api")).toBe("api-check");
    expect(await healthIn(text, "job.Dockerfile", "api")).toBe("job-check");
  });
});
