import type { ProofDocument } from "./proof.ts";

export interface OpenVexOptions {
  /** RFC 3339, in UTC. */
  readonly timestamp: string;
  readonly author: string;
  /** The repository the image is pushed to; the document speaks of the image by its digest. */
  readonly repository?: string;
}

/**
 * The advisories that a proved change removed, as an OpenVEX document (OpenVEX specification 0.2.0): "fixed" in the image after
 * it, with the package that had them as subcomponent. The same proof at the same time gives the same bytes. Only what was built
 * can be spoken of; undefined where nothing was, or nothing was fixed.
 */
export function renderOpenVex({ after, fixed, tool }: ProofDocument, options: OpenVexOptions): string | undefined {
  if (!after || fixed.length === 0) return undefined;
  const product = `pkg:oci/${imageName(options.repository)}@${encodeURIComponent(after.digest)}${options.repository === undefined ? "" : `?repository_url=${encodeURIComponent(options.repository)}`}`;
  const byId = new Map<string, string[]>();
  for (const { id, purl } of fixed) byId.set(id, [...(byId.get(id) ?? []), purl]);
  const statements = [...byId].map(([id, purls]) => ({
    vulnerability: { name: id },
    products: [
      {
        "@id": product,
        identifiers: { purl: product },
        hashes: { "sha-256": after.digest.replace(/^sha256:/, "") },
        subcomponents: [...new Set(purls)].sort().map((purl) => ({ "@id": purl })),
      },
    ],
    status: "fixed",
  }));
  const document = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": `https://openvex.dev/docs/public/vex-${after.digest.replace(/^sha\d+:/, "")}`,
    author: options.author,
    timestamp: options.timestamp,
    version: 1,
    tooling: `${tool.name} ${tool.version}`,
    statements,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The last part of a repository's name, as the purl type "oci" has it. */
function imageName(repository = "image"): string {
  return encodeURIComponent(repository.split("/").at(-1)?.split(":")[0]?.toLowerCase() || "image");
}
