import type { BuildContext, Fix } from "../../core/index.ts";
import { type Dockerfile, insertAt, isEditable, replaceRange, type Stage } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { findBuild, type FoundBuild } from "../reading/build-command.ts";
import { entryCommand, execForm } from "../reading/entry-command.ts";
import { cSplit } from "../reading/c-program.ts";
import { dotnetSplit } from "../reading/dotnet-program.ts";
import { goNeeds, goProduct } from "../reading/go-program.ts";
import { nodeSplit } from "../reading/node-service.ts";
import { rustSplit } from "../reading/rust-program.ts";
import { type Split, splitEdits, splitOf } from "../reading/split-stage.ts";
import { siteSplit } from "../reading/static-site.ts";
import { javaSplit } from "../reading/java-program.ts";
import { typescriptSplit } from "../reading/typescript-service.ts";
import type { Known, Rule } from "../rule.ts";

export const singleStageBuild: Rule<"dockerfile"> = {
  id: "single-stage-build",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "The image that runs the program is the one that built it",
  why: `Compilers, sources, caches and build dependencies stay in the image when one stage does everything. Often they are most of its bytes, and each of them can have
vulnerabilities. Let a first stage build, and copy only the result into a second one: \`FROM golang:1.24 AS build\` … \`FROM scratch\`, \`COPY --from=build /server /server\`.`,
  *check({ dockerfile, context }, known) {
    const [stage, ...more] = dockerfile.stages;
    if (!stage?.from || more.length > 0 || stage.base.kind !== "image") return;
    if (!stage.instructions.some((one) => one.keyword === "CMD" || one.keyword === "ENTRYPOINT")) return;
    const found = findBuild(stage);
    if (!found) return;
    yield {
      message: `${found.kind.made} here is shipped together with all that was needed to build it`,
      at: inSource(dockerfile, { start: found.command.nameWord.range.start, end: found.end }),
      bytes: { value: found.kind.bytes, basis: "estimated" },
      ...rewriting(fixFor(dockerfile, stage, found, context, known)),
    };
  },
  examples: [
    {
      title: "a Go program that needs nothing else",
      text: "FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN «go build» -o server .\nRUN go test ./...\nEXPOSE 8080\nENTRYPOINT ./server\n",
      context: { "go.mod": "module example.com/server\n\ngo 1.24\n", "main.go": 'package main\n\nimport "net/http"\n' },
      fixed:
        'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o server .\nRUN go test ./...\n\nFROM scratch\nCOPY --from=build /src/server /server\nUSER 65532:65532\nEXPOSE 8080\nENTRYPOINT ["/server"]\n',
    },
    {
      title: "a Go program that makes TLS connections, with variables and a user",
      text: 'FROM golang:1.24\nENV GOFLAGS=-mod=mod PORT=80\nENV LEVEL=info\nWORKDIR /src\nCOPY . .\nRUN useradd app && \\\n    «go build» -o /usr/local/bin/fetch ./cmd/fetch\nUSER app\nCMD ["fetch", "-v"]\n',
      context: {
        "go.mod": "module x\n",
        "cmd/fetch/main.go": 'package main\nfunc main() { http.Get("https://example.com") }\n',
      },
      fixed:
        'FROM golang:1.24 AS build\nENV GOFLAGS=-mod=mod PORT=80\nENV LEVEL=info\nWORKDIR /src\nCOPY . .\nRUN useradd app && \\\n    CGO_ENABLED=0 go build -o /usr/local/bin/fetch ./cmd/fetch\n\nFROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\nCOPY --from=build /usr/local/bin/fetch /fetch\nENV GOFLAGS=-mod=mod PORT=80\nENV LEVEL=info\nUSER 65532:65532\nCMD ["/fetch", "-v"]\n',
    },
    {
      title: "a Go program that links C is left to its owner",
      text: 'FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN «go build» -o server .\nCMD ["./server"]\n',
      context: { "go.mod": "module x\n", "main.go": 'package main\n\nimport "C"\n' },
    },
    {
      title: "a TypeScript service",
      text: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN «npm run build»\nEXPOSE 80\nCMD ["npm", "run", "serve"]\n',
      context: {
        "package.json": '{"scripts":{"build":"tsc","serve":"node dist/server.js"},"dependencies":{"ms":"2.0.0"}}',
        "tsconfig.json": '{"compilerOptions":{"outDir":"dist"},"include":["src"]}',
        "src/server.ts": "import ms from 'ms';\n",
      },
      fixed:
        'FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nRUN npm prune --omit=dev\n\nFROM node:20\nWORKDIR /app\nCOPY --from=build /app/package.json ./\nCOPY --from=build /app/node_modules ./node_modules\nCOPY --from=build /app/dist ./dist\nEXPOSE 80\nCMD ["npm", "run", "serve"]\n',
    },
    {
      title: "a service that reads files beside its code is left to its owner",
      text: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && «npm run build»\nCMD ["node", "dist/server.js"]\n',
      context: {
        "package.json": '{"scripts":{"build":"tsc"}}',
        "tsconfig.json": '{"compilerOptions":{"outDir":"dist"}}',
        "src/server.ts": "import { readFileSync } from 'node:fs';\n",
      },
    },
    {
      title: "a service that a bundler builds, and that reads files beside its code",
      text: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN «npm run build»\nRUN chown -R node:node /app\nUSER node\nCMD ["npm", "start"]\n',
      context: {
        "package.json":
          '{"scripts":{"build":"webpack","start":"next start -p 80"},"dependencies":{"next":"15"},"devDependencies":{"webpack":"5"}}',
        "src/server.js": "import { readFileSync } from 'node:fs';\n",
      },
      fixed:
        'FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nRUN chown -R node:node /app\nRUN npm prune --omit=dev\n\nFROM node:20\nWORKDIR /app\nCOPY --from=build --chown=node:node /app ./\nUSER node\nCMD ["npm", "start"]\n',
    },
    {
      title: "a site that a bundler builds, and a server of files",
      text: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && «npm run build»\nRUN npm install -g serve\nEXPOSE 3000\nCMD ["serve", "-s", "dist"]\n',
      context: { "package.json": '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"6"}}' },
      fixed:
        "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm install -g serve\n\nFROM nginx:1.30-alpine-slim\nRUN printf '%s\\n' \\\n    'worker_processes auto;' \\\n    'pid /tmp/nginx.pid;' \\\n    'events {}' \\\n    'http {' \\\n    '    include mime.types;' \\\n    '    types { text/javascript mjs; application/manifest+json webmanifest; }' \\\n    '    default_type application/octet-stream;' \\\n    '    charset utf-8;' \\\n    '    sendfile on;' \\\n    '    gzip on;' \\\n    '    gzip_types text/css text/javascript application/javascript application/json image/svg+xml;' \\\n    '    client_body_temp_path /tmp/client_body;' \\\n    '    proxy_temp_path /tmp/proxy;' \\\n    '    fastcgi_temp_path /tmp/fastcgi;' \\\n    '    uwsgi_temp_path /tmp/uwsgi;' \\\n    '    scgi_temp_path /tmp/scgi;' \\\n    '    server {' \\\n    '        listen 3000;' \\\n    '        root /srv/site;' \\\n    '        absolute_redirect off;' \\\n    '        location / { try_files $uri /index.html; }' \\\n    '    }' \\\n    '}' > /etc/nginx/nginx.conf\nCOPY --from=build /app/dist /srv/site\nUSER 101:101\nEXPOSE 3000\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n",
    },
    {
      title: "a site whose server has settings of its own",
      text: 'FROM node:20\nRUN npm i -g serve@14 && npm cache clean --force\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN «npm run build»\nUSER node\nEXPOSE 3000\nCMD ["serve", "-l", "3000", "build"]\n',
      context: {
        "package.json": '{"scripts":{"build":"react-scripts build"}}',
        "public/serve.json": '{"headers":[]}',
      },
      fixed:
        'FROM node:20 AS build\nRUN npm i -g serve@14 && npm cache clean --force\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n\nFROM node:20\nRUN npm i -g serve@14\nWORKDIR /app\nCOPY --from=build /app/build /app/build\nUSER node\nEXPOSE 3000\nCMD ["serve", "-l", "3000", "build"]\n',
    },
    {
      title: "a C program, linked to libraries of the distribution",
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y build-essential zlib1g-dev libssl-dev\nCOPY src /build/src\nRUN cd /build/src && «make» && cp crcd /usr/local/bin/crcd\nRUN rm -rf /build\nRUN chmod u+s /usr/local/bin/crcd\nCMD ["/usr/local/bin/crcd", "8080"]\n',
      context: {
        "src/Makefile": "crcd: crcd.c\n\t$(CC) -o $@ $< -lz -lssl\n",
        "src/crcd.c": "int main(void) { return 0; }\n",
      },
      fixed:
        'FROM debian:12 AS build\nRUN apt-get update && apt-get install -y build-essential zlib1g-dev libssl-dev\nCOPY src /build/src\nRUN cd /build/src && make && cp crcd /usr/local/bin/crcd\nRUN rm -rf /build\n\nFROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3 && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /usr/local/bin/crcd /usr/local/bin/crcd\nCMD ["/usr/local/bin/crcd", "8080"]\n',
    },
    {
      title: "a C program that opens files",
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y gcc\nCOPY a.c /a.c\nRUN «gcc» -o /a /a.c\nCMD ["/a"]\n',
      context: { "a.c": 'int main(void) { return fopen("/etc/hosts", "r") != 0; }\n' },
    },
    {
      title: "a jar of the project's own classes",
      text: "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY . .\nRUN «javac» -d classes src/*.java && jar -c -f shop.jar -e shop.Main -C classes .\nENV JAVA_OPTS=-Xmx64m\nCMD java $JAVA_OPTS -jar shop.jar\n",
      context: { "src/Main.java": "package shop;\nimport java.util.Map;\nclass Main {}\n" },
      fixed:
        'FROM eclipse-temurin:21 AS build\nWORKDIR /app\nCOPY . .\nRUN javac -d classes src/*.java && jar -c -f shop.jar -e shop.Main -C classes .\nRUN jlink --add-modules "$(jdeps --ignore-missing-deps --multi-release 21 --print-module-deps /app/shop.jar),jdk.crypto.ec" \\\n    --strip-java-debug-attributes --no-header-files --no-man-pages --compress=zip-6 --output /opt/java-runtime\n\nFROM debian:trixie-slim\nENV JAVA_HOME=/opt/java PATH=/opt/java/bin:$PATH LANG=C.UTF-8\nCOPY --from=build /opt/java-runtime /opt/java\nWORKDIR /app\nCOPY --from=build /app/shop.jar /app/shop.jar\nENV JAVA_OPTS=-Xmx64m\nCMD java $JAVA_OPTS -jar shop.jar\n',
    },
    {
      title: "a jar that Maven puts together",
      text: 'FROM maven:3.9-eclipse-temurin-21\nWORKDIR /app\nCOPY . .\nRUN «mvn package»\nENTRYPOINT ["java", "-jar", "target/shop.jar"]\n',
      context: {
        "pom.xml": "<project/>",
        "src/main/java/Main.java": "import org.springframework.boot.SpringApplication;\nclass Main {}\n",
      },
      fixed:
        'FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /app\nCOPY . .\nRUN mvn package\n\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /app/target/shop.jar /app/target/shop.jar\nENTRYPOINT ["java", "-jar", "target/shop.jar"]\n',
    },
    {
      title: "a Rust program",
      text: 'FROM rust:1.97-bookworm\nWORKDIR /src\nCOPY . .\nRUN «cargo build» --release\nENV RUST_LOG=info\nEXPOSE 8080\nCMD ["./target/release/app"]\n',
      context: {
        "Cargo.lock":
          '[[package]]\nname = "app"\n[[package]]\nname = "openssl-sys"\n[[package]]\nname = "linux-raw-sys"\n',
        "src/main.rs": "fn main() {}\n",
      },
      fixed:
        'FROM rust:1.97-bookworm AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n\nFROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3 && rm -rf /var/lib/apt/lists/*\nWORKDIR /src\nCOPY --from=build /src/target/release/app /src/target/release/app\nENV RUST_LOG=info\nEXPOSE 8080\nCMD ["./target/release/app"]\n',
    },
    {
      title: "a .NET service",
      text: 'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN «dotnet publish» -c Release -o /app\nENTRYPOINT ["dotnet", "/app/Shop.dll"]\n',
      context: { "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>', "Program.cs": "var app = 1;" },
      fixed:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nENV ASPNETCORE_HTTP_PORTS=\nWORKDIR /src\nCOPY --from=build /app /app\nENTRYPOINT ["dotnet", "/app/Shop.dll"]\n',
    },
    { title: "Java", text: "FROM openjdk:17\nCOPY . /app\nRUN «javac» /app/Main.java\nCMD java -cp /app Main\n" },
    { title: "Rust", text: 'FROM rust:1.80\nCOPY . .\nRUN «cargo build» --release\nCMD ["target/release/app"]\n' },
    { title: "C", text: 'FROM gcc:14\nCOPY . /src\nRUN cd /src && «make»\nCMD ["/src/app"]\n' },
    {
      title: "two stages",
      text: 'FROM golang:1.24 AS build\nRUN go build -o /a .\nFROM scratch\nCOPY --from=build /a /a\nCMD ["/a"]\n',
    },
    { title: "nothing is built", text: 'FROM node:20\nRUN npm ci\nCMD ["node", "a.js"]\n' },
    { title: "an image to build in", text: "FROM golang:1.24\nCOPY . .\nRUN go build ./...\n" },
    {
      title: "a module for the interpreter",
      text: 'FROM python:3.12\nRUN make --version && npm run lint\nCMD ["python"]\n',
    },
  ],
};

/** Other fixes are found anew on what this leaves. */
function rewriting({ fix }: { fix?: Fix }): { fix?: Fix } {
  return fix ? { fix: { ...fix, alone: fix.safety === "likely" } } : {};
}

function fixFor(
  dockerfile: Dockerfile,
  stage: Stage,
  found: FoundBuild,
  context: BuildContext | undefined,
  known: Known,
): { fix?: Fix } {
  if (found.kind.language === "go") return goFix(dockerfile, stage, found, context);
  const split = splitFor(dockerfile, stage, found, context, known);
  return split ? likelyFix(split.title, split.edits) : assistedFix(found.kind.advice);
}

function splitFor(
  dockerfile: Dockerfile,
  stage: Stage,
  { kind, run, command }: FoundBuild,
  context: BuildContext | undefined,
  known: Known,
): Split | undefined {
  if (!context) return undefined;
  switch (kind.language) {
    case "node":
      return (
        siteSplit(dockerfile, stage, context, known) ??
        typescriptSplit(dockerfile, stage, run, context) ??
        nodeSplit(dockerfile, stage, run, context)
      );
    case "c":
      return cSplit(dockerfile, stage, context, known);
    case "java":
      return javaSplit(dockerfile, stage, command.name, context, known);
    case "rust":
      return rustSplit(dockerfile, stage, run, context, known);
    case "dotnet":
      return dotnetSplit(dockerfile, stage, run, command, context);
    default:
      return undefined;
  }
}

/** A static program in an image of its own: surely where its code reads no files, else as a proposal. */
function goFix(
  dockerfile: Dockerfile,
  stage: Stage,
  { run, command, kind }: FoundBuild,
  context: BuildContext | undefined,
): { fix?: Fix } {
  const advice = assistedFix(kind.advice);
  const builds = stage.instructions.flatMap((one) =>
    one.keyword === "RUN" ? one.script.named("go").filter((call) => call.args[0]?.value === "build") : [],
  );
  const split = splitOf(dockerfile, stage);
  const entry = entryCommand(dockerfile, stage);
  const needs = goNeeds(context);
  if (builds.length !== 1 || builds[0] !== command || !isEditable(run) || !split || !entry || needs?.c) return advice;
  const cgo = command.assignments.find((word) => word.raw.startsWith("CGO_ENABLED="))?.value;
  if (cgo !== undefined && cgo !== "CGO_ENABLED=0") return advice;
  if (split.behind.some((one) => one.keyword === "HEALTHCHECK" && !one.none)) return advice;
  const product = goProduct(dockerfile, run, command, context);
  const name = product?.split("/").pop();
  if (product === undefined || !name || !/^[\w.-]+$/.test(name)) return advice;
  const started = entry.program ?? (onPath.test(product) ? product.replace(/[^/]+$/, entry.words[0] ?? "") : undefined);
  if (started !== product) return advice;
  const certain = needs?.standsAlone === true && entry.words.slice(1).every((word) => !word.includes("/"));
  const lines = [
    ...(certain && needs.roots ? ["COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/"] : []),
    `COPY --from=build ${product} /${name}`,
  ].map((line) => line.replace("--from=build", `--from=${split.stageName}`));
  const user = split.behind.some((one) => one.keyword === "USER") ? [] : ["USER 65532:65532"];
  const edits = [
    ...splitEdits(
      dockerfile,
      stage,
      split,
      certain ? "scratch" : "gcr.io/distroless/static-debian12",
      [...lines, ...user],
      "65532:65532",
    ),
    ...(cgo === undefined ? [insertAt(dockerfile, command.nameWord.range.start, "CGO_ENABLED=0 ")] : []),
    replaceRange(dockerfile, entry.instruction.argumentsRange, execForm([`/${name}`, ...entry.words.slice(1)])),
  ];
  return certain
    ? likelyFix("Ship the static program alone, as an unprivileged user, if nothing else of the image is used", edits)
    : assistedFix("Ship the static program alone, on a base that has roots of trust and time zones", edits);
}

const onPath = /^(?:\/usr\/local\/s?bin|\/usr\/s?bin|\/s?bin|\/go\/bin|\/usr\/local\/go\/bin)\/[^/]+$/;
