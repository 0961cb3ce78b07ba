import { detectRelease, type OsRelease } from "../advisories/index.ts";
import { PlimsollError } from "../core/index.ts";
import { osPurlIn } from "../packages/index.ts";
import type { PlacedPackage } from "./catalog-image.ts";

/**
 * The distribution that "debian/12" names, as if an image had said so in its os-release(5).
 * @throws PlimsollError usage.unknown-option for what names none that advisories are about
 */
export function releaseNamed(distro: string): OsRelease {
  const [family = "", version = ""] = distro.toLowerCase().split(/[/:]/, 2);
  const said = /^[a-z][a-z0-9_-]{0,30}$/.test(family) && /^[a-z0-9._-]{0,30}$/.test(version);
  const text = `ID=${familyIds[family] ?? family}\nVERSION_ID="${version}"\nPRETTY_NAME="${family} ${version}"\n`;
  const release = said ? detectRelease((path) => (path === "etc/os-release" ? text : undefined)) : undefined;
  if (!release || release.ecosystems.length === 0 || release.notes.length > 0)
    throw new PlimsollError("usage.unknown-option", `--distro ${distro} is no distribution that advisories are about`, {
      hint: "write it like debian/12, alpine/3.20, ubuntu/24.04, rhel/9 or wolfi",
    });
  return release;
}

/** Names that people use where os-release has others. */
const familyIds: Readonly<Record<string, string>> = {
  redhat: "rhel",
  amazon: "amzn",
  amazonlinux: "amzn",
  oracle: "ol",
  oraclelinux: "ol",
  alma: "almalinux",
  rockylinux: "rocky",
  "azure-linux": "azurelinux",
};

/** Packages of the distribution under the names they have in another release of it. */
export function ofRelease(packages: readonly PlacedPackage[], { id, version }: OsRelease): readonly PlacedPackage[] {
  const release = version === "" ? { id } : { id, versionId: version };
  return packages
    .map((one) => ({
      ...one,
      purl: osPurlIn(one.purl, release),
      ...(one.owner === undefined ? {} : { owner: osPurlIn(one.owner, release) }),
    }))
    .sort((a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0));
}
