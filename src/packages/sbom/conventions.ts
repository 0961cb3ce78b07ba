import type { Purl } from "../purl.ts";
import type { SbomComponent } from "./component.ts";

/** What other tools' documents say in ways of their own. */
export interface ForeignFacts {
  readonly source?: { readonly name: string; readonly version: string };
  readonly modularity?: string;
  readonly layer?: string;
  readonly files: readonly string[];
}

const trivy = "aquasecurity:trivy:";
const syft = "syft:metadata:";

/**
 * Trivy's properties (`aquasecurity:trivy:SrcName`, …, in its documents' own words), Syft's (`syft:metadata:…`,
 * `syft:location:N:path`), the purl qualifiers `upstream` and `rpmmod`, and SPDX's "built package from: name version".
 */
export function foreignFacts(component: SbomComponent, purl: Purl): ForeignFacts {
  const said = (name: string): string | undefined => component.properties.get(name)?.[0];
  const source = trivySource(said) ?? syftSource(said, component, purl) ?? builtFrom(component.sourceInfo);
  const modularity = said(`${trivy}Modularitylabel`) ?? said(`${syft}modularityLabel`) ?? purl.qualifiers?.["rpmmod"];
  const layer = said(`${trivy}LayerDiffID`) ?? said("syft:location:0:layerID");
  const files = [said(`${trivy}FilePath`), said("syft:location:0:path")].flatMap((path) =>
    path === undefined ? [] : [path.replace(/^\/+/, "")],
  );
  return {
    ...(source && { source }),
    ...(modularity && { modularity }),
    ...(layer && { layer }),
    files: [...new Set(files)],
  };
}

/** Version, release and epoch apart. */
function trivySource(said: (name: string) => string | undefined): ForeignFacts["source"] {
  const name = said(`${trivy}SrcName`);
  const version = said(`${trivy}SrcVersion`);
  if (name === undefined || version === undefined) return undefined;
  const release = said(`${trivy}SrcRelease`);
  const epoch = said(`${trivy}SrcEpoch`);
  const prefix = epoch === undefined || epoch === "" || epoch === "0" ? "" : `${epoch}:`;
  return plain({ name, version: `${prefix}${version}${release === undefined || release === "" ? "" : `-${release}`}` });
}

/** Syft leaves out what is the binary package's own. */
function syftSource(
  said: (name: string) => string | undefined,
  component: SbomComponent,
  purl: Purl,
): ForeignFacts["source"] {
  const own = component.version || purl.version || "";
  const upstream = purl.qualifiers?.["upstream"];
  const rpm = said(`${syft}sourceRpm`) ?? (upstream?.endsWith(".src.rpm") ? upstream : undefined);
  if (rpm !== undefined) {
    const [, name = "", version = ""] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(rpm.slice(0, 1024)) ?? [];
    const epoch = /^([1-9]\d*:)/.exec(own)?.[1] ?? "";
    return plain({ name, version: epoch + version });
  }
  const name = said(`${syft}source`) || said(`${syft}originPackage`);
  const version = said(`${syft}sourceVersion`) || own;
  if (name !== undefined) return plain({ name, version });
  if (upstream === undefined) return undefined;
  const at = upstream.lastIndexOf("@");
  return plain(
    at > 0 ? { name: upstream.slice(0, at), version: upstream.slice(at + 1) } : { name: upstream, version: own },
  );
}

function builtFrom(sourceInfo: string | undefined): ForeignFacts["source"] {
  const [, name = "", version = ""] = /^built package from: (\S{1,1024}) (\S{1,1024})$/.exec(sourceInfo ?? "") ?? [];
  return plain({ name, version });
}

function plain(source: { name: string; version: string }): ForeignFacts["source"] {
  return [source.name, source.version].every((text) => /^[^\s\p{Cc}\p{Cf}]{1,1024}$/u.test(text)) ? source : undefined;
}

/** Names that tools give to distributions, by what os-release calls them. */
const systems: Readonly<Record<string, string>> = {
  redhat: "rhel",
  "red hat enterprise linux": "rhel",
  alma: "almalinux",
  amazon: "amzn",
  oracle: "ol",
  "cbl-mariner": "mariner",
  azure: "azurelinux",
  "opensuse.leap": "opensuse-leap",
  "opensuse.tumbleweed": "opensuse-tumbleweed",
  suse: "sles",
  "suse linux enterprise server": "sles",
};

/** A distribution's id as os-release has it. */
export function systemId(name: string): string {
  const lower = name.toLowerCase();
  return Object.hasOwn(systems, lower) ? (systems[lower] ?? lower) : lower;
}
