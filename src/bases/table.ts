import type { BaseFacts, BaseFamily, BaseUser } from "./facts.ts";

/** What is known of one kind of image whatever its tag. What the family says holds where a row is silent. */
export interface BaseRow {
  readonly family?: BaseFamily;
  readonly user?: string;
  readonly users?: readonly BaseUser[];
  readonly tools?: readonly string[];
  readonly sdk?: BaseFacts["sdk"];
  /** The full variant (no -slim, no -alpine) holds a C toolchain. */
  readonly fullHasCompilers?: boolean;
  readonly workdir?: string;
}

const user = (name: string, uid: number, gid: number = uid): BaseUser => ({ name, uid, gid });

/** Docker Official Images by name. Users: measured on the images or said by their Dockerfiles, as of 2026-08. */
export const officialRows: Readonly<Record<string, BaseRow>> = {
  debian: {}, ubuntu: {}, alpine: { family: "alpine" }, busybox: { family: "busybox" },
  "buildpack-deps": { fullHasCompilers: true, tools: ["curl", "wget", "git"] },
  fedora: { family: "rhel" }, rockylinux: { family: "rhel" }, almalinux: { family: "rhel" }, oraclelinux: { family: "rhel" }, amazonlinux: { family: "rhel" }, centos: { family: "rhel" }, photon: { family: "rhel" },
  archlinux: { family: "arch" }, clearlinux: { family: "unknown" },
  python: { tools: ["python3", "python", "pip"], fullHasCompilers: true },
  node: { tools: ["node", "npm", "yarn"], fullHasCompilers: true, users: [user("node", 1000)] },
  golang: { tools: ["go"], sdk: "go", fullHasCompilers: true, workdir: "/go" },
  rust: { tools: ["cargo", "rustc"], sdk: "rust", fullHasCompilers: true },
  ruby: { tools: ["ruby", "gem", "bundle"], fullHasCompilers: true },
  php: { tools: ["php", "curl"], users: [user("www-data", 33)] },
  perl: { tools: ["perl"], fullHasCompilers: true }, gcc: { tools: ["gcc", "make"], sdk: "c", fullHasCompilers: true },
  openjdk: { tools: ["java"], sdk: "java" }, "eclipse-temurin": { tools: ["java"], sdk: "java" }, amazoncorretto: { tools: ["java"], sdk: "java" }, sapmachine: { tools: ["java"], sdk: "java" }, "ibm-semeru-runtimes": { tools: ["java"], sdk: "java" },
  maven: { tools: ["java", "mvn"], sdk: "maven" }, gradle: { tools: ["java", "gradle"], sdk: "gradle", users: [user("gradle", 1000)] },
  haskell: { sdk: "haskell", fullHasCompilers: true }, swift: { sdk: "swift", fullHasCompilers: true }, erlang: { sdk: "erlang", fullHasCompilers: true }, elixir: { sdk: "erlang", fullHasCompilers: true },
  nginx: { tools: ["nginx", "curl"], users: [user("nginx", 101)] }, httpd: { tools: ["httpd"], users: [user("www-data", 33)] }, haproxy: { user: "haproxy", users: [user("haproxy", 99)] }, traefik: { family: "alpine" },
  postgres: { users: [user("postgres", 999)] }, mysql: { family: "rhel", users: [user("mysql", 999)] }, mariadb: { users: [user("mysql", 999)] }, mongo: { users: [user("mongodb", 999)] },
  redis: { users: [user("redis", 999)] }, valkey: { users: [user("valkey", 999)] }, memcached: { user: "memcache", users: [user("memcache", 11211)] }, rabbitmq: { users: [user("rabbitmq", 999)] },
  elasticsearch: { family: "rhel", user: "elasticsearch", users: [user("elasticsearch", 1000)] }, kibana: { family: "debian", user: "kibana", users: [user("kibana", 1000)] }, solr: { user: "solr", users: [user("solr", 8983)] },
  cassandra: { users: [user("cassandra", 999)] }, zookeeper: { users: [user("zookeeper", 1000)] }, neo4j: { users: [user("neo4j", 7474)] }, couchdb: { users: [user("couchdb", 5984)] }, influxdb: { users: [user("influxdb", 1000)] },
  tomcat: { tools: ["java"] }, jetty: { user: "jetty", users: [user("jetty", 999)] }, wordpress: { tools: ["php"], users: [user("www-data", 33)] }, drupal: { tools: ["php"], users: [user("www-data", 33)] }, nextcloud: { tools: ["php"], users: [user("www-data", 33)] },
  ghost: { users: [user("node", 1000)] }, registry: { family: "alpine" }, docker: { family: "alpine" }, caddy: { family: "alpine" }, composer: { family: "alpine", tools: ["php", "composer", "git", "unzip", "curl", "bash"] }, bash: { family: "alpine", tools: ["bash"] },
  nats: { family: "scratch" }, "hello-world": { family: "scratch" }, "eclipse-mosquitto": { family: "alpine", users: [user("mosquitto", 1883)] }, julia: {}, "r-base": {}, sonarqube: { user: "sonarqube", users: [user("sonarqube", 1000)] },
};

const nonroot = user("nonroot", 65532);

/** Other images, by the beginning of `registry/repository`; the first that fits counts. */
export const otherRows: readonly (readonly [prefix: string, row: BaseRow])[] = [
  ["gcr.io/distroless/", { family: "distroless", users: [nonroot] }],
  ["cgr.dev/", { family: "wolfi", user: "nonroot", users: [nonroot] }],
  ["docker.io/chainguard/", { family: "wolfi", user: "nonroot", users: [nonroot] }],
  ["docker.io/nginxinc/nginx-unprivileged", { family: "debian", user: "nginx", users: [user("nginx", 101)], tools: ["nginx", "curl"] }],
  ["docker.io/oven/bun", { family: "debian", users: [user("bun", 1000)], tools: ["bun"] }],
  ["docker.io/denoland/deno", { family: "debian", users: [user("deno", 1993)], tools: ["deno"] }],
  ["docker.io/bitnami/", { family: "debian", user: "1001", users: [user("1001", 1001, 0)] }],
  ["docker.io/hashicorp/", { family: "alpine" }],
  ["docker.io/opensuse/", { family: "suse" }], ["registry.suse.com/", { family: "suse" }], ["registry.opensuse.org/", { family: "suse" }],
  ["registry.access.redhat.com/", { family: "rhel" }], ["registry.redhat.io/", { family: "rhel" }], ["quay.io/centos/", { family: "rhel" }], ["quay.io/fedora/", { family: "rhel" }],
  ["public.ecr.aws/amazonlinux/", { family: "rhel" }], ["public.ecr.aws/lambda/", { family: "rhel" }], ["docker.io/rockylinux/", { family: "rhel" }], ["docker.io/almalinux/", { family: "rhel" }],
  ["mcr.microsoft.com/windows", { family: "windows" }], ["mcr.microsoft.com/powershell", { family: "unknown" }],
  ["mcr.microsoft.com/dotnet/sdk", { family: "debian", sdk: "dotnet", users: [user("app", 1654)], tools: ["dotnet", "curl", "git"] }],
  ["mcr.microsoft.com/dotnet/", { family: "debian", users: [user("app", 1654)] }],
  ["mcr.microsoft.com/azurelinux/", { family: "rhel" }], ["mcr.microsoft.com/cbl-mariner/", { family: "rhel" }],
  ["docker.io/nvidia/cuda", { family: "debian" }],
];

/** Names in /etc/passwd of a family's own images, as of 2026-08. */
export const stockUsers: Readonly<Partial<Record<BaseFamily, readonly string[]>>> = {
  debian: ["root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy", "www-data", "backup", "list", "irc", "gnats", "nobody", "_apt"],
  alpine: ["root", "bin", "daemon", "lp", "sync", "shutdown", "halt", "mail", "news", "uucp", "cron", "ftp", "sshd", "games", "ntp", "guest", "nobody", "adm", "operator", "man", "postmaster", "at", "squid", "xfs", "cyrus", "vpopmail", "smmsp"],
  busybox: ["root", "daemon", "bin", "sys", "sync", "mail", "www-data", "operator", "nobody"],
  rhel: ["root", "bin", "daemon", "adm", "lp", "sync", "shutdown", "halt", "mail", "operator", "games", "ftp", "nobody", "dbus", "systemd-coredump", "systemd-resolve", "tss"],
  suse: ["root", "bin", "daemon", "lp", "mail", "man", "nobody", "games", "uucp", "news", "ftp"],
  distroless: ["root", "nobody", "nonroot"],
  wolfi: ["root", "nobody", "nonroot"],
};

/** The day from which a distribution release gets no more free security updates (its LTS included). */
export const suiteEnds: Readonly<Record<string, string>> = {
  jessie: "2020-06-30", stretch: "2022-06-30", buster: "2024-06-30", bullseye: "2026-08-31", bookworm: "2028-06-30", trixie: "2030-06-30",
  trusty: "2019-04-30", xenial: "2021-04-30", bionic: "2023-05-31", focal: "2025-05-31", jammy: "2027-04-30", noble: "2029-04-30",
  "alpine3.9": "2020-11-01", "alpine3.10": "2021-05-01", "alpine3.11": "2021-11-01", "alpine3.12": "2022-05-01", "alpine3.13": "2022-11-01", "alpine3.14": "2023-05-01",
  "alpine3.15": "2023-11-01", "alpine3.16": "2024-05-23", "alpine3.17": "2024-11-22", "alpine3.18": "2025-05-09", "alpine3.19": "2025-11-01", "alpine3.20": "2026-04-01", "alpine3.21": "2026-11-01",
  "alpine3.22": "2027-05-01", "alpine3.23": "2027-11-01",
};
