import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { createKnown } from "../../src/engine/known.ts";
import { fixText } from "../../src/remedy/index.ts";
import { builtInRules, defaultSitePolicy } from "../../src/rules/index.ts";
import { memoryContext } from "../../src/weight/index.ts";

const rules = builtInRules.filter(({ id }) =>
  [
    "archive-copied",
    "base-fat-variant",
    "copied-unneeded",
    "deleted-in-later-layer",
    "dev-deps-shipped",
    "init-system-in-container",
    "no-user",
    "ownership-copy",
    "package-unused",
    "single-stage-build",
    "tools-shipped",
    "toolchain-left",
  ].includes(id),
);
const known = createKnown(defaultSitePolicy, () => undefined);

/** Milliseconds that all rewrites of a project take. */
function rewrite(text: string, files: Readonly<Record<string, string>>): number {
  const context = memoryContext({ ...files, Dockerfile: text });
  const start = performance.now();
  fixText({ path: "Dockerfile", text }, (dockerfile) =>
    rules.flatMap((rule) => [...rule.check({ dockerfile, context }, known)]),
  );
  return performance.now() - start;
}

const n = 60_000;
const python =
  'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "main.py"]\n';
const many = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join("");

const projects: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  "imports that never close": [python, { "main.py": "from x import (\n".repeat(n), "big.bin": "x".repeat(200_000) }],
  "imports in a circle": [
    python,
    {
      ...Object.fromEntries(
        Array.from({ length: 400 }, (_, i) => [`m${i}.py`, `import m${(i + 1) % 400}, m${(i * 7) % 400}\n`]),
      ),
      "main.py": "import m0\n",
    },
  ],
  "strings that name every directory": [
    python,
    {
      ...Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`d${i}/f`, "x"])),
      "main.py": many(20_000, (i) => `x = "d${i % 2000}"\n`),
    },
  ],
  "quotes without end": [python, { "main.py": `subprocess ${'"git '.repeat(n)}`, "requirements.txt": "a\n".repeat(n) }],
  "settings of a supervisor without end": [
    'FROM debian:12\nRUN apt-get install -y supervisor\nCOPY a.conf /etc/supervisor/conf.d/\nCMD ["supervisord"]\n',
    { "a.conf": `${"[program:".repeat(n)}\n${"[\n".repeat(n)}` },
  ],
  "a manifest that is no object": [
    'FROM node:20\nCOPY . .\nRUN npm ci && npm install nodemon\nCMD ["node", "a.js"]\n',
    { "package.json": `{"scripts": ${'{"start":"'.repeat(n)}`, "package-lock.json": "null", "a.js": "x" },
  ],
  "a program of one long line": [
    'FROM debian:12\nRUN apt-get install -y gcc libfoo-dev\nCOPY . /src\nRUN gcc -o /a /src/a.c\nCMD ["/a"]\n',
    {
      "a.c": `${"/*".repeat(n)} ${"fopen ".repeat(n)}`,
      "b.java": "import ".repeat(n),
      "Cargo.lock": 'name = "'.repeat(n),
    },
  ],
  "steps without end": [
    `FROM debian:12\nCOPY a /srv/a\n${many(600, (i) => `RUN mkdir /srv/d${i} && chown -R app:app /srv/d${i} && rm -r /srv/a\n`)}CMD ["/x"]\n`,
    { a: "x" },
  ],
  "packages without end": [
    `FROM debian:12\nRUN apt-get install -y ${"vim curl ".repeat(5000)}\nCOPY a.py /\nCMD ["python3", "/a.py"]\n`,
    { "a.py": "x" },
  ],
};

describe("rewrites of projects", () => {
  it.each(Object.entries(projects))("end soon, and throw nothing: %s", { timeout: 60_000 }, (_, [text, files]) => {
    expect(rewrite(text, files)).toBeLessThan(6000);
  });
});
