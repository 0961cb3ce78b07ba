import type { Advisory } from "../advisories/index.ts";

const places: readonly (readonly [id: RegExp, source: string, address: string])[] = [
  [/^CVE-\d{4}-\d{4,}$/, "NVD", "https://nvd.nist.gov/vuln/detail/"],
  [/^GHSA-/, "GitHub", "https://github.com/advisories/"],
  [/^(?:DSA|DLA|TEMP)-/, "Debian", "https://security-tracker.debian.org/tracker/"],
  [
    /^(?:DEBIAN|ALPINE|UBUNTU|USN|RHSA|ALSA|RLSA|SUSE|openSUSE|CGA|GO|PYSEC|RUSTSEC|MAL|OSV)-/,
    "OSV",
    "https://osv.dev/vulnerability/",
  ],
];

/** Who describes a vulnerability of this id, and where; no address for an id that nobody is known to describe. */
export function sourceOfId(id: string): { readonly name: string; readonly url?: string } {
  const place = /^[\w.:-]{1,80}$/.test(id) ? places.find(([pattern]) => pattern.test(id)) : undefined;
  return place ? { name: place[1], url: place[2] + id } : { name: "unknown" };
}

/** Addresses of what is known of a vulnerability, the id's own first; what is no plain web address is left out. */
export function linksOf(id: string, advisories: readonly Advisory[]): readonly string[] {
  const own = sourceOfId(id).url;
  const said = advisories.flatMap(({ id: advisory, url }) => {
    const address = webAddress(url) ?? sourceOfId(advisory).url;
    return address === undefined ? [] : [address];
  });
  return [...new Set([...(own === undefined ? [] : [own]), ...said])];
}

/** RFC 3986's characters alone, so that it breaks out of no format. */
export function webAddress(url: string | undefined): string | undefined {
  const plain =
    url !== undefined &&
    url.length <= 2000 &&
    /^https?:\/\/[\w.-]+(?::\d{1,5})?(?:[/?#][\w\-.~:/?#@!$&*+,;=%]*)?$/.test(url);
  return plain && !/%(?![0-9a-f]{2})/i.test(url) ? url : undefined;
}
