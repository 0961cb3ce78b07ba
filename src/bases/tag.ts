/** A tag taken apart: `3.12.1-slim-bookworm` → version 3.12.1, flavour slim, suite bookworm. */
export interface TagParts {
  /** Numbers of the version; empty when the tag names none. */
  readonly version: readonly number[];
  /** Whether the version has a pre-release part (`rc1`, `beta2`, `a3`). */
  readonly preview: boolean;
  /** What is neither version nor suite, sorted: slim, fpm, alpine, jdk … */
  readonly flavours: readonly string[];
  /** The distribution's release: bookworm, alpine3.20, jammy. */
  readonly suite?: string;
  /** Whether it names a single day or a full patch version. */
  readonly day: boolean;
}

const suites: ReadonlySet<string> = new Set([
  "wheezy",
  "jessie",
  "stretch",
  "buster",
  "bullseye",
  "bookworm",
  "trixie",
  "forky",
  "sid",
  "precise",
  "trusty",
  "xenial",
  "bionic",
  "focal",
  "jammy",
  "noble",
  "resolute",
]);
const suiteLike =
  /^(?:alpine\d+\.\d+|ubi\d+(?:-minimal)?|oraclelinux\d+|oracle|windowsservercore|nanoserver|ltsc\d+|al20\d\d)$/;

export function readTag(tag: string): TagParts {
  let version: readonly number[] = [];
  let preview = false;
  let suite: string | undefined;
  let day = false;
  const flavours: string[] = [];
  for (const [i, token] of tag.split("-").entries()) {
    const match = i === 0 || version.length === 0 ? /^v?(\d+(?:[._]\d+)*)(.*)$/.exec(token) : null;
    if (/^20\d{6}(?:\.\d+)?$/.test(token)) day = true;
    else if (suites.has(token) || suiteLike.test(token)) suite = token;
    else if (match?.[1] && i === 0) {
      version = match[1].split(/[._]/).map(Number);
      if (/^(?:rc|a|b|alpha|beta|m|ea)/.test(match[2] ?? "")) preview = true;
      else if (match[2]) flavours.push(match[2]);
    } else if (/^(?:rc|beta|alpha|ea|dev)\d*$/.test(token)) preview = true;
    else flavours.push(token);
  }
  flavours.sort();
  return { version, preview, flavours, day, ...(suite === undefined ? {} : { suite }) };
}

/** The distribution's family of a tag's suite and flavours, as far as they say. */
export function osFamily(parts: TagParts): string {
  if (parts.suite?.startsWith("alpine") || parts.flavours.includes("alpine")) return "alpine";
  return parts.suite && /^(?:ubi|oracle|al20|windows|nano|ltsc)/.test(parts.suite)
    ? parts.suite.replace(/\d.*$/, "")
    : "debian";
}

export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A day before a version, more version numbers before fewer, longer (suite and flavours named) before shorter. */
export function byExactness(a: string, b: string): number {
  const [x, y] = [readTag(a), readTag(b)];
  return (
    Number(y.day) - Number(x.day) || y.version.length - x.version.length || b.length - a.length || (a < b ? -1 : 1)
  );
}
