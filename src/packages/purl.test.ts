import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPurl, parsePurl } from "./purl.ts";

/** Written down from the examples of the specification and of its type definitions. */
const canonical = [
  "pkg:bitbucket/birkenfeld/pygments-main@244fd47e07d1014f0aed9c",
  "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
  "pkg:docker/cassandra@sha256:244fd47e07d1004f0aed9c",
  "pkg:gem/ruby-advisory-db-check@0.12.4",
  "pkg:github/package-url/purl-spec@244fd47e07d1004f0aed9c",
  "pkg:golang/google.golang.org/genproto#googleapis/api/annotations",
  "pkg:golang/github.com/gorilla/context@234fd47e07d1004f0aed9c#api",
  "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources",
  "pkg:npm/%40angular/animation@12.3.1",
  "pkg:npm/foobar@12.3.1",
  "pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
  "pkg:pypi/django-package@1.11.1.dev1",
  "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25",
  "pkg:rpm/opensuse/curl@7.56.1-1.1.?arch=i386&distro=opensuse-tumbleweed",
  "pkg:rpm/centerim@4.22.10-1.el6?arch=i686&distro=fedora-25&epoch=1",
  "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64",
  "pkg:deb/debian/bsdutils@1:2.38.1-5%2Bdeb12u3?arch=amd64&distro=debian-12",
];

describe("package URLs", () => {
  it.each(canonical)("%s is canonical: read and written, it is the same", (text) => {
    const purl = parsePurl(text);
    expect(purl).toBeDefined();
    if (purl) expect(formatPurl(purl)).toBe(text);
  });

  it.each([
    ["PKG:NPM/foo@1", "pkg:npm/foo@1"],
    ["pkg://gem/rails@7", "pkg:gem/rails@7"],
    ["pkg:deb/Debian/Curl@1%3A7?arch=", "pkg:deb/debian/curl@1:7"],
    ["pkg:pypi/Foo_Bar@1.0", "pkg:pypi/foo-bar@1.0"],
    ["pkg:npm/@scope/name@1.0", "pkg:npm/%40scope/name@1.0"],
    ["pkg:npm/@scope/name", "pkg:npm/%40scope/name"],
    ["pkg:golang//github.com//Owner/module@v1", "pkg:golang/github.com/Owner/module@v1"],
    ["pkg:generic/x?b=2&A=1#./a/../b//", "pkg:generic/x?a=1&b=2#a/b"],
  ])("%s is read as %s", (text, expected) => {
    const purl = parsePurl(text);
    expect(purl && formatPurl(purl)).toBe(expected);
  });

  it.each([
    "",
    "pkg:",
    "npm/foo",
    "pkg:npm",
    "pkg:npm/",
    "pkg:1x/foo",
    "pkg:n%70m/foo",
    "pkg:npm/%zz",
    "pkg:a/b?a=1&a=2",
    "pkg:a/b?%61=1",
    "pkg:a/b/c%2Fd/e",
    `pkg:a/${"x".repeat(1 << 15)}`,
  ])("%s is none", (text) => {
    expect(parsePurl(text)).toBeUndefined();
  });

  it("parts survive the way through a text", () => {
    const word = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .filter((text) => /^[^/]*[^/.\s][^/]*$/.test(text));
    const parts = fc.record({
      namespace: fc.array(word, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/")),
      name: word,
      version: word,
      qualifiers: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9._-]{0,6}$/), word, { minKeys: 1, maxKeys: 3 }),
      subpath: fc.array(word, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/")),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const text = formatPurl({ type: "generic", ...given });
        expect(text).toMatch(/^[\x21-\x7e]+$/);
        const read = parsePurl(text);
        expect(read).toEqual({ type: "generic", ...given, qualifiers: { ...given.qualifiers } });
        if (read) expect(formatPurl(read)).toBe(text);
      }),
    );
  });

  it("no text makes the reader throw, and half a surrogate pair none the writer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parsePurl(text);
        parsePurl(`pkg:npm/${text}`);
        formatPurl({ type: "npm", name: text });
      }),
    );
    expect(formatPurl({ type: "npm", name: "a\ud800" })).toBe("pkg:npm/a%EF%BF%BD");
  });
});
