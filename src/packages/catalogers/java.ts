import type { Cataloger } from "../cataloger.ts";
import { listOf, objectOf, readJson, textOf } from "../documents.ts";
import { languagePackage } from "../language-package.ts";
import { condenseJar } from "./java-archive.ts";

const archive = /\.(?:jar|war|ear|par|sar|nar|jpi|hpi|kar|lpkg|jmod|rar)$/i;
const largestArchive = 2 ** 31;

/**
 * Maven artifacts in Java archives and the archives within them. Where an archive does not say its group, `name` is the
 * artifact alone: whoever knows all artifacts finds the group by it, and a guess would hide what is known against it.
 */
export const java: Cataloger = {
  id: "java",
  summary: "Maven artifacts in jar, war, ear and other Java archives, nested ones too",
  evidence: "installed",
  wants: (path, { size }) => archive.test(path) && size >= 22 && size <= largestArchive,
  condense: condenseJar,
  *catalog(files) {
    for (const path of files.paths)
      for (const one of listOf(readJson(files, path)?.["artifacts"]).map(objectOf)) {
        const [group, artifact, version] = [textOf(one?.["group"]), textOf(one?.["artifact"]), textOf(one?.["version"])];
        if (artifact === undefined || version === undefined) continue;
        const inside = textOf(one?.["inside"]);
        yield* languagePackage({
          type: "maven",
          name: group === undefined ? artifact : `${group}:${artifact}`,
          version,
          licenses: [textOf(one?.["license"]) ?? ""],
          files: inside === undefined ? [path] : [`${path}!/${inside}`, path],
        });
      }
  },
  examples: [],
};
