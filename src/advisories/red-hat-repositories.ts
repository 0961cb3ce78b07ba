/** Red Hat's repositories that an image has unless it says otherwise. */
export function usualRedHatEcosystems(release: string): readonly string[] {
  const streams = Number(release) >= 8 ? ["baseos", "appstream", "crb"] : ["server"];
  return [...streams.map((stream) => `${redHat}enterprise_linux:${release}::${stream}`), ...unstreamed(release)];
}

const redHat = "Red Hat:";
const machine = "(?:x86_64|aarch64|ppc64le|s390x|i686)";

/** A repository's name, and what its advisories are kept under: the part of their CPE behind "redhat". */
const repositories: readonly (readonly [name: RegExp, cpe: (...parts: string[]) => readonly string[]])[] = [
  [
    new RegExp(`^(?:rhel|ubi)-(\\d+)-for-${machine}-(.+?)(?:-(eus|e4s|aus|tus))?-rpms(?:__(\\d+)(?:_DOT_(\\d+))?)?$`),
    (release = "", stream = "", support = "", major = "", minor = "") => {
      const name = stream.replaceAll("-", "");
      // Of a release that is supported for longer the name says the minor one; without it, it is the newest.
      if (support !== "" && minor !== "") return [`rhel_${support}:${major}.${minor}::${name}`];
      return [`enterprise_linux:${release}::${name}`];
    },
  ],
  [
    new RegExp(`^codeready-builder-for-rhel-(\\d+)-${machine}-rpms(?:__\\d+)?$`),
    (release = "") => [`enterprise_linux:${release}::crb`],
  ],
  [
    /^ubi-(\d+)-(baseos|appstream|codeready-builder)-rpms$/,
    (release = "", stream = "") => [`enterprise_linux:${release}::${stream === "codeready-builder" ? "crb" : stream}`],
  ],
  [/^rhel-([67])-server-(?:optional-)?rpms$/, (release = "") => [`enterprise_linux:${release}::server`]],
  [/^rhel-([67])-server-extras-rpms$/, (release = "") => [`rhel_extras_other:${release}`, `rhel_extras:${release}`]],
  [
    new RegExp(`^rhocp-(4\\.\\d+)-for-rhel-(\\d+)-${machine}-rpms$`),
    (version = "", release = "") => [`openshift:${version}::el${release}`],
  ],
  [
    new RegExp(`^ansible-automation-platform-(\\d+\\.\\d+)-for-rhel-(\\d+)-${machine}-rpms$`),
    (version = "", release = "") => [`ansible_automation_platform:${version}::el${release}`],
  ],
  [
    new RegExp(`^fast-datapath-for-rhel-(\\d+)-${machine}-rpms$`),
    (release = "") => [`enterprise_linux:${release}::fastdatapath`],
  ],
];

/**
 * Under which ecosystems the advisories are kept that hold for an image's packages, by the repositories that it says they came from
 * (`content_sets` of the build's content manifests); those of a RHEL image without any are the usual ones.
 * @param manifests texts of `root/buildinfo/content_manifests/*.json`
 */
export function redHatEcosystems(
  release: string,
  manifests: readonly string[],
): { readonly ecosystems: readonly string[]; readonly unknown: readonly string[] } {
  const sets = new Set(manifests.flatMap(contentSets));
  if (sets.size === 0) return { ecosystems: usualRedHatEcosystems(release), unknown: [] };
  const ecosystems = new Set<string>();
  const unknown: string[] = [];
  for (const name of [...sets].sort()) {
    const found = repositories.map(([pattern, cpe]) => [pattern.exec(name), cpe] as const).find(([match]) => match);
    if (!found) unknown.push(name);
    for (const one of found?.[1](...(found[0] ?? []).slice(1)) ?? []) ecosystems.add(redHat + one);
  }
  if (ecosystems.size === 0) return { ecosystems: usualRedHatEcosystems(release), unknown };
  return { ecosystems: [...ecosystems, ...unstreamed(release)], unknown };
}

/** Older advisories name the distribution without a repository. */
function unstreamed(release: string): readonly string[] {
  return [`${redHat}enterprise_linux:${release}`];
}

const mostSets = 200;
const longestName = 200;

function contentSets(manifest: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(manifest);
  } catch {
    return [];
  }
  const sets: unknown =
    typeof value === "object" && value !== null && "content_sets" in value ? value.content_sets : [];
  return (Array.isArray(sets) ? (sets as unknown[]) : [])
    .slice(0, mostSets)
    .filter((one): one is string => typeof one === "string" && one.length <= longestName);
}
