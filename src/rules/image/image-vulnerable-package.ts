import type { Problem, Severity } from "../../core/index.ts";
import { broughtBy, inImage, isBaseLayer, sayNames } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { groupVulnerabilities, sayCounts, type VulnerableSource } from "../reading/vulnerable-sources.ts";
import type { ImageFacts, Rule } from "../rule.ts";

export const imageVulnerablePackage: Rule<"image"> = {
  id: "image-vulnerable-package",
  subject: "image",
  aim: "security",
  severity: "medium",
  summary: "A package with known vulnerabilities is in the image",
  why: `Advisories name versions of packages that can be attacked; whoever looks for a way in reads them too. Of what an
instruction installed each source package is told of once, with its worst severity and the version that has the fixes;
what came with the base, or with a layer nobody knows more of, is told of together: a newer build of the base brings the
fixes of all of it. \`plimsoll scan\` lists every single vulnerability. Those that do not matter here are ignored in
\`plimsoll.yaml\`, \`.trivyignore\` or by a VEX document, with the reason.`,
  aliases: ["vulnerable-package"],
  *check({ image }) {
    const together = new Map<string, VulnerableSource[]>();
    for (const source of groupVulnerabilities(image)) {
      const layer = source.layer ?? 0;
      const origin = image.weight.layers[layer]?.origin.kind ?? "unknown";
      const cause =
        isBaseLayer(image, layer) || origin === "base"
          ? "base"
          : origin === "unknown" && source.isOs
            ? `layer ${layer}`
            : "";
      if (cause === "") yield ofSource(image, source);
      else together.set(cause, [...(together.get(cause) ?? []), source]);
    }
    for (const [cause, sources] of together) yield ofCause(image, cause, sources);
  },
  examples: [
    {
      title: "one problem for a source package, whatever is built from it and however many vulnerabilities it has",
      layers: [
        { "etc/os-release": "ID=debian" },
        { "srv/node_modules/ms/package.json": "{}", "var/lib/dpkg/status": "x" },
      ],
      base: 1,
      vulnerabilities: [
        vulnerable("deb", "libssl3", "3.0.1", "CVE-2024-1", "critical", 1, { fixedIn: "3.0.2", source: "openssl" }),
        vulnerable("deb", "openssl", "3.0.1", "CVE-2024-1", "critical", 1, { fixedIn: "3.0.2", source: "openssl" }),
        vulnerable("deb", "openssl", "3.0.1", "CVE-2024-2", "low", 1, { source: "openssl" }),
        vulnerable("npm", "ms", "0.7.0", "CVE-2015-8315", "high", 1, { file: "srv/node_modules/ms/package.json" }),
      ],
      reports: ["", "srv/node_modules/ms/package.json"],
    },
    {
      title: "the base's are told of together",
      layers: [{ "etc/os-release": "ID=debian" }, { "app/x": "x" }],
      base: 1,
      vulnerabilities: [
        vulnerable("deb", "zlib1g", "1.2", "CVE-2023-45853", "critical", 0, {}),
        vulnerable("deb", "bash", "5.1", "CVE-2022-3715", "high", 0, { fixedIn: "5.2" }),
      ],
      reports: [""],
    },
    { title: "nothing is known against it", layers: [{ "app/x": "x" }], reports: [] },
  ],
};

function ofSource(image: ImageFacts, source: VulnerableSource): Problem {
  const { layer, name, version, ids, severity, fixedIn, binaries } = source;
  const built = binaries.filter((one) => one !== name);
  const packages = built.length > 0 ? ` (${sayNames(built)})` : "";
  const known = ids.length === 1 ? `${ids[0] ?? ""} (${severity})` : `${sayNames(ids)}: ${sayCounts(source.counts)}`;
  return {
    message: `${name} ${version}${packages} has ${known}${fixedIn === undefined ? ", without a fix so far" : `, fixed in ${fixedIn}`}`,
    at: inImage(image, layer, source.file),
    severity,
    about: { purl: source.purl, ...(ids[0] === undefined ? {} : { advisory: ids[0] }) },
    ...(layer === undefined ? {} : broughtBy(image, [[layer, "brings it in"]])),
    ...assistedFix(
      fixedIn === undefined
        ? `Leave ${name} out if it is not needed, or ignore it with the reason`
        : `Install ${name} ${fixedIn} or later`,
    ),
  };
}

function ofCause(image: ImageFacts, cause: string, sources: readonly VulnerableSource[]): Problem {
  const layer = Math.min(...sources.map((one) => one.layer ?? 0));
  const origin = image.weight.layers[layer]?.origin;
  const named = origin?.kind === "base" ? origin.reference : undefined;
  const what = cause === "base" ? `the base${named === undefined ? "" : ` ${named}`}` : `layer ${layer + 1}`;
  const counts = new Map<Severity | "unknown", number>();
  for (const source of sources)
    for (const [level, count] of source.counts) counts.set(level, (counts.get(level) ?? 0) + count);
  const fixable = sources.filter(({ fixedIn }) => fixedIn !== undefined).length;
  const worst = sources[0];
  const packages = `${sources.length} vulnerable package${sources.length === 1 ? "" : "s"}`;
  return {
    message: `${what} has ${packages} (${sayNames(sources.map(({ name }) => name))}): ${sayCounts(counts)}; for ${fixable} of the packages there is a fix`,
    at: inImage(image, layer),
    severity: worst?.severity ?? "info",
    about: { purl: worst?.purl ?? "" },
    ...assistedFix(
      fixable > 0
        ? "Refresh the base: pull its newest build and build again; or change to one that has less in it"
        : "Change to a base that has less in it: none of this has a fix so far",
    ),
  };
}

function vulnerable(
  type: string,
  name: string,
  version: string,
  id: string,
  severity: Severity,
  layerIndex: number,
  more: { readonly fixedIn?: string; readonly source?: string; readonly file?: string },
): ImageFacts["vulnerabilities"][number] {
  const { fixedIn, source, file } = more;
  return {
    id,
    layerIndex,
    severity: { severity, source: "nvd", by: "word" },
    ...(fixedIn === undefined ? {} : { fixedIn }),
    package: {
      purl: `pkg:${type}/${name}@${version}`,
      type,
      name,
      version,
      licenses: [],
      files: [file ?? "var/lib/dpkg/status"],
      ...(source === undefined ? {} : { source: { name: source, version } }),
    },
  };
}
