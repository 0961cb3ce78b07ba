/** A program or library that people compile or unpack by hand, and how its version is read from its file. */
export interface Runtime {
  /** The file's name, and the name in the purl (`pkg:generic/<name>@<version>`) where `name` does not say otherwise. */
  readonly id: string;
  readonly name?: string;
  /** The purl's type; "generic" without. */
  readonly type?: "generic" | "golang";
  readonly summary: string;
  /** Which files are looked into. */
  readonly path: RegExp;
  /** Its text, where the file is one; everything else must be a program or library. */
  readonly text?: true;
  /**
   * Tried in turn on the file's bytes as Latin-1; the first group is the version, and begins with the first group of `path`
   * where that has one. Every repetition is bounded, and a match is shorter than 256 bytes.
   */
  readonly versions: readonly RegExp[];
}
