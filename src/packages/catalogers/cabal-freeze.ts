import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";

/** Cabal's frozen versions: constraints of the form `any.name ==1.2.3`; flags stand between them. */
export const cabalFreeze: Cataloger = lockFile({
  id: "cabal-freeze",
  summary: "Haskell: cabal.project.freeze",
  type: "hackage",
  path: /(?:^|\/)cabal\.project(?:\.[^/]+)?\.freeze$/,
  *read(text, _path, damaged) {
    const plain = text.replace(/^[ \t]*--.*$/gm, "");
    if (!/^[ \t]*(?:constraints|active-repositories|index-state|with-compiler)[ \t]*:/m.test(plain))
      damaged("it has no constraints");
    for (const [, name = "", version = ""] of plain.matchAll(
      /(?:^|[\s,:])(?:any\.)?([A-Za-z0-9][A-Za-z0-9-]{0,200}) {0,20}== {0,20}(\d[\d.]{0,200}\d|\d)(?=[\s,]|$)/gm,
    ))
      yield { name, version };
  },
  examples: [
    {
      title: "versions, not flags",
      files: {
        "cabal.project.freeze":
          "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.1.2.1,\n             aeson -cffi +ordered-keymap,\n             any.base ==4.17.2.1,\n             any.zlib ==0.6.3.0\nindex-state: hackage.haskell.org 2023-11-01T00:00:00Z\n",
      },
      purls: ["pkg:hackage/aeson@2.1.2.1", "pkg:hackage/base@4.17.2.1", "pkg:hackage/zlib@0.6.3.0"],
    },
  ],
});
