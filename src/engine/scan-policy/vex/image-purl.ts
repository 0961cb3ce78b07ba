import { parseReference } from "../../../image/index.ts";
import type { Purl } from "../../../packages/index.ts";
import type { ScanTarget } from "../../../report/index.ts";

/**
 * Whether package URLs name an image: `oci` by its last name, digest, `tag` and `repository_url`; `docker` by its whole name and
 * tag or digest (purl type definitions). What a purl leaves out is not asked for; what is not known of the image fits nothing.
 */
export function namesImage({ kind, reference, digest }: ScanTarget): (purl: Purl) => boolean {
  const named = kind === "image" ? parseReference(reference) : undefined;
  if (!named) return () => false;
  const { registry, repository, tag } = named;
  const digests = new Set([digest, named.digest].filter((one) => one !== undefined));
  const path = repository.split("/");
  const last = path.at(-1) ?? "";
  const fits = (said: string | undefined, ours: string | undefined): boolean => said === undefined || said === ours;
  return ({ type, namespace, name, version, qualifiers = {} }) => {
    if (type === "oci") {
      const place = qualifiers["repository_url"]?.replace(/^https?:\/\//, "").replace(/\/$/, "");
      const asSaid = place === undefined ? undefined : parseReference(place);
      if (name !== last || !fits(qualifiers["tag"], tag)) return false;
      if (version !== undefined && !digests.has(version)) return false;
      // Some write the registry alone, or the path without the name.
      const whole = `${registry}/${repository}`;
      return (
        place === undefined ||
        (asSaid !== undefined && [place, `${asSaid.registry}/${asSaid.repository}`].includes(whole)) ||
        `${place}/${last}` === whole
      );
    }
    if (type !== "docker") return false;
    const space = namespace ?? (registry === "docker.io" && path.length === 2 ? "library" : "");
    const host = qualifiers["repository_url"];
    if ([space, name].filter(Boolean).join("/") !== repository) return false;
    if (host !== undefined && host.replace(/^https?:\/\//, "").split("/")[0] !== registry) return false;
    return version === undefined || version === tag || digests.has(version);
  };
}
