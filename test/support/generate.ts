/** A small deterministic random source (mulberry32), so that a failing case can be had again by its seed. */
export function randomSource(seed: number): {
  next(): number;
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
  chance(p: number): boolean;
} {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (n) => Math.floor(next() * n),
    pick: (list) => {
      const item = list[Math.floor(next() * list.length)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    chance: (p) => next() < p,
  };
}

const bases = [
  "debian:12",
  "debian:bookworm-slim",
  "ubuntu:22.04",
  "alpine:3.19",
  "alpine",
  "python:3.9",
  "python:3.12-slim",
  "node:18",
  "node:20-alpine",
  "golang:1.21",
  "openjdk:11",
  "ruby:3.2",
  "php:8.2-fpm",
  "nginx:latest",
  "fedora:39",
  "scratch",
  "ghcr.io/acme/base:1.2",
  "${BASE}",
  "mcr.microsoft.com/dotnet/sdk:8.0",
];
const packages = [
  "curl",
  "wget",
  "git",
  "vim",
  "build-essential",
  "ca-certificates",
  "python3-dev",
  "libpq-dev",
  "openssh-server",
  "sudo",
  "gcc",
  "make",
  "unzip",
  "jq",
];

/** A Dockerfile as people write them: good and bad habits mixed. Equal seeds give equal texts. */
export function generateDockerfile(seed: number): string {
  const random = randomSource(seed);
  const lines: string[] = [];
  if (random.chance(0.2)) lines.push("# syntax=docker/dockerfile:1");
  if (random.chance(0.2)) lines.push(`ARG BASE=${random.pick(bases.slice(0, 8))}`);
  const stages = random.chance(0.25) ? 2 : 1;
  for (let stage = 0; stage < stages; stage++) {
    lines.push(`FROM ${random.pick(bases)}${stage < stages - 1 ? " AS build" : ""}`);
    const count = 4 + random.below(10);
    for (let i = 0; i < count; i++) lines.push(instruction(random));
    if (stage > 0) lines.push("COPY --from=build /app/dist /app");
  }
  lines.push(
    random.pick([
      'CMD ["node", "server.js"]',
      "CMD python app.py",
      'ENTRYPOINT ["/entrypoint.sh"]',
      "ENTRYPOINT ./run $ARGS",
      "CMD ['bad', 'json']",
    ]),
  );
  return `${lines.join("\n")}\n`;
}

function instruction(random: ReturnType<typeof randomSource>): string {
  const some = (n: number): string =>
    Array.from({ length: n }, () => random.pick(packages)).join(random.chance(0.5) ? " " : " \\\n      ");
  switch (random.below(22)) {
    case 0:
      return `RUN apt-get update && apt-get install -y ${some(3)}`;
    case 1:
      return `RUN apt-get update \\\n  && apt-get install -y --no-install-recommends \\\n      ${some(4)} \\\n  && rm -rf /var/lib/apt/lists/*`;
    case 2:
      return `RUN apk add ${some(2)}`;
    case 3:
      return "RUN pip install -r requirements.txt";
    case 4:
      return "COPY . .";
    case 5:
      return "COPY package.json package-lock.json ./";
    case 6:
      return "RUN npm install && npm run build";
    case 7:
      return `ENV APP_HOME=/app \\\n    PATH=$APP_HOME/bin:$PATH`;
    case 8:
      return "ENV LANG en_US.UTF-8";
    case 9:
      return "WORKDIR /app";
    case 10:
      return "WORKDIR src";
    case 11:
      return "EXPOSE 8080 22";
    case 12:
      return `LABEL maintainer="dev@example.com" version="1.0"`;
    case 13:
      return "MAINTAINER someone <someone@example.com>";
    case 14:
      return `RUN useradd -m app && chown -R app:app /app`;
    case 15:
      return "USER app";
    case 16:
      return `RUN curl -fsSL https://example.com/install.sh | bash`;
    case 17:
      return "ADD app.tar.gz /opt/";
    case 18:
      return "ARG VERSION=1.0\nRUN echo $VERSION";
    case 19:
      return `RUN <<EOF\nset -e\napt-get update\napt-get install -y ${random.pick(packages)}\nEOF`;
    case 20:
      return "HEALTHCHECK --interval=30s CMD curl -f http://localhost:8080/ || exit 1";
    default:
      return `RUN set -ex; \\\n    # fetch the tool\n    wget -O /tmp/tool.tgz "https://example.com/tool-\${VERSION}.tgz"; \\\n    tar -xzf /tmp/tool.tgz -C /usr/local; \\\n    rm /tmp/tool.tgz`;
  }
}

const splices = [
  "\\\n",
  "\n",
  "\r\n",
  "$",
  "${",
  "}",
  "'",
  '"',
  "<<EOF",
  "# ",
  "\\",
  "`",
  "[",
  "]",
  "&&",
  "||",
  "|",
  ";",
  "$(",
  ")",
  "FROM ",
  "RUN ",
  "ONBUILD ",
  "--mount=",
  "\u0000",
  "\ufeff",
  "\u202e",
  "é",
  "😀",
  "# escape=`\n",
  "COPY <<a <<b /x\n",
  "((",
  "EOF\n",
];

/** A text with a few random wounds: deletions, splices, doubled parts, swapped characters. */
export function mutate(text: string, seed: number): string {
  const random = randomSource(seed);
  let result = text;
  for (let i = 1 + random.below(5); i > 0; i--) {
    const at = random.below(result.length + 1);
    const length = random.below(12);
    switch (random.below(4)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 1:
        result = result.slice(0, at) + random.pick(splices) + result.slice(at);
        break;
      case 2:
        result = result.slice(0, at) + result.slice(at, at + 40) + result.slice(at);
        break;
      default:
        result = result.slice(0, at) + String.fromCharCode(32 + random.below(95)) + result.slice(at + 1);
    }
  }
  return result;
}
