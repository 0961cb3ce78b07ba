/** How much of a hostile package database is believed; honest ones stay below a tenth of each. */
export interface DatabaseLimits {
  /** Bytes of one database or list. */
  readonly fileBytes: number;
  /** Bytes of one record of a binary database. */
  readonly recordBytes: number;
  /** Packages of one database. */
  readonly packages: number;
  /** Paths that all packages of one database say they own, and the characters in them. */
  readonly ownedPaths: number;
  readonly ownedCharacters: number;
  /** Characters of one path (PATH_MAX). */
  readonly pathCharacters: number;
}

export const databaseLimits: DatabaseLimits = {
  fileBytes: 256 << 20,
  recordBytes: 64 << 20,
  packages: 100_000,
  ownedPaths: 5_000_000,
  ownedCharacters: 256 << 20,
  pathCharacters: 4096,
};

/**
 * Puts paths together from directories and names as long as the limits allow. A directory is written once and used for many
 * names, so what a few bytes spell out can be large.
 */
export function pathJoiner(): (directory: string, name: string) => string | undefined {
  let paths = 0;
  let characters = 0;
  return (directory, name) => {
    const length = directory.length + name.length;
    if (length > databaseLimits.pathCharacters) return undefined;
    paths++;
    characters += length;
    if (paths > databaseLimits.ownedPaths || characters > databaseLimits.ownedCharacters) return undefined;
    return directory + name;
  };
}
