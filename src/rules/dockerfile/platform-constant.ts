import { instructionsOf, removeWord } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const platformConstant: Rule<"dockerfile"> = {
  id: "platform-constant",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "FROM asks for one platform whatever the build is for",
  why: `With \`--platform=linux/amd64\` the stage holds programs for that platform on every machine and in every image of a multi-platform
build: elsewhere they run under emulation, or not at all. Which platform to build for is said by \`docker build --platform\`; a stage that
only makes files for any platform takes \`--platform=$BUILDPLATFORM\`. A stage that is really about one platform says so in its name
(\`AS build-amd64\`), and is then not reported.`,
  aliases: ["DL3029", "FromPlatformFlagConstDisallowed"],
  *check({ dockerfile }) {
    for (const from of instructionsOf(dockerfile, "FROM")) {
      const flag = from.flags.find(({ name }) => name === "platform");
      const value = flag?.value?.value;
      if (!flag?.value || value === undefined || flag.value.raw.includes("$")) continue;
      const platform = value.toLowerCase().split("/");
      if (!isLinux(platform) || saysPlatform(from.as?.raw ?? "", platform)) continue;
      yield {
        message: `this stage is for ${value} whatever the build is for`,
        at: inSource(dockerfile, flag.range),
        ...assistedFix(
          "Leave the platform to docker build --platform, where the image is there for others too",
          removeWord(dockerfile, flag.range),
        ),
      };
    }
  },
  examples: [
    {
      title: "for one platform",
      text: "FROM «--platform=linux/amd64» debian:12\nRUN make\n",
      fixed: "FROM debian:12\nRUN make\n",
    },
    {
      title: "in one stage of two, and in quotes",
      text: 'FROM «--platform="linux/arm64"» golang:1.24 AS build\nFROM debian:12\n',
      fixed: "FROM golang:1.24 AS build\nFROM debian:12\n",
    },
    {
      title: "an architecture alone",
      text: "FROM «--platform=arm64» debian:12 AS amd64-tools\n",
      fixed: "FROM debian:12 AS amd64-tools\n",
    },
    {
      title: "over two lines",
      text: "FROM \\\n  «--platform=linux/arm/v7» \\\n  debian:12\n",
      fixed: "FROM \\\n  debian:12\n",
    },
    {
      title: "the platform of the build, or of what it is for",
      text: "FROM --platform=$BUILDPLATFORM golang:1.24 AS build\nFROM --platform=${TARGETPLATFORM} debian:12\n",
    },
    { title: "a variable with a default", text: "ARG P=linux/amd64\nFROM --platform=$P debian:12\n" },
    { title: "a part of it is a variable", text: "ARG ARCH=amd64\nFROM --platform=linux/$ARCH debian:12\n" },
    {
      title: "stages that say their architecture or system, one for each",
      text: "ARG TARGETARCH\nFROM --platform=linux/amd64 debian:12 AS build-amd64\nFROM --platform=linux/arm64/v8 debian:12 AS aarch64_build\nFROM --platform=linux/x86_64 debian:12 AS AMD64\nFROM --platform=windows/amd64 mcr.microsoft.com/windows/nanoserver:ltsc2022 AS windows\nFROM build-${TARGETARCH}\n",
    },
    {
      title: "a system whose images are for it alone",
      text: "FROM --platform=windows/amd64 mcr.microsoft.com/windows/nanoserver:ltsc2022\nFROM --platform=wasi/wasm scratch\n",
    },
    { title: "none, or nothing", text: "FROM debian:12\nFROM --platform= debian:12\n" },
    { title: "what is no platform", text: "FROM --platform={{platform}} debian:12\n" },
  ],
};

/** Other names of architectures. */
const sameArchitecture: readonly (readonly string[])[] = [
  ["amd64", "x86_64", "x86-64", "x64"],
  ["arm64", "aarch64"],
  ["386", "i386", "x86"],
  ["arm", "armhf", "armel"],
];

/** Images of other systems are there for those alone, and so are the lines below them. */
function isLinux(platform: readonly string[]): boolean {
  const [first = ""] = platform;
  if (!platform.every((part) => /^[\w.-]+$/.test(part)) || platform.length > 3) return false;
  return platform.length === 1 ? first !== "windows" : first === "linux";
}

/** Whether a stage's name holds the system or the architecture it is for, by whatever name. */
function saysPlatform(stage: string, platform: readonly string[]): boolean {
  const name = stage.toLowerCase();
  return platform
    .slice(0, 2)
    .some((part) =>
      (sameArchitecture.find((names) => names.includes(part)) ?? [part]).some((one) => name.includes(one)),
    );
}
