import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findNamedSecrets, findSecrets, findUrlLogins } from "./secret-contents.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function random(length: number, alphabet = letters): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

const hex = "0123456789abcdef";
/** How those who issue them write their tokens. */
const issued: readonly (readonly [what: string, make: () => string])[] = [
  ["a GitHub token", () => `ghp_${random(36)}`],
  ["a GitLab token", () => `glpat-${random(20)}`],
  ["an AWS access key", () => `AKIA${random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`],
  ["a Slack token", () => `xoxb-${random(12, "0123456789")}-${random(12, "0123456789")}-${random(24)}`],
  ["a Stripe key", () => `sk_live_${random(24)}`],
  ["an npm token", () => `npm_${random(36)}`],
  ["a Google API key", () => `AIza${random(35)}`],
  ["a DigitalOcean token", () => `dop_v1_${random(64, hex)}`],
  ["a Vault token", () => `hvs.${random(90)}`],
  ["a RubyGems key", () => `rubygems_${random(48, hex)}`],
  ["a Twilio key", () => `SK${random(32, hex)}`],
  ["an age key", () => `AGE-SECRET-KEY-1${random(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`],
  ["an Azure storage key", () => `AccountKey=${randomBytes(64).toString("base64")}`],
  ["a Telegram bot token", () => `123456789:AA${random(33)}`],
];

function tool(name: string, ...version: string[]): boolean {
  const there = !spawnSync(name, version).error;
  if (!there) process.stderr.write(`skipped: no ${name} here\n`);
  return there;
}

describe("secrets in a text", () => {
  it.each(issued)("%s is told by its shape, with four characters at most shown", (what, make) => {
    let missed = 0;
    for (let i = 0; i < 200; i++) {
      const token = make();
      const [found] = findSecrets(`# settings\n\nkey = "${token}"\n`);
      if (found?.what !== what) missed++;
      else {
        expect(found.line).toBe(3);
        expect(found.shown).toBe(`${token.slice(0, 4)}…`);
        expect(JSON.stringify(found)).not.toContain(token.slice(0, 12));
      }
    }
    // A random token may by chance hold a word that examples hold.
    expect(missed).toBeLessThanOrEqual(4);
  });

  it("are not seen in digests, identifiers and versions", () => {
    for (let i = 0; i < 300; i++) {
      const uuid = `${random(8, hex)}-${random(4, hex)}-${random(4, hex)}-${random(4, hex)}-${random(12, hex)}`;
      const text = `sha256:${random(64, hex)}\ncommit ${random(40, hex)}\nid: ${uuid}\nversion: 1.2.3\n${random(30)}\n"integrity": "sha512-${randomBytes(64).toString("base64")}"\n`;
      expect(findSecrets(text)).toEqual([]);
      expect(findNamedSecrets(text)).toEqual([]);
    }
  });

  it.skipIf(!tool("ssh-keygen", "-?"))("tell the keys of ssh-keygen, and which of them have a passphrase", () => {
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-keys-"));
    try {
      for (const [type, passphrase, format] of [
        ["ed25519", "", ""],
        ["ed25519", "secret-words", ""],
        ["rsa", "", "PEM"],
        ["rsa", "secret-words", "PEM"],
        ["ecdsa", "", "PKCS8"],
        ["ecdsa", "secret-words", "PKCS8"],
      ] as const) {
        const file = join(directory, `${type}${format}${passphrase}`);
        execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, ...(format ? ["-m", format] : []), "-f", file]);
        const key = readFileSync(file, "utf8");
        const proof = passphrase === "" ? "key" : "locked";
        expect(findSecrets(key), file).toMatchObject([{ proof, line: 1, shown: "" }]);
        expect(findSecrets(JSON.stringify({ key })), file).toMatchObject([{ proof }]);
        expect(findSecrets(readFileSync(`${file}.pub`, "utf8")), file).toEqual([]);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("are told by what stands around them", () => {
    expect(findSecrets("aws_secret_access_key = q7Zt2mKx9LwVb4Rn8Yc3Hd6Js1Gf5Ta0PeUiOxNk\n")).toMatchObject([
      { what: "an AWS secret key", proof: "context" },
    ]);
    expect(findSecrets('{"auths":{"r.example":{"auth":"YWRtaW46aHVudGVyMjI="}}}')).toHaveLength(1);
    expect(findSecrets("machine h login me password q7Zt2mKx\n")).toHaveLength(1);
    expect(findUrlLogins("a\nurl: amqp://app:hk7Tq2Zx@mq\n")).toMatchObject([{ line: 2, shown: "" }]);
    expect(findUrlLogins("postgres://user:password@localhost https://a.example:8080/x@y ${A}://${U}:${P}@h")).toEqual(
      [],
    );
    expect(findNamedSecrets("db_password: q7Zt2mKx9\nport: 12345678\n")).toMatchObject([{ line: 1, shown: "" }]);
    expect(findNamedSecrets("password: ${PASSWORD1}\ntoken: /run/secrets/t1\napi_key: <your key 1>\n")).toEqual([]);
  });

  it("are looked for in time that grows as the text does", () => {
    for (const part of [
      "A",
      "a1",
      "-----BEGIN ",
      "eyJ",
      "://a:",
      "xoxb-",
      'password="',
      "machine x ",
      "SG.",
      "\n",
      "AKIA",
      "secret_access_key = ",
      "gh",
      "a.atlasv1.",
      "key-",
    ]) {
      const text = part.repeat(Math.ceil((1 << 20) / part.length));
      const start = performance.now();
      findSecrets(text);
      findNamedSecrets(text);
      findUrlLogins(text);
      expect(performance.now() - start, JSON.stringify(part)).toBeLessThan(5_000);
    }
  });
});
