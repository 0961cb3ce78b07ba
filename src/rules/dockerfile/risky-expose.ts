import { removeInstruction, removeWord, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

const risky: Readonly<Record<string, string>> = {
  "23": "telnet, in clear text",
  "2375": "the Docker Engine without a login, which is root on the host",
  "3389": "a remote desktop",
  "5900": "a screen shared by VNC",
  "5005": "a Java debugger, which runs what it is sent",
  "9229": "the Node.js inspector, which runs what it is sent",
  "5678": "a Python debugger, which runs what it is sent",
};

export const riskyExpose: Rule<"dockerfile"> = {
  id: "risky-expose",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "EXPOSE names a port for administration or debugging",
  why: `EXPOSE opens nothing by itself, but \`docker run -P\` and many platforms publish what it names. Ports of remote shells,
desktops, debuggers and of the Docker Engine give whoever reaches them control over the container, or the host. Leave them
out, and out of the program that ships.`,
  aliases: ["DS-0004"],
  *check({ dockerfile }) {
    for (const expose of shippedInstructions(dockerfile, "EXPOSE")) {
      for (const word of expose.words) {
        const port = /^(\d{1,5})(?:\/tcp)?$/i.exec(word.value ?? "")?.[1];
        if (port === undefined || !Object.hasOwn(risky, port)) continue;
        const edit =
          expose.words.length === 1 ? removeInstruction(dockerfile, expose) : removeWord(dockerfile, word.range);
        yield {
          message: `port ${port} is for ${risky[port]}`,
          at: inSource(dockerfile, word.range),
          ...safeFix("Do not name it: EXPOSE is a remark, and opens no port", edit),
        };
      }
    }
    for (const volume of shippedInstructions(dockerfile, "VOLUME"))
      for (const word of volume.words)
        if (word.value?.includes("docker.sock") === true)
          yield {
            message: "who holds the Docker Engine's socket is root on the host",
            at: inSource(dockerfile, word.range),
            ...assistedFix("Leave the socket to whoever runs the image, if it must be"),
          };
  },
  examples: [
    {
      title: "a debugger alone, a socket",
      text: "FROM debian:12\nEXPOSE 8080 22\nEXPOSE «9229/tcp»\nVOLUME «/var/run/docker.sock»\nCMD x\n",
      fixed: "FROM debian:12\nEXPOSE 8080 22\nVOLUME /var/run/docker.sock\nCMD x\n",
    },
    {
      title: "usual ports, UDP, a build stage",
      text: "FROM debian:12 AS b\nEXPOSE 22\nFROM debian:12\nEXPOSE 80 2222 23/udp $P\n",
    },
  ],
};
