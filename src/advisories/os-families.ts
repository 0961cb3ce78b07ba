import { usualRedHatEcosystems } from "./red-hat-repositories.ts";

/** What a distribution's release file says, reduced to what names a release. */
export interface SaidRelease {
  /** As said: "3.19.1", "9.3", "2023". */
  readonly version: string;
  readonly codename: string;
  readonly name: string;
}

/** A distribution that advisories speak of. */
export interface OsFamily {
  /** As `OsRelease.family` and the table of ends of life spell it. */
  readonly family: string;
  /** The `ID`s of os-release that mean it. */
  readonly ids: readonly string[];
  /** How much of the version names a release. */
  readonly key: "none" | "major" | "major.minor" | "full";
  /** OSV's names for a release, most specific first. */
  ecosystems(release: string, said: SaidRelease): readonly string[];
}

const single =
  (name: string) =>
  (release: string): readonly string[] => [release === "" ? name : `${name}:${release}`];

/** "15.5" is "15 SP5", "15" itself. */
function suse(release: string): readonly string[] {
  const [major = "", pack] = release.split(".");
  const version = pack === undefined || pack === "0" ? major : `${major} SP${pack}`;
  return [
    `SUSE:Linux Enterprise Server ${version}`,
    ...(Number(major) >= 15 ? [`SUSE:Linux Enterprise Module for Basesystem ${version}`] : []),
  ];
}

/** Long-term releases are the April ones of even years. */
function ubuntu(release: string): readonly string[] {
  const [year = "", month] = release.split(".");
  const lts = Number(year) % 2 === 0 && (month === "04" || release === "6.06");
  return [`Ubuntu:${release}${lts ? ":LTS" : ""}`];
}

/** Every distribution with a way from its release file to its advisories; the order is that of detection without os-release. */
export const osFamilies: readonly OsFamily[] = [
  {
    family: "alpine",
    ids: ["alpine"],
    key: "major.minor",
    ecosystems: (release) => [release === "edge" ? "Alpine:edge" : `Alpine:v${release}`],
  },
  { family: "debian", ids: ["debian"], key: "major", ecosystems: single("Debian") },
  { family: "ubuntu", ids: ["ubuntu"], key: "full", ecosystems: ubuntu },
  { family: "oracle", ids: ["ol", "oracle"], key: "major", ecosystems: single("Oracle Linux") },
  { family: "rocky", ids: ["rocky"], key: "major", ecosystems: single("Rocky Linux") },
  { family: "almalinux", ids: ["almalinux"], key: "major", ecosystems: single("AlmaLinux") },
  { family: "centos-stream", ids: [], key: "major", ecosystems: usualRedHatEcosystems },
  { family: "centos", ids: ["centos"], key: "major", ecosystems: usualRedHatEcosystems },
  { family: "rhel", ids: ["rhel", "redhat"], key: "major", ecosystems: usualRedHatEcosystems },
  { family: "amazon", ids: ["amzn"], key: "major", ecosystems: single("Amazon Linux") },
  { family: "fedora", ids: ["fedora"], key: "major", ecosystems: single("Fedora") },
  { family: "sles", ids: ["sles", "sled", "sles_sap", "sle_hpc"], key: "full", ecosystems: suse },
  {
    family: "opensuse-leap",
    ids: ["opensuse-leap", "opensuse"],
    key: "full",
    ecosystems: (release) => [`openSUSE:Leap ${release}`],
  },
  {
    family: "opensuse-tumbleweed",
    ids: ["opensuse-tumbleweed"],
    key: "none",
    ecosystems: () => ["openSUSE:Tumbleweed"],
  },
  {
    family: "azurelinux",
    ids: ["azurelinux", "mariner"],
    key: "major.minor",
    ecosystems: (release) => [`Azure Linux:${release.replace(/\.0$/, "")}`],
  },
  { family: "photon", ids: ["photon"], key: "full", ecosystems: single("Photon OS") },
  { family: "wolfi", ids: ["wolfi"], key: "none", ecosystems: single("Wolfi") },
  { family: "chainguard", ids: ["chainguard"], key: "none", ecosystems: single("Chainguard") },
  { family: "minimos", ids: ["minimos"], key: "none", ecosystems: single("MinimOS") },
  { family: "echo", ids: ["echo"], key: "none", ecosystems: single("Echo") },
];
