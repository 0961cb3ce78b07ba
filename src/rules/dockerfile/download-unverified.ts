import { instructionsOf, type RunInstruction, type ShellCommand, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { downloads, urlOf } from "../reading/downloads.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const downloadUnverified: Rule<"dockerfile"> = {
  id: "download-unverified",
  subject: "dockerfile",
  aim: "security",
  severity: "low",
  summary: "A file is fetched and nothing says that it is the right one",
  why: `TLS says which server sent it, not that the file is the one that was reviewed: whoever takes over the account, the bucket or the
mirror decides what runs in the image, and a truncated or replaced file is not noticed. Name its digest: \`ADD
--checksum=sha256:… URL\`, or \`echo "… file" | sha256sum -c -\` in the same RUN, or check its signature with gpg or cosign.`,
  check: whereSaid(/curl|wget|ADD/i, function* ({ dockerfile }) {
    const found: Word[] = [];
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (run.script.broken || run.script.commands.some(verifies)) continue;
      for (const url of fetched(run)) if (isForeign(url)) found.push(url);
    }
    for (const add of instructionsOf(dockerfile, "ADD")) {
      if (add.flags.some(({ name }) => name === "checksum")) continue;
      found.push(
        ...add.sources.filter((source) => /^https?:\/\//.test(source.value ?? source.raw) && isForeign(source)),
      );
    }
    for (const word of found.toSorted((a, b) => a.range.start - b.range.start))
      yield {
        message: "nothing says that what comes is what was meant",
        at: inSource(dockerfile, word.range),
        ...assistedFix("Name its digest: ADD --checksum=sha256:…, or sha256sum -c in this RUN"),
      };
  }),
  examples: [
    {
      title: "stored, unpacked on the way, added",
      text: "FROM debian:12\nADD «https://a.example/a.tgz» /\nRUN curl -fsSLo b.tgz «https://a.example/b.tgz» && tar xf b.tgz\nRUN wget -qO- «https://a.example/c.tgz» | tar xz\n",
    },
    {
      title: "checked by digest or signature, a key, this machine, only asked for",
      text: 'FROM debian:12\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://a.example/a.tgz /\nRUN curl -fsSLo b.tgz https://a.example/b.tgz && echo "abc b.tgz" | sha256sum -c - && tar xf b.tgz\nRUN curl -fsSLO https://a.example/c.tgz && curl -fsSLO https://a.example/c.tgz.asc && gpg --verify c.tgz.asc\nRUN curl -fsSL https://a.example/key.asc -o /etc/apt/keyrings/a.asc && curl -fsS http://localhost:8080/x -o x && curl -fsSI https://a.example/d.tgz\n',
    },
  ],
};

/** Programs that hold a file against a digest or a signature. */
const verifiers =
  /^(?:(?:sha(?:1|224|256|384|512)|md5|b2|cksum)sum|cksum|shasum|sha256|gpgv?2?|minisign|signify(?:-openbsd)?|cosign|rsign|slsa-verifier|debsig-verify|rpmkeys)$/;

function verifies({ name, args }: ShellCommand): boolean {
  if (verifiers.test(name)) return true;
  const words = args.map((word) => word.value ?? word.raw);
  if (name === "openssl") return words[0] === "dgst" || words[0] === "smime" || words[0] === "cms";
  return name === "gh" && words[0] === "attestation";
}

/** What a RUN keeps of what it fetches: files, and what tar or another unpacker is given. */
function fetched(run: RunInstruction): readonly Word[] {
  const words = downloads(run).flatMap(({ url }) => url ?? []);
  const { commands } = run.script;
  commands.forEach((command, index) => {
    const next = commands[index + 1];
    const url = command.name === "curl" || command.name === "wget" ? urlOf(command) : undefined;
    if (url && next?.joinedBy === "|" && /^(?:tar|bsdtar|unzip|gunzip|gzip|xz|zstd|cpio)$/.test(next.name))
      words.push(url);
  });
  return [...new Set(words)];
}

/** Keys are what others are checked with, signatures what is checked, and this machine is nobody else. */
function isForeign(url: Word): boolean {
  const text = (url.value ?? url.raw).replace(/^["']|["']$/g, "");
  if (/\.(?:asc|gpg|sig|minisig|sha\d+(?:sums?)?|md5|pem|crt|pub|key)(?:[?#]|$)/i.test(text)) return false;
  return !/^[a-z]+:\/\/(?:localhost|127\.|\[::1\])/.test(text);
}
