import { describe, expect, it } from "vitest";
import { subjectOf } from "../../../test/support/layers.ts";
import { mergeLayers } from "../../image/index.ts";
import { builtInImageRules } from "../../rules/index.ts";
import { compareForProof } from "../proof/same-tree.ts";
import { droppableClasses, filesToDrop } from "./drop-classes.ts";
import { rewriters } from "./list.ts";

const subject = subjectOf(
  {
    base: 1,
    layers: [
      { "var/lib/apt/lists/": "", "var/lib/apt/lists/old": 700, "var/lib/dpkg/status": "base" },
      {
        "var/lib/apt/lists/": "",
        "var/lib/apt/lists/old": 900,
        "var/lib/apt/lists/new": 800,
        "var/lib/dpkg/status": "more",
        "var/lib/dpkg/status-old": "base",
        "usr/share/doc/x/copyright": "keep",
        "usr/share/doc/x/README": "drop",
      },
      { "root/.npm/_cacache/a": 400, "srv/app.js": "app", "srv/kept": { same: "root/.npm/_cacache/a" } },
    ],
  },
  [],
);

describe("files that may be dropped", () => {
  it("are those of rules whose risk is 0 or 1, by names that exist", () => {
    for (const id of Object.keys(droppableClasses))
      expect(builtInImageRules.find((rule) => rule.id === id)?.risk, id).toBeLessThanOrEqual(1);
  });

  it("are named by class, the base's own and package databases never among them", () => {
    const all = Object.keys(droppableClasses);
    const paths = [...filesToDrop(all, subject)].map(({ path }) => path).sort();
    expect(paths).toEqual([
      "usr/share/doc/x/README",
      "var/lib/apt/lists/new",
      "var/lib/apt/lists/old",
      "var/lib/dpkg/status-old",
    ]);
    expect([...filesToDrop(["docs"], subject)].map(({ path }) => path)).toEqual(["usr/share/doc/x/README"]);
  });

  it("are refused by any other name", () => {
    for (const id of ["image-build-tools", "nothing", "constructor", "image-duplicate-files"])
      expect(() => filesToDrop([id], subject), id).toThrow("cannot be dropped");
  });

  it("are gone whichever way the image is laid out, and what they hid stays hidden", () => {
    const dropped = filesToDrop(["apt-lists", "docs"], subject);
    const { merged, scans } = subject;
    for (const rewriter of rewriters) {
      const plan = rewriter.plan({ scans, merged, baseLayers: 1, dropped, frozen: new Set() });
      expect(compareForProof(merged.tree, mergeLayers(plan).tree, { dropped }), rewriter.id).toEqual([]);
      expect(mergeLayers(plan).tree.get("var/lib/apt/lists/old"), rewriter.id).toBeUndefined();
    }
  });
});
