import { describe, expect, it } from "vitest";
import { goMainVersion } from "./go-main-version.ts";

function versionOf(flags: string, main = "(devel)"): string | undefined {
  return goMainVersion({
    goVersion: "go1.22.3",
    path: "example.com/shop/cmd/shop",
    main: { path: "example.com/shop", version: main },
    dependencies: [],
    settings: { "-ldflags": flags },
  });
}

describe("the version of a Go program", () => {
  it.each([
    ["-s -w -X main.version=1.2.3", "v1.2.3"],
    ["-X 'main.Version=v1.2.3' -X 'main.commit=0a1b2c'", "v1.2.3"],
    ['-X "example.com/shop/cmd/shop/app.Version=v2.0.0" -X main.version=1.2.3', "v2.0.0"],
    ["-X=github.com/other/lib.Version=v9.9.9", "v9.9.9"],
    ["-X example.com/x/version.Version=v1.0.0 -X example.com/x/other.Version=v3.0.0", "v1.0.0"],
    ["-X main.version=v1.0.0 -X main.apiVersion=v2.0.0", undefined],
    ["-X main.version=dev", undefined],
    ["-X main.commit=1.2.3", undefined],
    ["-X", undefined],
    ["", undefined],
  ])("%s tells %s", (flags, expected) => {
    expect(versionOf(flags)).toBe(expected);
  });

  it("is the linker's own where it knows one", () => {
    expect(versionOf("-X main.version=1.2.3", "v4.0.0")).toBe("v4.0.0");
  });
});
