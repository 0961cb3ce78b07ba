import type { Package } from "../../../packages/index.ts";
import type { Affected } from "../../advisory.ts";
import type { MatchRelease } from "../match.ts";
import type { MatchFamily } from "../family.ts";
import { inRelease } from "../family.ts";

/** Whose packages a distribution's advisories are about, by the Vendor they carry. */
const vendors: readonly (readonly [family: RegExp, vendor: RegExp])[] = [
  [/^(?:rhel|redhat|centos|ubi)/, /red hat|centos/i],
  [/^(?:alma|almalinux)/, /alma/i],
  [/^rocky/, /rocky/i],
  [/^(?:ol|oracle)/, /oracle/i],
  [/^(?:amzn|amazon)/, /amazon/i],
  [/^(?:sle|suse|opensuse)/, /suse/i],
  [/^(?:mariner|azurelinux)/, /microsoft/i],
  [/^photon/, /vmware|broadcom/i],
  [/^fedora/, /fedora/i],
];

/** Their advisories name source packages; all others' name what is installed. */
const bySource = /^(?:photon|mariner|azurelinux)/;

/**
 * Red Hat and those made of it, Amazon, Oracle, SUSE, Photon, Azure Linux: in rpm's order. A package of a module is only looked
 * for among the advisories of modules, and one of none among the others.
 */
export const rpm: MatchFamily = {
  id: "rpm",
  has: (one) => one.type === "rpm",
  lookUp(one, release, store) {
    if (isThirdParty(one, release)) return "third-party";
    const family = release?.family ?? "";
    // Without its label nobody can say of which stream it is.
    if (family.startsWith("alma") && one.modularity === undefined && one.version.includes(".module_el"))
      return "no-version";
    if (bySource.test(family))
      return inRelease(release, store, "all", (ecosystem) => ({
        ecosystem,
        ...(one.source ?? one),
        epochMayLack: true,
      }));
    const stream = one.modularity?.split(":").slice(0, 2).join(":");
    return inRelease(release, store, "all", (ecosystem) => {
      const modular = stream === undefined ? undefined : `${stream}::${one.name}`;
      const name = modular !== undefined && store.find(ecosystem, modular).length > 0 ? modular : one.name;
      const fits = (_: unknown, affected: Affected): boolean => isModular(affected) === (stream !== undefined);
      return { ecosystem, name, version: one.version, ...(name === modular ? {} : { accepts: fits }) };
    });
  },
};

function isThirdParty(one: Package, release: MatchRelease | undefined): boolean {
  if (one.vendor === undefined || one.vendor === "" || one.vendor === "(none)" || !release) return false;
  const own = vendors.find(([family]) => family.test(release.family));
  return own !== undefined && !own[1].test(one.vendor);
}

function isModular(affected: Affected): boolean {
  return affected.ranges.some(({ events }) =>
    events.some((event) => "fixed" in event && /\.module[+_]/.test(event.fixed)),
  );
}
