import { describe, expect, it } from "vitest";
import { detectRelease, type OsRelease } from "./release.ts";

function detect(files: Readonly<Record<string, string>>): OsRelease | undefined {
  return detectRelease((path) => (Object.hasOwn(files, path) ? files[path] : undefined));
}

/** os-release of its fields. */
function osRelease(fields: Readonly<Record<string, string>>): Record<string, string> {
  return {
    "etc/os-release": Object.entries(fields)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
  };
}

const pro = (status: string): string =>
  JSON.stringify({
    services: [
      { name: "esm-apps", status: "disabled" },
      { name: "esm-infra", status },
    ],
  });

/** The files, and family, release and first ecosystem. */
const examples: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
])[] = [
  [
    "Debian",
    osRelease({ ID: "debian", VERSION_ID: "12", VERSION_CODENAME: "bookworm" }),
    ["debian", "12", "Debian:12"],
  ],
  [
    "a distroless Debian, which has but usr/lib/os-release",
    { "usr/lib/os-release": "ID=debian\nVERSION_ID=11\n" },
    ["debian", "11", "Debian:11"],
  ],
  ["Debian without os-release", { "etc/debian_version": "10.13\n" }, ["debian", "10", "Debian:10"]],
  [
    "Debian testing with a code name that was released since",
    { "etc/debian_version": "trixie/sid\n" },
    ["debian", "13", "Debian:13"],
  ],
  [
    "Ubuntu LTS",
    osRelease({ ID: "ubuntu", ID_LIKE: "debian", VERSION_ID: "22.04" }),
    ["ubuntu", "22.04", "Ubuntu:22.04:LTS"],
  ],
  [
    "Ubuntu between two LTS releases",
    osRelease({ ID: "ubuntu", VERSION_ID: "23.10" }),
    ["ubuntu", "23.10", "Ubuntu:23.10"],
  ],
  [
    "Ubuntu by lsb-release",
    { "etc/lsb-release": "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\n", "etc/debian_version": "jessie/sid\n" },
    ["ubuntu", "14.04", "Ubuntu:14.04:LTS"],
  ],
  [
    "Ubuntu with Pro",
    { ...osRelease({ ID: "ubuntu", VERSION_ID: "18.04" }), "var/lib/ubuntu-advantage/status.json": pro("enabled") },
    ["ubuntu", "18.04", "Ubuntu:Pro:18.04:LTS"],
  ],
  [
    "Ubuntu with Pro switched off",
    { ...osRelease({ ID: "ubuntu", VERSION_ID: "18.04" }), "var/lib/ubuntu-advantage/status.json": pro("disabled") },
    ["ubuntu", "18.04", "Ubuntu:18.04:LTS"],
  ],
  ["Alpine", osRelease({ ID: "alpine", VERSION_ID: "3.19.1" }), ["alpine", "3.19", "Alpine:v3.19"]],
  ["Alpine by alpine-release", { "etc/alpine-release": "3.9.6\n" }, ["alpine", "3.9", "Alpine:v3.9"]],
  [
    "Alpine whose repositories are newer",
    {
      ...osRelease({ ID: "alpine", VERSION_ID: "3.16.2" }),
      "etc/apk/repositories":
        "https://dl-cdn.alpinelinux.org/alpine/v3.9/main\nhttps://mirror.example/mirrors/alpine/v3.17/community\n",
    },
    ["alpine", "3.17", "Alpine:v3.17"],
  ],
  [
    "Alpine with edge",
    {
      ...osRelease({ ID: "alpine", VERSION_ID: "3.16.2" }),
      "etc/apk/repositories":
        "http://dl-cdn.alpinelinux.org/alpine/v3.16/main\nhttp://dl-cdn.alpinelinux.org/alpine/edge/testing",
    },
    ["alpine", "edge", "Alpine:edge"],
  ],
  [
    "Alpine with edge for tagged packages alone",
    {
      ...osRelease({ ID: "alpine", VERSION_ID: "3.16.2" }),
      "etc/apk/repositories":
        "http://dl-cdn.alpinelinux.org/alpine/v3.16/main\n@edge http://dl-cdn.alpinelinux.org/alpine/edge/testing\n#http://x/edge/main",
    },
    ["alpine", "3.16", "Alpine:v3.16"],
  ],
  [
    "Alpine that only its repositories tell",
    { "etc/apk/repositories": "https://dl-cdn.alpinelinux.org/alpine/v3.20/main\n" },
    ["alpine", "3.20", "Alpine:v3.20"],
  ],
  ["Wolfi", osRelease({ ID: "wolfi", VERSION_ID: "20230201" }), ["wolfi", "", "Wolfi"]],
  ["Chainguard", osRelease({ ID: "chainguard", VERSION_ID: "20230214" }), ["chainguard", "", "Chainguard"]],
  [
    "RHEL",
    osRelease({ ID: "rhel", ID_LIKE: "fedora", VERSION_ID: "9.3" }),
    ["rhel", "9", "Red Hat:enterprise_linux:9::baseos"],
  ],
  [
    "CentOS 6",
    { "etc/redhat-release": "CentOS release 6.10 (Final)\n" },
    ["centos", "6", "Red Hat:enterprise_linux:6::server"],
  ],
  [
    "CentOS Stream",
    osRelease({ ID: "centos", NAME: "CentOS Stream", VERSION_ID: "9" }),
    ["centos-stream", "9", "Red Hat:enterprise_linux:9::baseos"],
  ],
  [
    "RHEL 6",
    { "etc/redhat-release": "Red Hat Enterprise Linux Server release 6.10 (Santiago)\n" },
    ["rhel", "6", "Red Hat:enterprise_linux:6::server"],
  ],
  [
    "Oracle Linux, which also has Red Hat's file",
    {
      "etc/oracle-release": "Oracle Linux Server release 7.9\n",
      "etc/redhat-release": "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n",
    },
    ["oracle", "7", "Oracle Linux:7"],
  ],
  ["Oracle Linux by its ID", osRelease({ ID: "ol", VERSION_ID: "9.2" }), ["oracle", "9", "Oracle Linux:9"]],
  [
    "Rocky Linux",
    osRelease({ ID: "rocky", ID_LIKE: "rhel centos fedora", VERSION_ID: "9.3" }),
    ["rocky", "9", "Rocky Linux:9"],
  ],
  ["AlmaLinux", osRelease({ ID: "almalinux", VERSION_ID: "8.9" }), ["almalinux", "8", "AlmaLinux:8"]],
  ["Amazon Linux 2", osRelease({ ID: "amzn", VERSION_ID: "2" }), ["amazon", "2", "Amazon Linux:2"]],
  [
    "Amazon Linux 1, which counts in years",
    osRelease({ ID: "amzn", VERSION_ID: "2018.03" }),
    ["amazon", "1", "Amazon Linux:1"],
  ],
  [
    "Amazon Linux 2023",
    osRelease({ ID: "amzn", ID_LIKE: "fedora", VERSION_ID: "2023" }),
    ["amazon", "2023", "Amazon Linux:2023"],
  ],
  ["Fedora", osRelease({ ID: "fedora", VERSION_ID: "40" }), ["fedora", "40", "Fedora:40"]],
  [
    "SLES",
    osRelease({ ID: "sles", ID_LIKE: "suse", VERSION_ID: "15.5" }),
    ["sles", "15.5", "SUSE:Linux Enterprise Server 15 SP5"],
  ],
  [
    "openSUSE Leap",
    osRelease({ ID: "opensuse-leap", VERSION_ID: "15.5" }),
    ["opensuse-leap", "15.5", "openSUSE:Leap 15.5"],
  ],
  [
    "openSUSE Tumbleweed",
    osRelease({ ID: "opensuse-tumbleweed", VERSION_ID: "20240101" }),
    ["opensuse-tumbleweed", "", "openSUSE:Tumbleweed"],
  ],
  ["Azure Linux", osRelease({ ID: "azurelinux", VERSION_ID: "3.0" }), ["azurelinux", "3.0", "Azure Linux:3"]],
  ["Mariner", osRelease({ ID: "mariner", VERSION_ID: "2.0.20240101" }), ["azurelinux", "2.0", "Azure Linux:2"]],
  ["Photon", osRelease({ ID: "photon", VERSION_ID: "3.0" }), ["photon", "3.0", "Photon OS:3.0"]],
  [
    "a derived distribution by its parent's code name",
    osRelease({ ID: "linuxmint", ID_LIKE: "ubuntu debian", VERSION_ID: "21.3", UBUNTU_CODENAME: "jammy" }),
    ["ubuntu", "22.04", "Ubuntu:22.04:LTS"],
  ],
  [
    "a derived distribution with its parent's numbers",
    osRelease({ ID: "raspbian", ID_LIKE: "debian", VERSION_ID: "12" }),
    ["debian", "12", "Debian:12"],
  ],
];

describe("detectRelease", () => {
  for (const [title, files, expected] of examples)
    it(`knows ${title}`, () => {
      const found = detect(files);
      expect([found?.family, found?.release, found?.ecosystems[0]]).toEqual(expected);
    });

  it("says nothing where nothing tells", () => {
    expect(detect({})).toBeUndefined();
    expect(detect({ "etc/os-release": "" })).toBeUndefined();
    expect(detect({ "etc/os-release": "NAME=x\n# ID=debian" })).toBeUndefined();
  });

  it("names a distribution that no advisories are about, and says so", () => {
    const found = detect(osRelease({ ID: "void", PRETTY_NAME: "Void Linux" }));
    expect(found).toMatchObject({ family: "void", name: "Void Linux", ecosystems: [] });
    expect(found?.notes).toEqual(["no advisories are known of Void Linux"]);
  });

  it("holds unreleased Debian to the newest release, and says so", () => {
    const found = detect(
      osRelease({ ID: "debian", PRETTY_NAME: "Debian GNU/Linux forky/sid", VERSION_CODENAME: "forky" }),
    );
    expect(found?.release).toBe("13");
    expect(found?.notes[0]).toContain("not a released Debian");
  });

  it("takes Debian's minor version from debian_version, where it is the same release", () => {
    const files = osRelease({ ID: "debian", VERSION_ID: "12" });
    expect(detect({ ...files, "etc/debian_version": "12.5\n" })?.version).toBe("12.5");
    expect(detect({ ...files, "etc/debian_version": "11.9\n" })?.version).toBe("12");
  });

  it("keeps the plain ecosystem behind the one of Ubuntu Pro", () => {
    const files = {
      ...osRelease({ ID: "ubuntu", VERSION_ID: "18.04" }),
      "var/lib/ubuntu-advantage/status.json": pro("enabled"),
    };
    expect(detect(files)).toMatchObject({
      extendedSupport: true,
      ecosystems: ["Ubuntu:Pro:18.04:LTS", "Ubuntu:18.04:LTS"],
    });
  });

  it("survives hostile files in linear time", () => {
    const long = "1".repeat(200_000);
    for (const text of [
      long,
      `ID=${long}`,
      `ID=debian\nVERSION_ID=${long}`,
      "=\n".repeat(100_000),
      `ID="alpine\nVERSION_ID=${".".repeat(100_000)}`,
      "\u0000",
      `[${"[".repeat(100_000)}`,
      "null",
      '{"services":[null,1,{}]}',
    ]) {
      const started = performance.now();
      detectRelease(() => text);
      detect({
        "etc/os-release": "ID=ubuntu\nVERSION_ID=18.04",
        "var/lib/ubuntu-advantage/status.json": text,
        "etc/apk/repositories": text,
      });
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});

describe("the repositories of Red Hat's images", () => {
  const rhel = osRelease({ ID: "rhel", VERSION_ID: "9.4", NAME: "Red Hat Enterprise Linux" });
  const ecosystems = (...sets: readonly string[]) =>
    detectRelease((path) => rhel[path], [JSON.stringify({ metadata: {}, content_sets: sets })]);

  it.each([
    [["rhel-9-for-x86_64-baseos-rpms"], ["enterprise_linux:9::baseos"]],
    [["rhel-9-for-aarch64-appstream-rpms__9"], ["enterprise_linux:9::appstream"]],
    [["rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2"], ["rhel_eus:9.2::baseos"]],
    [["rhel-9-for-x86_64-appstream-e4s-rpms__9_DOT_0"], ["rhel_e4s:9.0::appstream"]],
    [["somebody-else-rpms"], []],
    [["codeready-builder-for-rhel-9-x86_64-rpms"], ["enterprise_linux:9::crb"]],
    [
      ["rhel-7-server-rpms", "rhel-7-server-extras-rpms"],
      ["rhel_extras_other:7", "rhel_extras:7", "enterprise_linux:7::server"],
    ],
    [["rhocp-4.14-for-rhel-9-x86_64-rpms"], ["openshift:4.14::el9"]],
    [["fast-datapath-for-rhel-9-x86_64-rpms"], ["enterprise_linux:9::fastdatapath"]],
  ])("%j are looked up as %j", (sets, cpes) => {
    const found = ecosystems(...sets);
    if (cpes.length === 0) {
      expect(found?.ecosystems).toContain("Red Hat:enterprise_linux:9::baseos");
      expect(found?.notes).toEqual([`advisories of these repositories are not told apart: ${sets.join(", ")}`]);
    } else {
      expect(found?.ecosystems).toEqual([...cpes, "enterprise_linux:9"].map((cpe) => `Red Hat:${cpe}`));
      expect(found?.notes).toEqual([]);
    }
  });

  it("are the usual ones where no manifest names any, or it is none", () => {
    for (const manifests of [[], ["{"], ['{"content_sets":7}'], ["null"]])
      expect(detectRelease((path) => rhel[path], manifests)?.ecosystems).toEqual([
        "Red Hat:enterprise_linux:9::baseos",
        "Red Hat:enterprise_linux:9::appstream",
        "Red Hat:enterprise_linux:9::crb",
        "Red Hat:enterprise_linux:9",
      ]);
  });
});
