/** What is publicly known of a tag of a Docker Official Image. Every answer says as of when. */
export interface TagFacts {
  /** The tag is rebuilt today (it is in the library file of `asOf`). */
  readonly live: boolean;
  /** The day (YYYY-MM-DD) from which on a tag that is not live got no more rebuilds. */
  readonly frozenSince?: string;
  /** "superseded": a newer patch of the same line is live; "ended": the line itself is gone; "unknown": never listed. Absent when live. */
  readonly state?: "superseded" | "ended" | "unknown";
  /** All live tags that are the same image today, this one included. */
  readonly sameImage: readonly string[];
  /** The most exact live alias of the same image ("3.12.14-slim-trixie" for "3.12-slim"); absent when not live or already most exact. */
  readonly exact?: string;
  /** For a tag that is not live: the newest live tag of the same line (version as precise as given, same flavours), most exact alias. */
  readonly newest?: string;
  /** For a tag that is not live and whose line has ended: the next supported line, only ever suggested. */
  readonly nextLine?: string;
  /** Live siblings with the same version and product that differ in flavour. */
  readonly slim?: string;
  readonly alpine?: string;
  /** YYYY-MM-DD of the table. */
  readonly asOf: string;
}

export interface RepositoryFacts {
  readonly official: true;
  /** The day the whole image was retired, where it was (`vault`, `centos`). */
  readonly retired?: string;
  /** Official or well-known replacements of a deprecated image. */
  readonly replacement?: string;
  readonly asOf: string;
}

export type BaseFamily =
  | "debian"
  | "alpine"
  | "wolfi"
  | "rhel"
  | "suse"
  | "arch"
  | "distroless"
  | "busybox"
  | "windows"
  | "scratch"
  | "unknown";

/** A user that a base has ready. */
export interface BaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface BaseFacts {
  readonly family: BaseFamily;
  /** Debian or Ubuntu codename or Alpine version, where the tag says it or the table knows. */
  readonly suite?: string;
  readonly packageManager?: "apt" | "apk" | "dnf" | "yum" | "microdnf" | "zypper" | "pacman";
  /** What the image runs as when nothing is said; "root" when known to be root; undefined when unknown. */
  readonly user?: string;
  /** Ready non-root users an application may run as, best first (`node`, `nonroot`). */
  readonly readyUsers: readonly BaseUser[];
  /** Every name in the base's own /etc/passwd, where known. */
  readonly passwd?: readonly string[];
  readonly groups?: readonly string[];
  /** Which user-management tools the base has: "busybox" adduser, "shadow" useradd, "debian-adduser" perl adduser. */
  readonly userTools: readonly ("busybox" | "shadow" | "debian-adduser")[];
  /** Commands known to be present, of those that rules ask about: curl, wget, bash, git, python3, node, perl, gcc, make, sudo … */
  readonly tools: readonly string[];
  /** Commands known to be absent. */
  readonly absent: readonly string[];
  /** Default working directory, where known. */
  readonly workdir?: string;
  /** A language SDK image (compilers inside) and for which language, or a full image with compilers. */
  readonly sdk?: "go" | "rust" | "java" | "dotnet" | "node" | "c" | "swift" | "haskell" | "erlang" | "gradle" | "maven";
  /** The image holds a C toolchain and headers (python:3.12 as against python:3.12-slim). */
  readonly compilers?: boolean;
  readonly asOf: string;
}
