import { instructionsOf } from "../../syntax/index.ts";
import { inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

const portOrRange = /^(\d{1,9})(?:-(\d{1,9}))?(?:\/([a-z]*))?$/i;

export const exposePortInvalid: Rule<"dockerfile"> = {
  id: "expose-port-invalid",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "EXPOSE names something that is no port",
  why: `A port is a number up to 65535, alone or as a range with the smaller number first, with \`/tcp\`, \`/udp\` or \`/sctp\`
behind it. Docker refuses anything else and the build ends there. A \`#\` behind an instruction starts no comment: its words
are taken as ports.`,
  aliases: ["DL3011", "DS-0008"],
  *check({ dockerfile }) {
    for (const expose of instructionsOf(dockerfile, "EXPOSE")) {
      for (const word of expose.words) {
        if (word.raw.startsWith("#")) {
          const range = { start: word.range.start, end: expose.argumentsRange.end };
          yield {
            message: "a comment needs a line of its own; these words are read as ports",
            at: inSource(dockerfile, range),
          };
          break;
        }
        const fault = faultOf(word.value);
        if (fault !== undefined) yield { message: fault, at: inSource(dockerfile, word.range) };
      }
    }
  },
  examples: [
    { title: "too high", text: "FROM debian:12\nEXPOSE 80 «80800» \\\n  «9000-70000/udp»\n" },
    { title: "a range the wrong way round", text: "FROM debian:12\nEXPOSE «8090-8080»\n" },
    { title: "an unknown protocol, a name", text: "FROM debian:12\nEXPOSE «80/http» «https»\n" },
    { title: "a comment", text: "FROM debian:12\nEXPOSE 80 «# the web»\n" },
    { title: "through a variable", text: "FROM debian:12\nARG PORT=99999\nEXPOSE «$PORT»\n" },
    { title: "ports", text: "FROM debian:12\nARG P\nEXPOSE 80 443/tcp 53/UDP 1000-1010/sctp $P 65535\n" },
    { title: "a mapping is another rule's", text: "FROM debian:12\nEXPOSE 8080:80\n" },
  ],
};

function faultOf(text: string | undefined): string | undefined {
  if (text === undefined || text === "" || text.includes(":")) return undefined;
  const match = portOrRange.exec(text);
  if (!match) return "this is no port";
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (last > 65535 || first > 65535) return "ports end at 65535";
  if (last < first) return "the range runs backwards";
  const protocol = match[3]?.toLowerCase();
  return protocol === undefined || protocol === "" || ["tcp", "udp", "sctp"].includes(protocol)
    ? undefined
    : `Docker knows no protocol ${protocol}`;
}
