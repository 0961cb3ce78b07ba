import { compareVersions } from "./tag.ts";

/** The day this table was last held against what the project publishes. */
export const distrolessAsOf = "2026-08-21";

/** An image without shell and package manager that runs what an official image runs. */
export interface Distroless {
  readonly reference: string;
  readonly suite: string;
  /** The line of the language it has; absent where it has none. */
  readonly line?: readonly number[];
  /** What it asks of the program. */
  readonly needs: string;
}

type Row = readonly [repository: string, suite: string, line?: readonly number[]];

const noShell = "no shell and no package manager: CMD in exec form, packages come from a build stage";
const linked = "only what was built in another stage, linked against no more than the C library";

const rows: Readonly<Record<string, { readonly needs: string; readonly images: readonly Row[] }>> = {
  python: {
    needs: noShell,
    images: [
      ["python3-debian12", "bookworm", [3, 11]],
      ["python3-debian13", "trixie", [3, 13]],
    ],
  },
  node: {
    needs: noShell,
    images: [
      ["nodejs20-debian12", "bookworm", [20]],
      ["nodejs22-debian12", "bookworm", [22]],
      ["nodejs24-debian13", "trixie", [24]],
    ],
  },
  "eclipse-temurin": {
    needs: noShell,
    images: [
      ["java17-debian12", "bookworm", [17]],
      ["java21-debian12", "bookworm", [21]],
    ],
  },
  golang: {
    needs: "only a program that was built without cgo in another stage",
    images: [["static-debian12", "bookworm"]],
  },
  rust: { needs: linked, images: [["cc-debian12", "bookworm"]] },
  gcc: { needs: linked, images: [["cc-debian12", "bookworm"]] },
  debian: { needs: noShell, images: [["base-debian12", "bookworm"]] },
};
const sameAs: Readonly<Record<string, string>> = {
  openjdk: "eclipse-temurin",
  amazoncorretto: "eclipse-temurin",
  maven: "eclipse-temurin",
  gradle: "eclipse-temurin",
};

/**
 * The distroless image of the same language: of the same line, else of the next one, else of the newest.
 * @param name of an official image
 * @param line the version of its language, as far as it is known
 */
export function distrolessFor(name: string, line: readonly number[]): Distroless | undefined {
  const key = Object.hasOwn(sameAs, name) ? (sameAs[name] ?? name) : name;
  const row = Object.hasOwn(rows, key) ? rows[key] : undefined;
  const chosen =
    row?.images.find(([, , own]) => own === undefined || compareVersions(own, line.slice(0, own.length)) >= 0) ??
    row?.images.at(-1);
  if (!row || !chosen) return undefined;
  const [repository, suite, own] = chosen;
  return {
    reference: `gcr.io/distroless/${repository}`,
    suite,
    needs: row.needs,
    ...(own === undefined ? {} : { line: own }),
  };
}
