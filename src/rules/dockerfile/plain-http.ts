import { instructionsOf, type RunInstruction } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { urlOf } from "../reading/downloads.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const plainHttp: Rule<"dockerfile"> = {
  id: "plain-http",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "Something is fetched over plain HTTP and not checked",
  why: `Anybody between the build and the server can replace what is sent, and nothing would show it. Use \`https://\`, or check
the file against a digest that stands in the Dockerfile (\`sha256sum -c\`, \`ADD --checksum=sha256:…\`). Package managers are left
out: they check signatures.`,
  check: whereSaid(/http:\/\//, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (checks(run)) continue;
      for (const name of ["curl", "wget", "git"])
        for (const command of run.script.named(name)) {
          const url = urlOf(command);
          if (!url || !remote.test(url.value ?? url.raw)) continue;
          yield {
            message: "whoever stands between can replace what this fetches",
            at: inSource(dockerfile, url.range),
            ...assistedFix("Use https://, or check the file against a digest"),
          };
        }
    }
    for (const add of instructionsOf(dockerfile, "ADD")) {
      if (add.flags.some(({ name }) => name === "checksum")) continue;
      for (const source of add.sources)
        if (remote.test(source.value ?? ""))
          yield {
            message: "whoever stands between can replace what this fetches",
            at: inSource(dockerfile, source.range),
            ...assistedFix("Use https://, and --checksum=sha256:…"),
          };
    }
  }),
  examples: [
    {
      title: "downloads",
      text: "FROM debian:12\nADD «http://example.com/a.tgz» /a.tgz\nRUN curl -fsSL «http://example.com/b» -o b && git clone «http://example.com/c.git»\n",
    },
    {
      title: "checked, local, or by TLS",
      text: "FROM debian:12\nRUN curl -fsSL http://example.com/b -o b && echo 'x  b' | sha256sum -c\nRUN curl http://localhost:8080/ && wget https://example.com/c\nHEALTHCHECK CMD curl -f http://127.0.0.1/\n",
    },
  ],
};

const remote = /^["']?http:\/\/(?!localhost\b|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal)/;

function checks({ script }: RunInstruction): boolean {
  return script.commands.some(
    ({ name, args }) =>
      /^(?:sha(?:1|224|256|384|512)?sum|shasum|md5sum|b2sum|gpgv?|openssl|cosign|minisign)$/.test(name) &&
      args.length > 0,
  );
}
