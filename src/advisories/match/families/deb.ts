import type { MatchFamily } from "../family.ts";
import { inRelease } from "../family.ts";

/**
 * Publishers of packages for Debian and Ubuntu that are not in their archives: what the distribution says of a source package of
 * the same name is not about theirs.
 */
const thirdParties =
  /@(?:[\w-]+\.)*(?:docker|nvidia|microsoft|nodesource|grafana|hashicorp|gitlab|elastic|mongodb|influxdata|datadoghq|confluent|percona|f5|nginx|cloudflare|puppet|chef|timescale|varnish-software|tailscale|slack-corp|slack|spotify|brave|azul|bell-sw|vmware|broadcom|treasure-data|github|newrelic|jfrog|sonatype|redislabs|redis|couchbase|neo4j|clickhouse|yugabyte|cockroachlabs)\.(?:com|co|io|net|org|de|eu)\b|linux-packages-keymaster@google|\boss\.oracle\.com\b|\bnodesource\b|\bKubernetes Authors\b|\bYarn Developers\b|\bgrafana labs\b/i;

/** Debian, Ubuntu and those made of them: by source package and its version, in dpkg's order. */
export const deb: MatchFamily = {
  id: "deb",
  has: (one) => one.type === "deb",
  lookUp(one, release, store) {
    if (one.vendor !== undefined && thirdParties.test(one.vendor)) return "third-party";
    const { name, version } = one.source ?? one;
    return inRelease(release, store, "first", (ecosystem) => ({ ecosystem, name, version }));
  },
};
