/** The order of versions in one family of ecosystems. */
export interface VersionScheme {
  /** The file's name: "dpkg", "rpm", "apk", "semver", "pep440", "maven", … */
  readonly id: string;
  /** OSV ecosystem names without their suffix: "Debian", "Ubuntu". */
  readonly ecosystems: readonly string[];
  /** Whether the scheme's own tool accepts it. Linear in the length of the text. */
  valid(version: string): boolean;
  /** Negative, 0 or positive; a total order on valid versions. Others are ordered too, somehow but always the same. Linear. */
  compare(a: string, b: string): number;
  /** "1.0~rc1 < 1.0", "1.01a = 1.1a": tests and documentation at once. */
  readonly examples: readonly string[];
}
