import type { FileTree, ImageConfig } from "../../image/index.ts";
import type { ImageFacts } from "../rule.ts";
import type { ContentClass } from "./content-classes.ts";

const runs: readonly (readonly [ContentClass, RegExp])[] = [
  ["go-build", /(?:^|[\s/])go(?:\s|$)|\/go\/pkg\/mod\//],
  ["rust-build", /(?:^|[\s/])(?:cargo|rustc|rustup)(?:\s|$)/],
  ["jvm-cache", /(?:^|[\s/])(?:mvnw?|gradlew?|sbt|java\s.*\.(?:m2|gradle))(?:\s|$)/],
  ["language-caches", /(?:^|[\s/])dotnet\s+(?:run|watch|test|build)(?:\s|$)/],
];

/**
 * What an image shows that it needs, though most do not: classes by what it runs, and directories (Yarn's cache is the
 * program itself where Plug'n'Play resolves modules from it).
 */
export function neededClasses(config: ImageConfig, files: FileTree): ReadonlySet<string> {
  const command = [...config.entrypoint, ...config.cmd].join(" ").slice(0, 10_000);
  const needed = new Set<string>(runs.flatMap(([name, pattern]) => (pattern.test(command) ? [name] : [])));
  for (const { path } of files.all()) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === ".pnp.cjs" || name === ".pnp.js") needed.add(`${path.slice(0, -name.length)}.yarn/cache`);
  }
  return needed;
}

/** The layers that COPY or ADD brought; a layer of unknown origin counts when its history says so. */
export function copiedLayers({ weight }: ImageFacts): ReadonlySet<number> {
  const copied = new Set<number>();
  weight.layers.forEach(({ origin }, layer) => {
    if (layer < weight.baseLayers) return;
    const text = origin.kind === "instruction" ? origin.text : (origin.createdBy ?? "");
    if (/^(?:\/bin\/sh -c #\(nop\)\s+)?(?:COPY|ADD)\b/i.test(text.slice(0, 100))) copied.add(layer);
  });
  return copied;
}
