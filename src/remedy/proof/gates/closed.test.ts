import { describe, expect, it } from "vitest";
import type { Action } from "../../action.ts";
import { sameScope } from "../scope.ts";
import type { ProvedImage } from "../side.ts";
import { closed } from "./closed.ts";

/** "ID PURL" each. */
function imageOf(advisories: readonly string[] | undefined): ProvedImage {
  const all = advisories?.map((one) => {
    const [id = "", purl = ""] = one.split(" ");
    return { id, purl, package: "", severity: "high" as const };
  });
  return (all ? { advisories: all } : {}) as unknown as ProvedImage;
}

function action(id: string, closes: readonly string[]): Action {
  const matches = closes.map((one) => {
    const [cve = "", purl = ""] = one.split(" ");
    return { id: cve, purl, level: "high" as const, fixedIn: "9" };
  });
  return { id, rule: "r", title: id, safety: "likely", resolves: [], closes: matches, scope: sameScope };
}

function check(before: readonly string[] | undefined, after: readonly string[], actions: readonly Action[]) {
  if (closed.needs !== "images") throw new Error("it is of images");
  const plan = { targets: [], actions, scope: sameScope, failOn: "medium" as const };
  return closed.check(imageOf(before), imageOf(after), plan);
}

const before = ["CVE-1 pkg:deb/debian/a@1", "CVE-2 pkg:deb/debian/a@1", "CVE-1 pkg:deb/debian/b@1"];
const a = action("a", before.slice(0, 2));
const b = action("b", before.slice(2));

describe("what an action was to close", () => {
  it("is gone, or the action is to blame, with the version that could not be had", () => {
    expect(check(before, [], [a, b])).toEqual({ ok: true, detail: "3 of 3 advisories that were to go" });
    const { ok, blame } = check(before, ["CVE-1 pkg:deb/debian/b@1"], [a, b]);
    expect(ok).toBe(false);
    expect([...(blame ?? [])]).toEqual([[b, "closed: still open: CVE-1 in b, which 9 fixes and could not be had"]]);
  });

  it("is still open where the version that came in its place has it too", () => {
    expect(check(before, ["CVE-1 pkg:deb/debian/b@2"], [b]).ok).toBe(false);
  });

  it("is gone where another version that was there before still has it", () => {
    const two = [...before, "CVE-1 pkg:deb/debian/b@0"];
    expect(check(two, ["CVE-1 pkg:deb/debian/b@0"], [b]).ok).toBe(true);
  });

  it("may be half of it, which is kept and told", () => {
    const { ok, detail } = check(before, ["CVE-2 pkg:deb/debian/a@2"], [a]);
    expect(ok).toBe(true);
    expect(detail).toContain("1 of 2 advisories that were to go; still open: CVE-2 in a");
  });

  it("is not known without advisories, and nothing where nothing was to close", () => {
    expect(check(undefined, [], [a]).ok).toBe(true);
    expect(check(before, before, [action("c", [])])).toEqual({ ok: true, detail: "nothing was to be closed" });
  });
});
