import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { applyFixes, createEngine, openBuildContext, parseDockerfile, readOfficialImages } from "../../src/index.ts";
import { labPolicy } from "../support/lab-policy.ts";
import { labEngine, runIn } from "../support/lab.ts";

const lab = labEngine();

interface Project {
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  /** What stands in the Dockerfile afterwards. */
  readonly becomes: RegExp;
  /** The most that is left of the bytes. */
  readonly share: number;
  /** What stands in for bases that the laboratory lacks, made of Debian's packages: name → Dockerfile. */
  readonly bases?: Readonly<Record<string, string>>;
  /** A service: the port it answers on, and the paths it is asked for; else what a container prints is compared. */
  readonly asks?: { readonly port: number; readonly paths: readonly string[] };
}

/** Tags that the laboratory lacks, and the one it has of the same image. */
const standIns: readonly (readonly [RegExp, string])[] = [[/nginx:[\d.]+-alpine-slim/g, "nginx:1.22"]];

const yaml = `#include <stdio.h>
#include <yaml.h>
int main(void) { printf("yaml %s\\n", yaml_get_version_string()); return 0; }
`;
const extension = `#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <yaml.h>
static PyObject *version(PyObject *self, PyObject *args) { return PyUnicode_FromString(yaml_get_version_string()); }
static PyMethodDef methods[] = {{"version", version, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "native", NULL, -1, methods};
PyMODINIT_FUNC PyInit_native(void) { return PyModule_Create(&module); }
`;

/** Builds a page, scripts beside it and a page in a directory, as a bundler would. */
const siteBuild = `const fs = require('fs');
require('typescript');
fs.mkdirSync('dist/docs', { recursive: true });
fs.writeFileSync('dist/index.html', '<title>home</title>');
fs.writeFileSync('dist/about.html', '<title>about</title>');
fs.writeFileSync('dist/docs/index.html', '<title>docs</title>');
fs.writeFileSync('dist/app.mjs', 'export default 1;');
fs.writeFileSync('dist/app.webmanifest', '{}');
fs.writeFileSync('dist/secret.html', 'x', { mode: 0o640 });
fs.writeFileSync('dist/data.json', JSON.stringify('x'.repeat(200)));
`;
const siteManifest = (scripts: object): string =>
  JSON.stringify({ name: "site", version: "1.0.0", private: true, scripts, devDependencies: { typescript: "5.4.5" } });

/** A package of a composer lock that lies in the project. */
const composerPackage = (name: string): object => ({
  name: `acme/${name}`,
  version: "1.0.0",
  dist: { type: "path", url: `packages/${name}`, reference: "1" },
  type: "library",
  autoload: { "psr-4": { "Acme\\": "src/" } },
  "transport-options": { symlink: false, relative: true },
});
const php = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends php-cli composer\n";

const gemSpecification = `Gem::Specification.new do |s|
  s.name = 'native'; s.version = '1'; s.summary = 'x'; s.authors = ['x']
  s.files = Dir['ext/*']; s.extensions = ['ext/extconf.rb']
end
`;
const gemSource = `#include <ruby.h>
#include <yaml.h>
static VALUE version(VALUE self) { return rb_str_new_cstr(yaml_get_version_string()); }
void Init_native(void) { rb_define_module_function(rb_define_module("Native"), "version", version, 0); }
`;

const projects: Readonly<Record<string, Project>> = {
  "a C program and a library that no base has": {
    dockerfile: `FROM debian:bookworm
# what it is made with
RUN apt-get update && apt-get install -y gcc libc6-dev libyaml-dev
WORKDIR /src
COPY . .
RUN gcc -g -O2 -o show show.c -lyaml
CMD ["./show"]
`,
    files: { "show.c": yaml },
    becomes: /RUN gcc -O2 [^]*libyaml-0-2/,
    share: 0.5,
  },
  "a Python extension that has to be compiled": {
    dockerfile: `FROM python:3.11-slim
ENV PIP_NO_INDEX=1 PIP_NO_BUILD_ISOLATION=0
RUN apt-get update && apt-get install -y gcc libc6-dev python3-dev libyaml-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY native ./native
RUN pip install ./native
COPY app.py .
CMD ["python", "app.py"]
`,
    files: {
      "native/setup.py":
        "from setuptools import Extension, setup\nsetup(name='native', version='1', ext_modules=[Extension('native', ['native.c'], libraries=['yaml'])])\n",
      "native/native.c": extension,
      "app.py": "import native\nprint(native.version())\n",
    },
    becomes: /COPY --from=build \/opt\/venv \/opt\/venv/,
    share: 0.7,
  },
  "a jar of several modules": {
    dockerfile: `FROM eclipse-temurin:17
WORKDIR /app
COPY src ./src
RUN mkdir classes && javac -d classes src/*.java
RUN jar --create --file app.jar --main-class app.Main -C classes .
ENTRYPOINT ["java", "-jar", "app.jar"]
`,
    files: {
      "src/Main.java": `package app;
import java.net.http.HttpClient;
import java.security.KeyPairGenerator;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
public class Main {
  public static void main(String[] args) throws Exception {
    Logger.getLogger("x").fine("x");
    System.out.println(HttpClient.newHttpClient().version() + " " + SSLContext.getDefault().getProtocol());
    System.out.println(KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getAlgorithm());
    System.out.println("\\u00fc".getBytes().length);
  }
}
`,
    },
    becomes: /jlink/,
    share: 0.4,
  },
  "a Node program that reads a file beside its code": {
    dockerfile: `FROM node:20
WORKDIR /app
COPY . .
RUN npm install
RUN npm run build
CMD ["node", "dist/main.js"]
`,
    files: {
      "package.json": JSON.stringify({
        name: "hello",
        version: "1.0.0",
        private: true,
        scripts: { build: "node build.js" },
        dependencies: { ms: "2.1.3" },
        devDependencies: { typescript: "5.4.5" },
      }),
      "build.js": `require('typescript'); const fs = require('fs'); fs.mkdirSync('dist'); fs.copyFileSync('main.js', 'dist/main.js');`,
      "main.js": `console.log(require('fs').readFileSync('words.txt', 'utf8'), require('ms')('2h'));`,
      "words.txt": "hello",
    },
    becomes: /COPY --from=build \/app \.\//,
    share: 0.5,
  },
  "a site of one page and the server of files that its image installs": {
    dockerfile: `FROM node:20
WORKDIR /app
COPY . .
RUN npm install && npm run build
RUN npm install -g serve@14.2.4
EXPOSE 3000
CMD ["serve", "-s", "dist"]
`,
    files: { "package.json": siteManifest({ build: "node build.js" }), "build.js": siteBuild },
    becomes: /FROM nginx:[^]*USER 101:101/,
    share: 0.3,
    asks: {
      port: 3000,
      paths: [
        "/",
        "/about",
        "/docs",
        "/docs/",
        "/app.mjs",
        "/app.webmanifest",
        "/data.json",
        "/some/where",
        "/none.js",
      ],
    },
  },
  "a site of several pages, its server called by a script": {
    dockerfile: `FROM node:20
WORKDIR /app
COPY . .
RUN npm install
RUN npm run build && npm install --no-save http-server@14.1.1
EXPOSE 8080
CMD npm start
`,
    files: {
      "package.json": siteManifest({ build: "node build.js", start: "http-server dist -p 8080 -c-1" }),
      "build.js": siteBuild,
    },
    becomes: /listen 8080;[^]*CMD \["nginx"/,
    share: 0.3,
    asks: { port: 8080, paths: ["/", "/about", "/docs/", "/app.mjs", "/data.json", "/some/where"] },
  },
  "a site whose server has settings of its own": {
    dockerfile: `FROM node:20
WORKDIR /app
COPY . .
RUN npm install && npm run build && cp serve.json dist/
RUN npm install -g serve@14.2.4
EXPOSE 3000
CMD ["serve", "-l", "3000", "dist"]
`,
    files: {
      "package.json": siteManifest({ build: "node build.js" }),
      "build.js": siteBuild,
      "serve.json": '{"redirects":[{"source":"/old","destination":"/about"}]}',
    },
    becomes: /RUN npm install -g serve@14\.2\.4[^]*COPY --from=build \/app\/dist \/app\/dist/,
    share: 0.7,
    asks: { port: 3000, paths: ["/", "/old", "/docs"] },
  },
  "a PHP program and the libraries of its lock file": {
    dockerfile: `FROM php:8.2-cli
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /app
COPY composer.json composer.lock ./
COPY packages ./packages
RUN composer install --no-interaction && composer clear-cache
COPY app.php .
CMD ["php", "app.php"]
`,
    files: {
      "composer.json": JSON.stringify({
        require: { "acme/greet": "1.0.0" },
        "require-dev": { "acme/heavy": "1.0.0" },
        repositories: [{ type: "path", url: "packages/*", options: { symlink: false } }, { "packagist.org": false }],
      }),
      "composer.lock": JSON.stringify({
        "content-hash": "0",
        packages: [composerPackage("greet")],
        "packages-dev": [composerPackage("heavy")],
        aliases: [],
        "minimum-stability": "stable",
        "stability-flags": [],
        platform: [],
        "platform-dev": [],
      }),
      "packages/greet/composer.json": '{"name":"acme/greet","version":"1.0.0"}',
      "packages/greet/src/Greet.php":
        "<?php namespace Acme; class Greet { static function say() { return 'hello'; } }\n",
      "packages/heavy/composer.json": '{"name":"acme/heavy","version":"1.0.0"}',
      "packages/heavy/data.bin": "x".repeat(12_000_000),
      "app.php": "<?php require 'vendor/autoload.php'; echo Acme\\Greet::say(), PHP_EOL;\n",
    },
    // Debian's composer is more than one file: the rest of it lies where the official one is a file of its own.
    bases: { "composer:2": php, "php:8.2-cli": `${php}RUN rm /usr/bin/composer\n` },
    becomes: /FROM composer:2 AS vendor[^]*--no-dev[^]*COPY --from=vendor \/app\/vendor \.\/vendor/,
    share: 0.97,
  },
  "a gem that has to be compiled": {
    dockerfile: `FROM ruby:3.1-slim-bookworm
RUN apt-get update && apt-get install -y build-essential ruby-dev libyaml-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN gem install --local /opt/native-1.gem
COPY app.rb .
CMD ["ruby", "app.rb"]
`,
    files: { "app.rb": "require 'native'\nputs Native.version\n" },
    bases: {
      "ruby:3.1-slim-bookworm": `FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ruby && rm -rf /var/lib/apt/lists/*
ENV GEM_HOME=/usr/local/bundle BUNDLE_APP_CONFIG=/usr/local/bundle PATH=/usr/local/bundle/bin:$PATH
WORKDIR /opt/native
RUN ${[
        ["native.gemspec", gemSpecification],
        ["ext/extconf.rb", "require 'mkmf'; have_library('yaml'); create_makefile('native')"],
        ["ext/native.c", gemSource],
      ]
        .map(
          ([path, text]) => `mkdir -p ext && echo ${Buffer.from(text ?? "").toString("base64")} | base64 -d > ${path}`,
        )
        .join(" && ")} && gem build native.gemspec -o /opt/native-1.gem
`,
    },
    becomes: /libyaml-0-2[^]*COPY --from=build \/usr\/local\/bundle \/usr\/local\/bundle/,
    share: 0.5,
  },
  "files that later steps unpack, delete and give away": {
    dockerfile: `FROM debian:bookworm-slim
COPY . /srv/site
RUN useradd -m web && mkdir /srv/site/cache
# not to be served
RUN rm -r /srv/site/raw && chmod -R 755 /srv/site
RUN chown -R web:web /srv/site
USER web
CMD find /srv/site -printf '%P %M %u\\n' | sort && touch /srv/site/cache/x
`,
    files: {
      "index.html": "<p>",
      "raw/data.bin": "x".repeat(4_000_000),
      "data.bin": "y".repeat(4_000_000),
      ".dockerignore": "Dockerfile\n.dockerignore\n",
    },
    becomes: /COPY --from=files --chown=web:web \/srv\/site \/srv\/site/,
    share: 0.96,
  },
};

describe.skipIf(!lab)("a project cut in two", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-splits-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it.each(Object.entries(projects))(
    "%s: prints the same and is smaller",
    { timeout: 600_000 },
    async (name, project) => {
      const directory = join(work, name.replaceAll(/\W+/g, "-"));
      const made = Object.entries(project.bases ?? {}).map(([base, text], i) => {
        const tag = `plimsoll-e2e/base-${process.pid}-${i}`;
        execFileSync("docker", ["build", "-q", "--network", "host", "-t", tag, "-"], {
          env: { ...lab.env, DOCKER_BUILDKIT: "1" },
          input: text,
        });
        return [base, tag] as const;
      });
      const buildable = (text: string): string =>
        [...standIns, ...made].reduce((one, [there, here]) => one.replaceAll(there, here), text);
      for (const [path, text] of Object.entries({ ...project.files, Dockerfile: buildable(project.dockerfile) })) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
      const image = `plimsoll-e2e/split-${process.pid}`;
      const build = async (): Promise<{ said: string; size: number }> => {
        runIn(lab, directory, "docker", ["build", "-q", "--network", "host", "-t", image, "."], {
          DOCKER_BUILDKIT: "1",
        });
        return {
          said: project.asks
            ? await answers(directory, image, project.asks.port, project.asks.paths)
            : runIn(lab, directory, "docker", ["run", "--rm", "--network", "none", image]),
          size: Number(runIn(lab, directory, "docker", ["image", "inspect", "-f", "{{.Size}}", image])),
        };
      };
      const before = await build();
      const engine = await createEngine({ officialImages: readOfficialImages, today: "2026-11-24" });
      const file = join(directory, "Dockerfile");
      const outcome = applyFixes(
        engine,
        {
          dockerfile: parseDockerfile({ path: "Dockerfile", text: project.dockerfile }),
          context: openBuildContext(directory, file, directory),
        },
        labPolicy,
        { likely: true },
      );
      for (const [path, text] of outcome.texts) writeFileSync(join(directory, path), buildable(text));
      const fixed = outcome.texts.get("Dockerfile") ?? "";
      expect(fixed).toMatch(project.becomes);
      const after = await build();
      expect(after.said, fixed).toBe(before.said);
      expect(after.size).toBeLessThan(before.size * project.share);
      runIn(lab, directory, "docker", ["rmi", "-f", image, ...made.map(([, tag]) => tag)]);
    },
  );

  /** What a container answers to each path: status, type and text, redirects followed. */
  async function answers(directory: string, image: string, port: number, paths: readonly string[]): Promise<string> {
    const docker = (...args: string[]): string =>
      runIn(lab ?? { env: {}, samples: "" }, directory, "docker", args).trim();
    const id = docker("run", "-d", "-e", "NO_UPDATE_CHECK=1", "-p", `127.0.0.1::${port}`, image);
    try {
      const address = docker("port", id, String(port)).split("\n")[0] ?? "";
      await expect
        .poll(
          () =>
            fetch(`http://${address}/`, { signal: AbortSignal.timeout(2000) }).then(
              ({ ok }) => ok,
              () => false,
            ),
          { timeout: 30_000 },
        )
        .toBe(true);
      const said: string[] = [];
      for (const path of paths) {
        const answer = await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(10_000) });
        const type = answer.headers
          .get("content-type")
          ?.replace(/;.*/, "")
          .replace("application/javascript", "text/javascript");
        said.push(
          answer.ok ? `${path} ${answer.status} ${type ?? ""} ${await answer.text()}` : `${path} ${answer.status}`,
        );
      }
      return said.join("\n");
    } finally {
      docker("rm", "-f", id);
    }
  }
});
