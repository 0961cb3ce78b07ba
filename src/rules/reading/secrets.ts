import type { BuildContext, ContextFile } from "../../core/index.ts";

/** What a literal looks like, and where in the text it stands. The secret itself is never part of a message. */
export interface SecretShape {
  /** "a GitHub token". */
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

const shapes: readonly (readonly [what: string, pattern: string])[] = [
  ["a GitHub token", "gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{22,255}"],
  ["a GitLab token", "gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,64}"],
  ["a Stripe key", "[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}"],
  ["an AWS access key", "(?:AKIA|ASIA)[0-9A-Z]{16}"],
  ["a Slack token", "xox[abeoprs]-[A-Za-z0-9-]{10,255}"],
  ["an npm token", "npm_[A-Za-z0-9]{36}"],
  ["a PyPI token", "pypi-AgE[A-Za-z0-9_-]{50,1000}"],
  ["a Google API key", "AIza[0-9A-Za-z_-]{35}"],
  ["a SendGrid key", "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}"],
  ["an API key", "sk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{32,255}"],
  ["a Docker Hub token", "dckr_pat_[A-Za-z0-9_-]{20,64}"],
  ["a Hugging Face token", "hf_[A-Za-z0-9]{30,64}"],
  ["a private key", "-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----"],
  ["a signed token (JWT)", "eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,2000}"],
];
const anyShape = new RegExp(`(?<![A-Za-z0-9_-])(?:${shapes.map(([, pattern]) => `(${pattern})`).join("|")})`, "g");
const likely = /_|-----BEGIN|AKIA|ASIA|AIza|glpat|gl[a-z]{2,4}-|xox|sk-|SG\.|eyJ|pypi-/;

/** Credentials that can be told by their shape. */
export function findSecretShapes(text: string): readonly SecretShape[] {
  if (!likely.test(text)) return [];
  const found: SecretShape[] = [];
  for (const match of text.matchAll(anyShape)) {
    const index = match.findIndex((group, i) => i > 0 && group !== undefined);
    found.push({
      what: shapes[index - 1]?.[0] ?? "a credential",
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return found;
}

const secretName =
  /(?:^|[_\-.])(?:PASSWORDS?|PASSWD|PASSPHRASE|PASS|PWORD|SECRETS?|TOKENS?|CREDENTIALS?|CREDS|API_?KEYS?|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|MASTER_?KEY|AUTH_?KEY|DEPLOY_?KEY|LICEN[SC]E_?KEY|SSH_?KEY|CLIENT_?SECRET|BASIC_AUTH|JWT|PAT)(?:$|[_\-.])/;
const gluedName = /(?:[A-Z]{2,}|_)(?:PASSWORD|PASSWD|SECRET|APIKEY|AUTHTOKEN|ACCESSTOKEN)$/;
/** Tells most names at once, by a pattern that is quickly compiled: each name above holds one of these. */
const maybeSecretName = /PASS|PWORD|SECRET|TOKEN|CRED|KEY|AUTH|JWT|PAT/;
/** What follows the word when the variable only speaks about a secret. */
const aboutSecret =
  /(?:FILE|FILENAME|PATH|DIR|DIRECTORY|FOLDER|URL|URI|ENDPOINT|HOST|PORT|VERSION|NAME|ID|TTL|LENGTH|LEN|SIZE|TYPE|ALG|ALGORITHM|ALGO|HEADER|ISSUER|AUDIENCE|EXPIRY|EXPIRATION|EXPIRES?|EXPIRES_IN|LIFETIME|TIMEOUT|INTERVAL|ENABLED?|DISABLED?|REQUIRED|POLICY|COUNT|LIMIT|MAX|MIN|REGEX|PREFIX|SUFFIX|PROVIDER|STORE|MANAGER|BACKEND|MODE|FORMAT|ENCODING|ROUNDS|COST|HASHER|MOUNT|REF|ARN|PARAMETER|KEYRING)$/;
const publicName =
  /(?:^|[_\-.])(?:PUBLIC|PUB|PUBKEY|EMPTY|RANDOM|ALLOW|DISABLE|ENABLE|NO|SKIP|USE|HAS|CSRF|MAX|MIN)(?:$|[_\-.])/;

/** Whether a variable's name says that its value is a secret, rather than where one is or how long it lasts. */
export function isSecretName(written: string): boolean {
  // Compared in upper case: a pattern that takes either is slow to compile, which every start would pay.
  const name = written.toUpperCase();
  if (name.length > 200 || !maybeSecretName.test(name)) return false;
  return (secretName.test(name) || gluedName.test(name)) && !aboutSecret.test(name) && !publicName.test(name);
}

/** Whether a value is no secret, whatever its name says: nothing, a switch, a path, an address without login. */
export function isHarmlessValue(value: string): boolean {
  return (
    value === "" ||
    /^(?:true|false|yes|no|on|off|null|none|nil|undefined)$/i.test(value) ||
    /^(?:\/|\.\.?\/|~\/)[\w./-]*$/.test(value) ||
    (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) && !hasLogin(value)) ||
    /^<[^>]*>$/.test(value) ||
    /^(?:\*+|x{3,}|X{3,}|\.{3})$/.test(value)
  );
}

/** `scheme://user:password@host`. */
export const loginInUrl: RegExp = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'$<>{}]{0,100}:([^\s/@"'$<>{}]{1,200})@/i;

function hasLogin(value: string): boolean {
  return loginInUrl.test(value);
}

const secretFile =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|[\w-]+\.env|\.netrc|_netrc|\.pypirc|\.npmrc|\.yarnrc\.yml|\.git-credentials|\.pgpass|\.my\.cnf|\.htpasswd|\.dockercfg|\.docker\/config\.json|\.aws\/(?:credentials|config)|\.azure\/\w+\.json|\.kube\/config|kubeconfig|[\w-]+\.kubeconfig|\.ssh\/(?!known_hosts|config|authorized_keys)[\w.-]+|id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)|[\w.@-]+\.(?:pem|key|p12|pfx|jks|keystore|ppk|ovpn|kdbx|p8|asc)|(?:service[_-]?account|credentials?|client_secrets?|secrets?|gcloud[\w-]*)(?:[._-][\w-]+)?\.(?:json|ya?ml|toml|ini|txt)|application_default_credentials\.json|\.vault[_-]?(?:pass|token)(?:\.txt)?|terraform\.tfstate|[\w-]+\.tfvars|\.gnupg\/[\w./-]+|secring\.gpg|\.boto|\.s3cfg|master\.key|wp-config\.php|token(?:s)?\.txt|password(?:s)?\.txt)$/i;
const exampleFile =
  /(?:^|[._-])(?:example|examples|sample|template|tmpl|dist|defaults?|schema|test|spec|fixture|public|pub|ca|cacert|cert|certs|chain|fullchain|bundle|root)(?:[._-]|$)/i;
const sealedFile = /\.pub$|(?:^|\/)(?:test|tests|testdata|fixtures?|spec|__tests__|node_modules|vendor)\//i;

/** Endings of files that hold no credentials unless a directory like `.ssh` says so: most files are told by them. */
const harmlessEnding =
  /(?:\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|cs?|h|cpp|md|html?|s?css|png|jpe?g|gif|svg|ico|sh|lock|mod|sum|map|class|xml|d|o|so|a|gz|zip|sql)|file|ignore|license|readme)$/i;

const backup = /(?:\.(?:bak|backup|old|orig|save|copy)|~)$/i;

/** Whether a path is by its name one that holds credentials, or a backup of one; examples and public halves are not. */
export function isSecretPath(written: string): boolean {
  const path = written.replace(backup, "");
  if (path.length > 1000 || (harmlessEnding.test(path) && !/(?:^|\/)\./.test(path))) return false;
  if (!secretFile.test(path) || sealedFile.test(path)) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return !exampleFile.test(name.replace(/^\./, ""));
}

/**
 * Whether a file's text bears its name out: undefined when the text is not known, "proven" when a credential is in it,
 * false when there is none where one would be seen.
 */
export function holdsSecret(path: string, text: string | undefined): "proven" | "likely" | false {
  if (text === undefined) return "likely";
  if (findSecretShapes(text).length > 0) return "proven";
  if (/\.(?:pem|key|asc)$/i.test(path) && /-----BEGIN (?:CERTIFICATE|PUBLIC KEY|PGP PUBLIC|PGP SIGNATURE)/.test(text))
    return false;
  if (/(?:^|\/)\.?[\w-]*npmrc$/.test(path)) return /_auth(?:Token)?\s*=|_password\s*=/i.test(text) ? "likely" : false;
  if (path.endsWith(".yarnrc.yml")) return /npmAuth/.test(text) ? "likely" : false;
  if (/\.env(?:\.[\w-]+)?$/.test(path))
    return text.split("\n").some((line) => /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=\s*\S/.test(line)) ? "likely" : false;
  return text.trim() === "" ? false : "likely";
}

/** The secret-named files that a COPY source brings from the context. Globs reach one directory; `.` is the whole context. */
export function secretFilesIn(context: BuildContext, source: string): readonly ContextFile[] {
  const path = source.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  const whole = path === "" || path === ".";
  const glob = /[*?[]/.test(path) ? globOf(path) : undefined;
  return context.files.filter((file) => {
    if (file.ignored || file.type === "directory" || !isSecretPath(file.path)) return false;
    if (whole) return true;
    if (glob) return glob.test(file.path);
    return file.path === path || file.path.startsWith(`${path}/`);
  });
}

/** A COPY pattern as a regular expression: each segment by itself, and all below what it matches. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .slice(0, 300)
    .replace(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replace(/\*+/g, "[^/]*")
    .replace(/\?/g, "[^/]")
    .replace(/\[[^\]]*$/, String.raw`\[`);
  try {
    return new RegExp(`^${source}(?:/.*)?$`);
  } catch {
    return /^(?!)/;
  }
}
