import { findSecretShapes, isHarmlessValue, isSecretName, loginInUrl } from "./secrets.ts";

/** A secret in a text: what it is, where, and as much of it as may be shown. */
export interface FoundSecret {
  /** "a GitHub token". */
  readonly what: string;
  /** From 1. */
  readonly line: number;
  /** Its first four characters and "…"; "" where that would tell too much. */
  readonly shown: string;
  /**
   * `shape`: nothing else looks like it. `key`: a private key. `locked`: a private key behind a passphrase. `context`: the words
   * around it say so, and it is as random as a secret is.
   */
  readonly proof: "shape" | "key" | "locked" | "context";
}

/** Findings of one text; the first are as good as all. */
const maximumFound = 20;

const moreShapes: readonly (readonly [what: string, pattern: string])[] = [
  ["a DigitalOcean token", "do[opr]_v1_[a-f0-9]{64}"],
  ["a Vault token", "hv[sbr]\\.[A-Za-z0-9_-]{24,300}"],
  ["a Terraform Cloud token", "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,70}"],
  ["a Shopify token", "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"],
  ["a Google client secret", "GOCSPX-[A-Za-z0-9_-]{28}"],
  ["a Grafana token", "gl(?:sa|c)_[A-Za-z0-9+/=_]{32,400}"],
  ["a RubyGems key", "rubygems_[a-f0-9]{48}"],
  ["a Postman key", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"],
  ["a Databricks token", "dapi[a-f0-9]{32}"],
  ["a New Relic key", "NRAK-[A-Z0-9]{27}"],
  ["a Sentry token", "sntrys_[A-Za-z0-9+/=_-]{60,500}"],
  ["an Atlassian token", "ATATT3[A-Za-z0-9_=-]{180,250}"],
  ["a Doppler token", "dp\\.(?:pt|st|ct)\\.[A-Za-z0-9._-]{40,60}"],
  ["a Slack webhook", "https://hooks\\.slack\\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,26}"],
  ["a Discord webhook", "https://discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,70}"],
  ["a Telegram bot token", "\\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"],
  ["an age key", "AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"],
  ["an Azure storage key", "AccountKey=[A-Za-z0-9+/]{86}=="],
  ["an Azure client secret", "[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}"],
  ["a PlanetScale password", "pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}"],
  ["a Supabase token", "sbp_[a-f0-9]{40}"],
  ["a Mailgun key", "key-[a-f0-9]{32}(?![a-f0-9])"],
  ["a Twilio key", "SK[a-f0-9]{32}(?![a-f0-9])"],
  ["a Square token", "sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}"],
  ["a crates.io token", "cio[A-Za-z0-9]{32}(?![A-Za-z0-9])"],
  ["a NuGet key", "oy2[a-z0-9]{43}(?![a-z0-9])"],
  ["an Artifactory key", "AKCp[A-Za-z0-9]{69}"],
  ["a Linear key", "lin_api_[A-Za-z0-9]{40}"],
  ["a Pulumi token", "pul-[a-f0-9]{40}"],
];
const anyMore = new RegExp(`(?<![A-Za-z0-9_~.-])(?:${moreShapes.map(([, shape]) => `(${shape})`).join("|")})`, "g");

/** What a word just before says of the value after it; each has the value as its first group. */
const contexts: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an AWS secret key", /secret_?access_?key["']?\s{0,5}[:=]\s{0,5}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi],
  ["a registry's token", /\b_(?:authToken|auth|password)\s{0,3}=\s{0,3}["']?([^\s"'${}]{8,400})/g],
  ["a registry's login", /"auth"\s{0,5}:\s{0,5}"([A-Za-z0-9+/]{8,400}={0,2})"/g],
  ["a login of .netrc", /\bmachine\s{1,9}\S{1,200}\s{1,9}login\s{1,9}\S{1,200}\s{1,9}password\s{1,9}([^\s$]{6,200})/g],
  ["an account key", /\baccount_?key["']?\s{0,5}[:=]\s{0,5}["']?([A-Za-z0-9+/]{86}==)/gi],
];

/** Secrets in a text, by their shapes and by what stands around them; examples and placeholders are none. Linear in the text. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const found: (Omit<FoundSecret, "line"> & { at: number; end: number })[] = [];
  const add = (what: string, at: number, end: number, proof: FoundSecret["proof"], shown: string): void => {
    if (found.length < maximumFound && !found.some((one) => at < one.end && end > one.at))
      found.push({ what, at, end, proof, shown });
  };
  for (const { what, start, end } of findSecretShapes(text)) {
    const value = text.slice(start, end);
    if (what === "a private key") {
      const key = privateKeyAt(text, start, end);
      if (key) add(key === "locked" ? "a private key behind a passphrase" : what, start, end, key, "");
    } else if (what.includes("JWT") ? isLiveJwt(value) : isCredible(value)) add(what, start, end, "shape", mask(value));
  }
  for (const match of text.matchAll(anyMore)) {
    const what = moreShapes[match.findIndex((group, index) => index > 0 && group !== undefined) - 1]?.[0];
    if (what !== undefined && isCredible(match[0]))
      add(what, match.index, match.index + match[0].length, "shape", mask(match[0]));
  }
  for (const [what, pattern] of contexts)
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? "";
      const at = match.index + match[0].lastIndexOf(value);
      if (isCredible(value, 2.5)) add(what, at, at + value.length, "context", mask(value));
    }
  return found.sort((a, b) => a.at - b.at).map(withLine(text));
}

/** Values that a line names as a password, token or key (`DB_PASSWORD=…`, `"apiKey": "…"`), where they are as random as such a thing is. */
export function findNamedSecrets(text: string): readonly FoundSecret[] {
  const found: (Omit<FoundSecret, "line"> & { at: number })[] = [];
  for (const match of text.matchAll(assignment)) {
    const [, name = "", quoted, bare = ""] = match;
    const value = quoted ?? bare;
    if (found.length >= maximumFound) break;
    if (value.length < 8 || !isSecretName(name) || isHarmlessValue(value) || !isCredible(value, 3)) continue;
    if (/[(){}<>$%]|^(?:\.{0,2}|~)\//.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) continue;
    found.push({ what: `the value of ${name}`, at: match.index, proof: "context", shown: "" });
  }
  return found.map(withLine(text));
}
const assignment =
  /(?<![\w.-])["']?([A-Za-z][\w.-]{2,60})["']?[ \t]{0,8}[:=][ \t]{0,8}(?:["']([^"'\n]{8,200})["']|([^\s"',;#]{8,200}))/g;

/** The logins in the addresses of a text (`postgres://user:password@host`). */
export function findUrlLogins(text: string): readonly FoundSecret[] {
  const found: (Omit<FoundSecret, "line"> & { at: number })[] = [];
  let from = 0;
  for (let at = text.indexOf("://"); at >= 0 && found.length < maximumFound; at = text.indexOf("://", at + 3)) {
    const start = Math.max(from, at - 21);
    const match = loginInUrl.exec(text.slice(start, at + 320));
    from = at + 3;
    const password = match?.[1] ?? "";
    if (
      !match ||
      isPlaceholder(password) ||
      /^(?:password|passwd|pass|secret|user|root|postgres|admin|guest|x)$/i.test(password)
    )
      continue;
    found.push({ what: "a password in an address", at: start + match.index, proof: "context", shown: "" });
  }
  return found.map(withLine(text));
}

function withLine(text: string): <T extends { readonly at: number }>(one: T) => FoundSecret & T {
  let line = 1;
  let read = 0;
  return (one) => {
    for (let next = text.indexOf("\n", read); next >= 0 && next < one.at; next = text.indexOf("\n", read)) {
      line++;
      read = next + 1;
    }
    return { ...one, line } as unknown as FoundSecret & typeof one;
  };
}

/** The first four characters of what is long enough not to be given away by them. */
function mask(value: string): string {
  return value.length >= 16 ? `${value.slice(0, 4)}…` : "";
}

/** Whether there is a key after the line that says so. A JSON string has it with `\n` written out. */
function privateKeyAt(text: string, start: number, end: number): "key" | "locked" | undefined {
  const after = text.slice(end, end + 600).replaceAll(/\\[nr]|[\s"']/g, " ");
  const locked = text.slice(start, end).includes("ENCRYPTED") || /^ *Proc-Type: 4,ENCRYPTED/.test(after);
  const body = after.replaceAll(/[A-Za-z-]{3,20}: [^ ]{1,80}(?: |$)/g, "").replaceAll(" ", "");
  const data = /^[A-Za-z0-9+/=]{40,}/.exec(body)?.[0];
  if (data === undefined || entropy(data) < 3.5) return undefined;
  return locked || (data.startsWith(openSsh) && !data.startsWith(`${openSsh}${noCipher}`)) ? "locked" : "key";
}
/** The start of OpenSSH's format (PROTOCOL.key), "openssh-key-v1", and the name of the cipher after it: "none". */
const openSsh = "b3BlbnNzaC1rZXktdjEAAAAA";
const noCipher = "BG5vbmU";

/** A signed token that somebody could use: not the one of the documentation, and not one made to be public. */
function isLiveJwt(token: string): boolean {
  const [header = "", payload = ""] = token.split(".");
  try {
    const said = JSON.parse(decodeBase64(header)) as { alg?: unknown };
    if (typeof said.alg !== "string" || said.alg.toLowerCase() === "none") return false;
    const claims = decodeBase64(payload);
    JSON.parse(claims);
    return !/John Doe|"sub":\s?"1234567890"|"role":\s?"anon"|example\.(?:com|org)/i.test(claims);
  } catch {
    return false;
  }
}

function decodeBase64(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}

/** Whether a value is random enough to be a secret and is no example. */
function isCredible(value: string, least = 3): boolean {
  if (isPlaceholder(value)) return false;
  return entropy(value) >= Math.min(least, Math.log2(value.length) - 0.8) && !isSequence(value);
}

function isPlaceholder(value: string): boolean {
  return (
    value === "" ||
    /example|sample|dummy|placeholder|change_?me|replace|redacted|your[_-]?|foobar|x{4,}|\*{3,}|0{8,}|_test_|secret_?here|deadbeef|insert/i.test(
      value,
    ) ||
    /^[$%{<[]|[}>\]]$/.test(value)
  );
}

/** "abcdefgh…", "123456…": most characters follow the one before. */
function isSequence(value: string): boolean {
  let steps = 0;
  for (let i = 1; i < value.length; i++) if (Math.abs(value.charCodeAt(i) - value.charCodeAt(i - 1)) <= 1) steps++;
  return steps > value.length * 0.6;
}

/** Shannon entropy, in bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
