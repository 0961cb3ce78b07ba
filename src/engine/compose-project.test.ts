import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { composeOverride, readComposeProject, servicesBuiltFrom } from "./compose-project.ts";

const work = mkdtempSync(join(tmpdir(), "plimsoll-compose-project-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function healthIn(
  text: string,
  dockerfile = "Dockerfile",
  context = ".",
): Promise<string | readonly string[] | undefined> {
  const { directory, project } = await read(text);
  const root = join(directory, context);
  return project && servicesBuiltFrom(project, { context: root, dockerfile: join(root, dockerfile) })[0]?.health;
}

async function read(text: string) {
  const directory = mkdtempSync(join(work, "p-"));
  writeFileSync(join(directory, "compose.yaml"), text);
  return { directory, project: await readComposeProject([directory]) };
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

describe("a compose override", () => {
  it("puts images in place of what is built, and a label on all that the project makes itself", async () => {
    const { project } = await read(`services:
  web: { build: ./web, networks: [front] }
  api: { build: { context: ./api, target: run }, image: x }
  db: { image: postgres }
networks: { front: {}, theirs: { external: true } }
volumes: { data: }`);
    expect(project?.services.map(({ build }) => build?.target)).toEqual(["run", undefined, undefined]);
    const override: unknown =
      project && JSON.parse(composeOverride(project, new Map([["api", "api:new"]]), ["run", "7"]));
    const labels = { run: "7" };
    expect(override).toEqual({
      services: { api: { labels, image: "api:new" }, db: { labels }, web: { labels } },
      networks: { default: { labels }, front: { labels } },
      volumes: { data: { labels } },
    });
  });
});
