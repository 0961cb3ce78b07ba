import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatReference, isLoopback, parseReference } from "./reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("references", () => {
  it.each([
    ["debian", "docker.io/library/debian:latest"],
    ["debian:12-slim", "docker.io/library/debian:12-slim"],
    ["bitnami/nginx", "docker.io/bitnami/nginx:latest"],
    ["docker.io/debian", "docker.io/library/debian:latest"],
    ["index.docker.io/o/app:1", "docker.io/o/app:1"],
    ["registry-1.docker.io/library/app:1", "docker.io/library/app:1"],
    ["ghcr.io/o/app", "ghcr.io/o/app:latest"],
    ["localhost/app", "localhost/app:latest"],
    ["localhost:5000/a/b/c:V1.x_y-z", "localhost:5000/a/b/c:V1.x_y-z"],
    ["[::1]:5000/app", "[::1]:5000/app:latest"],
    ["HOST/app", "HOST/app:latest"],
    ["host/app", "docker.io/host/app:latest"],
    [`app@${digest}`, `docker.io/library/app@${digest}`],
    [`r.example.com/app:1@${digest}`, `r.example.com/app:1@${digest}`],
    ["x/a.b-c_d__e---f/g", "docker.io/x/a.b-c_d__e---f/g:latest"],
    ["app:0123456789", "docker.io/library/app:0123456789"],
  ])("%s is %s", (text, whole) => {
    const reference = parseReference(text);
    expect(reference && formatReference(reference)).toBe(whole);
  });

  it.each([
    "",
    ":1",
    "App",
    "o/App",
    "app:",
    "app:.1",
    `app:${"x".repeat(129)}`,
    "app@sha256:12",
    "app@",
    "a//b",
    "/a",
    "a/",
    "a..b",
    "r_1.example.com/app",
    "a___b",
    "-a",
    "a-",
    "app:1:2",
    "http://r.example.com/app",
    "r.example.com:port/app",
    "ab".repeat(32),
    `${"a/".repeat(130)}a`,
    "../../etc/passwd",
    "a b",
    "a\nb",
    "ä",
  ])("%j is none", (text) => {
    expect(parseReference(text)).toBeUndefined();
  });

  it("what is read stays the same when it is written out and read again", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
    const text = fc
      .tuple(
        fc.option(fc.constantFrom("ghcr.io", "localhost:5000", "r.example.com:443", "127.0.0.1")),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/)),
        fc.boolean(),
      )
      .map(
        ([host, parts, tag, pinned]) =>
          `${[...(host === null ? [] : [host]), ...parts].join("/")}${tag === null ? "" : `:${tag}`}${pinned ? `@${digest}` : ""}`,
      );
    fc.assert(
      fc.property(text, (written) => {
        const reference = parseReference(written);
        // A first part with a dot and an underscore is neither a host nor a part of a path.
        fc.pre(reference !== undefined);
        expect(parseReference(formatReference(reference))).toEqual(reference);
      }),
    );
  });

  it("hostile texts are read in no time", () => {
    const start = performance.now();
    for (const text of ["a-".repeat(50_000), "a".repeat(100_000), "a/".repeat(50_000), "a__".repeat(200)])
      parseReference(text);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("this machine is known by its names", () => {
    for (const host of ["localhost", "localhost:5000", "127.0.0.1:80", "127.1.2.3", "[::1]:5000"])
      expect(isLoopback(host)).toBe(true);
    for (const host of ["localhost.example.com", "127.0.0.1.example.com", "10.0.0.1", "example.com:127", "[::2]"])
      expect(isLoopback(host)).toBe(false);
  });
});
