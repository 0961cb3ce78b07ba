export interface PathClass {
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  readonly kind: "junk" | "secret" | "vcs" | "dependencies" | "cache" | "build-output" | "docs" | "ci" | "dockerfile";
  /** The `.dockerignore` line that leaves it out at any depth. */
  readonly pattern: string;
}

interface ClassRow extends PathClass {
  /** Names of a file or directory, in lower case. */
  readonly names: readonly string[];
  readonly suffixes?: readonly string[];
}

const row = (
  id: string,
  label: string,
  kind: PathClass["kind"],
  pattern: string,
  names: readonly string[],
  suffixes?: readonly string[],
): ClassRow => ({
  id,
  label,
  kind,
  pattern,
  names,
  ...(suffixes ? { suffixes } : {}),
});

/** Directories and files that hardly ever belong into an image, by name. */
const rows: readonly ClassRow[] = [
  row("git", "version control history", "vcs", "**/.git", [".git"]),
  row("hg", "version control history", "vcs", "**/.hg", [".hg"]),
  row("svn", "version control history", "vcs", "**/.svn", [".svn"]),
  row("aws", "cloud credentials", "secret", "**/.aws", [".aws"]),
  row("ssh", "SSH keys", "secret", "**/.ssh", [".ssh"]),
  row("gnupg", "GnuPG keys", "secret", "**/.gnupg", [".gnupg"]),
  row("kube", "cluster credentials", "secret", "**/.kube", [".kube", "kubeconfig"]),
  row("docker-config", "registry credentials", "secret", "**/.docker", [".docker", ".dockercfg", ".dockerconfigjson"]),
  row("env", "environment file", "secret", "**/.env", [".env"]),
  row("env-local", "environment file", "secret", "**/.env.*", [
    ".env.local",
    ".env.production",
    ".env.development",
    ".env.staging",
    ".env.test",
    ".env.prod",
    ".env.dev",
  ]),
  row("netrc", "credentials file", "secret", "**/.netrc", [".netrc", "_netrc"]),
  row("npmrc-token", "package registry token", "secret", "**/.npm-token", [".npm-token", ".npmtoken"]),
  row("pypirc", "package registry token", "secret", "**/.pypirc", [".pypirc"]),
  row("git-credentials", "credentials file", "secret", "**/.git-credentials", [".git-credentials"]),
  row("pgpass", "credentials file", "secret", "**/.pgpass", [".pgpass"]),
  row("htpasswd", "credentials file", "secret", "**/.htpasswd", [".htpasswd"]),
  row("tfstate", "Terraform state", "secret", "**/*.tfstate", [], [".tfstate", ".tfstate.backup"]),
  row("private-key", "private key", "secret", "**/id_*", ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"]),
  row("key-file", "private key", "secret", "**/*.key", [], [".key"]),
  row("pem-file", "key or certificate", "secret", "**/*.pem", [], [".pem"]),
  row("keystore", "key store", "secret", "**/*.jks", [], [".jks"]),
  row("pkcs12", "key store", "secret", "**/*.p12", [], [".p12"]),
  row("pfx", "key store", "secret", "**/*.pfx", [], [".pfx"]),
  row("ovpn", "VPN profile", "secret", "**/*.ovpn", [], [".ovpn"]),
  row("credentials", "credentials file", "secret", "**/credentials.json", [
    "credentials.json",
    "service-account.json",
    "serviceaccount.json",
    "client_secret.json",
  ]),
  row(
    "token-file",
    "token file",
    "secret",
    "**/*.token",
    ["token.txt", "tokens.txt", "secrets.txt", "passwords.txt", ".token"],
    [".token"],
  ),
  row("node-modules", "installed packages", "dependencies", "**/node_modules", ["node_modules"]),
  row("bower", "installed packages", "dependencies", "**/bower_components", ["bower_components"]),
  row("venv", "virtual environment", "dependencies", "**/.venv", [".venv"]),
  row("venv-plain", "virtual environment", "dependencies", "**/venv", ["venv"]),
  row("pycache", "Python byte code", "cache", "**/__pycache__", ["__pycache__"]),
  row("pyc", "Python byte code", "cache", "**/*.pyc", [], [".pyc", ".pyo"]),
  row("pytest-cache", "test cache", "cache", "**/.pytest_cache", [".pytest_cache"]),
  row("mypy-cache", "type checker cache", "cache", "**/.mypy_cache", [".mypy_cache"]),
  row("ruff-cache", "linter cache", "cache", "**/.ruff_cache", [".ruff_cache"]),
  row("tox", "test environments", "cache", "**/.tox", [".tox", ".nox"]),
  row("egg-info", "Python build metadata", "cache", "**/*.egg-info", [], [".egg-info"]),
  row("npm-cache", "package manager cache", "cache", "**/.npm", [".npm"]),
  row("cache", "cache", "cache", "**/.cache", [".cache"]),
  row("gradle-cache", "build cache", "cache", "**/.gradle", [".gradle"]),
  row("terraform", "Terraform plugins", "cache", "**/.terraform", [".terraform"]),
  row("next", "build output", "build-output", "**/.next", [".next"]),
  row("nuxt", "build output", "build-output", "**/.nuxt", [".nuxt"]),
  row("coverage", "coverage report", "build-output", "**/coverage", ["coverage", ".nyc_output", "htmlcov"]),
  row("coverage-file", "coverage data", "build-output", "**/.coverage", [".coverage"]),
  row("npm-log", "log", "junk", "**/npm-debug.log*", ["npm-debug.log", "yarn-error.log", "yarn-debug.log"]),
  row("log", "log", "junk", "**/*.log", [], [".log"]),
  row("dump", "database dump", "junk", "**/*.dump", [], [".dump", ".sql.gz"]),
  row("ds-store", "desktop file", "junk", "**/.DS_Store", [".ds_store", "thumbs.db", "desktop.ini"]),
  row("idea", "editor settings", "junk", "**/.idea", [".idea"]),
  row("vscode", "editor settings", "junk", "**/.vscode", [".vscode"]),
  row("swap", "editor backup", "junk", "**/*.swp", [], [".swp", ".swo"]),
  row("vagrant", "virtual machine", "junk", "**/.vagrant", [".vagrant"]),
  row("github", "CI configuration", "ci", ".github", [".github"]),
  row("gitlab-ci", "CI configuration", "ci", ".gitlab-ci.yml", [".gitlab-ci.yml"]),
  row("circleci", "CI configuration", "ci", ".circleci", [".circleci"]),
  row("gitignore", "version control settings", "vcs", "**/.gitignore", [".gitignore", ".gitattributes", ".gitmodules"]),
  row("dockerfile", "the Dockerfile itself", "dockerfile", "**/Dockerfile*", ["dockerfile", "containerfile"]),
  row("dockerignore", "the ignore file itself", "dockerfile", "**/.dockerignore", [".dockerignore"]),
  row("compose", "compose file", "dockerfile", "**/compose*.y*ml", [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
  ]),
  row("readme", "documentation", "docs", "**/README*", [
    "readme.md",
    "readme.rst",
    "readme",
    "changelog.md",
    "contributing.md",
  ]),
];

const byName = new Map(rows.flatMap((one) => one.names.map((name) => [name, one] as const)));
const bySuffix = rows.flatMap((one) => (one.suffixes ?? []).map((suffix) => [suffix, one] as const));
/** Public certificates and samples look like secrets by name and are none. */
const harmless = /(?:^|[._-])(?:example|sample|template|dist|pub|public|cert|ca|chain|bundle)(?:[._-]|$)/i;

/** The class of one path element; what is above it is the caller's to ask about. */
export function classifyName(name: string): PathClass | undefined {
  const lower = name.toLowerCase();
  const named = byName.get(lower);
  if (named) return named;
  if (lower.startsWith("dockerfile.")) return byName.get("dockerfile");
  const found = bySuffix.find(([suffix]) => lower.endsWith(suffix) && lower.length > suffix.length)?.[1];
  return found?.kind === "secret" && harmless.test(name) ? undefined : found;
}

/** The class of a path: that of its first element that has one, with the path down to there. */
export function classifyPath(path: string): (PathClass & { readonly at: string }) | undefined {
  let end = path.indexOf("/");
  for (let start = 0; ; ) {
    const name = path.slice(start, end < 0 ? undefined : end);
    const found = classifyName(name);
    if (found) return { ...found, at: end < 0 ? path : path.slice(0, end) };
    if (end < 0) return undefined;
    start = end + 1;
    end = path.indexOf("/", start);
  }
}
