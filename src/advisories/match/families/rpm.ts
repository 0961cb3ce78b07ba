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
        accepts: (_, affected) => isForMachine(one, affected),
      }));
    const stream = one.modularity?.split(":").slice(0, 2).join(":");
    return inRelease(release, store, "all", (ecosystem) => {
      const modular = stream === undefined ? undefined : `${stream}::${one.name}`;
      const name = modular !== undefined && store.find(ecosystem, modular).length > 0 ? modular : one.name;
      const accepts = (_: unknown, affected: Affected): boolean =>
        isForMachine(one, affected) &&
        (name === modular || isModular(affected) === (stream !== undefined)) &&
        (family !== "oracle" || isOfFlavour(one, affected));
      return { ecosystem, name, version: one.version, accepts };
    });
  },
};

function isThirdParty(one: Package, release: MatchRelease | undefined): boolean {
  if (one.vendor === undefined || one.vendor === "" || one.vendor === "(none)" || !release) return false;
  const own = vendors.find(([family]) => family.test(release.family));
  return own !== undefined && !own[1].test(one.vendor);
}

/** An advisory may hold for some machines alone; what runs on all of them is of each. */
function isForMachine(one: Package, { arches }: Affected): boolean {
  return !arches || one.arch === undefined || one.arch === "noarch" || arches.includes(one.arch);
}

/**
 * Oracle builds some packages three times, with advisories for each: as they are, to be patched while they run (ksplice), and
 * validated (FIPS). Their versions do not compare: 2.34-60.ksplice1.el9 is no fix of 2.34-28.el9.
 */
function flavourOf(version: string): "ksplice" | "fips" | "normal" {
  if (/\.ksplice\d+\./.test(version)) return "ksplice";
  return version.endsWith("_fips") ? "fips" : "normal";
}

/** What names no fix is about all of them. */
function isOfFlavour(one: Package, { ranges }: Affected): boolean {
  const fixes = ranges.flatMap(({ events }) => events.flatMap((event) => ("fixed" in event ? [event.fixed] : [])));
  return fixes.length === 0 || fixes.some((fix) => flavourOf(fix) === flavourOf(one.version));
}

function isModular(affected: Affected): boolean {
  return affected.ranges.some(({ events }) =>
    events.some((event) => "fixed" in event && /\.module[+_]/.test(event.fixed)),
  );
}
