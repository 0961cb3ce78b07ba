import { chainOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import type { Rule } from "../rule.ts";

export const finalStageIsSdk: Rule<"dockerfile"> = {
  id: "final-stage-is-sdk",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "The image that ships stands on the SDK that built it",
  why: `Compilers, package managers and their caches are needed to build and not to run: several hundred megabytes, and the tools an intruder would like to find. Build
in one stage and copy the result into a small one.`,

  *check({ dockerfile }, known) {
    const last = dockerfile.stages.at(-1);
    const root = last && chainOf(dockerfile, last.index).at(-1);
    if (!root?.from || root.base.kind !== "image") return;
    const { sdk, reference } = baseOf(dockerfile, root, known);
    if (sdk === undefined) return;
    if (sdk === "node" || (reference ?? "").includes("-jre")) return;
    yield {
      message: `the ${sdk} toolchain ships with the program`,
      at: inSource(dockerfile, root.from.image.range),
      bytes: { value: 300_000_000, basis: "estimated" },
      ...assistedFix(`Build in this stage, and copy the result into ${runtimes[sdk] ?? "a small base"}`),
    };
  },
  examples: [
    { title: "Go", text: 'FROM «golang:1.27»\nRUN go build -o /app .\nCMD ["/app"]\n' },
    { title: "through another stage", text: 'FROM «maven:3-eclipse-temurin-21» AS build\nFROM build\nCMD ["mvn"]\n' },
    {
      title: "two stages",
      text: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n",
    },
    { title: "a runtime", text: "FROM eclipse-temurin:21-jre\n" },
  ],
};

const runtimes: Readonly<Record<string, string>> = {
  go: "scratch or gcr.io/distroless/static",
  rust: "debian:stable-slim or gcr.io/distroless/cc",
  java: "eclipse-temurin with -jre",
  maven: "eclipse-temurin with -jre",
  gradle: "eclipse-temurin with -jre",
  dotnet: "mcr.microsoft.com/dotnet/aspnet or runtime",
  c: "debian:stable-slim",
  swift: "swift with -slim",
  haskell: "debian:stable-slim",
  erlang: "erlang with -slim",
};
