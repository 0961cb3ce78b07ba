import type { Cataloger } from "../cataloger.ts";
import { listOf, objectOf, readJson, textOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";
import { condenseJar } from "../reading/java-archive.ts";

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
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const kept = readJson(files, path);
      if (kept?.["damaged"] === true) unreadable(path, "it is a damaged zip archive");
      for (const one of listOf(kept?.["artifacts"]).map(objectOf)) {
        const [group, artifact, version] = [
          textOf(one?.["group"]),
          textOf(one?.["artifact"]),
          textOf(one?.["version"]),
        ];
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
    }
  },
  examples: [
    {
      title: "an archive that took another in, with a library inside that does not say its group",
      files: {
        "srv/shop.war": {
          base64:
            "UEsDBBQAAAAAAAAAIVipUmbNFwAAABcAAAAUAAAATUVUQS1JTkYvTUFOSUZFU1QuTUZNYW5pZmVzdC1WZXJzaW9uOiAxLjANClBL" +
            "AwQUAAAACAAAACFY1oJfSJQAAADPAAAAIgAAAFdFQi1JTkYvbGliL3NwcmluZy1jb3JlLTUuMy4xNy5qYXIL8GZmEWFgYOAAYsWI" +
            "vKy5812BrCggBon6uoY46nr6uen7Ovp5urkGh+j5un32PXPax1tX7yKvt67WuTPnNwcZXDF+8PTTGd0Tnmd9z2p76jByvWpLmfZk" +
            "SZSmiLhI6rOlr9Weiy9N0mh8bX7V+JqxyfOnTAwB3oxMIsy4LYaBBkYGHM4I8GZlA8kxAqETkC4HqwcAUEsDBBQAAAAAAAAAIVhi" +
            "gsMSMwAAADMAAAAuAAAATUVUQS1JTkYvbWF2ZW4vY29tLmV4YW1wbGUvc2hvcC9wb20ucHJvcGVydGllcyNjCmdyb3VwSWQ9Y29t" +
            "LmV4YW1wbGUKYXJ0aWZhY3RJZD1zaG9wCnZlcnNpb249MS4wClBLAwQUAAAAAAAAACFYjumKfD8AAAA/AAAAPQAAAE1FVEEtSU5G" +
            "L21hdmVuL29yZy5hcGFjaGUuY29tbW9ucy9jb21tb25zLXRleHQvcG9tLnByb3BlcnRpZXNncm91cElkPW9yZy5hcGFjaGUuY29t" +
            "bW9ucwphcnRpZmFjdElkPWNvbW1vbnMtdGV4dAp2ZXJzaW9uPTEuOQpQSwECFAMUAAAAAAAAACFYqVJmzRcAAAAXAAAAFAAAAAAA" +
            "AAAAAAAAgAEAAAAATUVUQS1JTkYvTUFOSUZFU1QuTUZQSwECFAMUAAAACAAAACFY1oJfSJQAAADPAAAAIgAAAAAAAAAAAAAAgAFJ" +
            "AAAAV0VCLUlORi9saWIvc3ByaW5nLWNvcmUtNS4zLjE3LmphclBLAQIUAxQAAAAAAAAAIVhigsMSMwAAADMAAAAuAAAAAAAAAAAA" +
            "AACAAR0BAABNRVRBLUlORi9tYXZlbi9jb20uZXhhbXBsZS9zaG9wL3BvbS5wcm9wZXJ0aWVzUEsBAhQDFAAAAAAAAAAhWI7pinw/" +
            "AAAAPwAAAD0AAAAAAAAAAAAAAIABnAEAAE1FVEEtSU5GL21hdmVuL29yZy5hcGFjaGUuY29tbW9ucy9jb21tb25zLXRleHQvcG9t" +
            "LnByb3BlcnRpZXNQSwUGAAAAAAQABABZAQAANgIAAAAA",
        },
      },
      purls: [
        "pkg:maven/com.example/shop@1.0",
        "pkg:maven/org.apache.commons/commons-text@1.9",
        "pkg:maven/spring-core@5.3.17",
      ],
    },
    {
      title: "a plugin of Jenkins, by its manifest, whatever its file is called",
      files: {
        "var/jenkins_home/plugins/git-client-pinned.jpi": {
          base64:
            "UEsDBBQAAAAIAAAAIVjfCrZUbgAAAJUAAAAUAAAATUVUQS1JTkYvTUFOSUZFU1QuTUbzTczLTEstLtENSy0qzszPs1Iw1DPg5XKtKEnN" +
            "A/F1/RJzU60U0jNLeLmCM/KLSpAF3IvySwt0PVOsFPKL0vWyUvOyM/OKdZMz9QpyStOBTF6uADADYbipnpGeIS+XZ25BTmpual5JYgnI" +
            "DnRpAFBLAQIUAxQAAAAIAAAAIVjfCrZUbgAAAJUAAAAUAAAAAAAAAAAAAACAAQAAAABNRVRBLUlORi9NQU5JRkVTVC5NRlBLBQYAAAAA" +
            "AQABAEIAAACgAAAAAAA=",
        },
      },
      purls: ["pkg:maven/org.jenkins-ci.plugins/git@5.2.1"],
    },
    {
      title: "names with a classifier behind the version, and a bundle of OSGi, which has an underscore before it",
      files: {
        "opt/app/agent-1.2.0-jar-with-dependencies.jar": {
          base64:
            "UEsDBBQAAAAIAAAAIVipUmbNGQAAABcAAAAUAAAATUVUQS1JTkYvTUFOSUZFU1QuTUbzTczLTEstLtENSy0qzszPs1Iw1DPg5QIAUEsB" +
            "AhQDFAAAAAgAAAAhWKlSZs0ZAAAAFwAAABQAAAAAAAAAAAAAAIABAAAAAE1FVEEtSU5GL01BTklGRVNULk1GUEsFBgAAAAABAAEAQgAA" +
            "AEsAAAAAAA==",
        },
        "opt/app/tcnative-2.0.61.Final-linux-x86_64.jar": {
          base64:
            "UEsDBBQAAAAIAAAAIVipUmbNGQAAABcAAAAUAAAATUVUQS1JTkYvTUFOSUZFU1QuTUbzTczLTEstLtENSy0qzszPs1Iw1DPg5QIAUEsB" +
            "AhQDFAAAAAgAAAAhWKlSZs0ZAAAAFwAAABQAAAAAAAAAAAAAAIABAAAAAE1FVEEtSU5GL01BTklGRVNULk1GUEsFBgAAAAABAAEAQgAA" +
            "AEsAAAAAAA==",
        },
        "opt/eclipse/plugins/org.eclipse.core.jobs_3.15.0.v20230801.jar": {
          base64:
            "UEsDBBQAAAAIAAAAIVipUmbNGQAAABcAAAAUAAAATUVUQS1JTkYvTUFOSUZFU1QuTUbzTczLTEstLtENSy0qzszPs1Iw1DPg5QIAUEsB" +
            "AhQDFAAAAAgAAAAhWKlSZs0ZAAAAFwAAABQAAAAAAAAAAAAAAIABAAAAAE1FVEEtSU5GL01BTklGRVNULk1GUEsFBgAAAAABAAEAQgAA" +
            "AEsAAAAAAA==",
        },
      },
      purls: [
        "pkg:maven/agent@1.2.0",
        "pkg:maven/org.eclipse.core.jobs@3.15.0.v20230801",
        "pkg:maven/tcnative@2.0.61.Final",
      ],
    },
  ],
};
