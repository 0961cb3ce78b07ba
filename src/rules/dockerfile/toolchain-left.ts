import type { Fix } from "../../core/index.ts";
import { type Dockerfile, findOption, shippedInstructions, type ShellCommand } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { managerCalls, packageName } from "../reading/package-managers.ts";
import { pythonSplit } from "../reading/python-service.ts";
import { rubySplit } from "../reading/ruby-service.ts";
import { isToolchain } from "../reading/toolchain.ts";
import { unusedPackages } from "../reading/unused-packages.ts";
import { leavePackagesOut } from "../remedies/leave-packages-out.ts";
import type { Known, Rule } from "../rule.ts";

export const toolchainLeft: Rule<"dockerfile"> = {
  id: "toolchain-left",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "A compiler or development headers are shipped",
  why: `What builds the program is not needed to run it: a C toolchain is 200 to 400 MB, brings its own vulnerabilities, and helps whoever breaks in. Build in a
stage of its own and copy the result, or remove the tools in the RUN that installs them.`,

  *check({ dockerfile, context }, known) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const calls = managerCalls(run);
      const removed = new Set(
        calls.filter((call) => call.does === "remove").flatMap((call) => call.packages.map(packageName)),
      );
      for (const call of calls) {
        if (call.does !== "install") continue;
        const virtual = call.manager === "apk" ? virtualName(call.command) : undefined;
        if (virtual !== undefined && removed.has(virtual)) continue;
        if (
          calls.some((other) => other.does === "remove" && /autoremove|autopurge/.test(other.verb?.value ?? "")) &&
          run.argumentsText.includes("apt-mark")
        )
          continue;
        const tools = call.packages.filter((word) => isToolchain(packageName(word)) && !removed.has(packageName(word)));
        const [first] = tools;
        if (!first) continue;
        const names = [...new Set(tools.map(packageName))];
        const unused = unusedPackages(dockerfile, context);
        const fix =
          (tools.some((word) => unused.words.has(word)) ? leavePackagesOut(dockerfile, unused).fix : undefined) ??
          splitFix(dockerfile, known);
        yield {
          message: `${names.slice(0, 3).join(", ")}${names.length > 3 ? " and more" : ""} ${names.length === 1 ? "is" : "are"} needed to build, not to run`,
          at: inSource(dockerfile, first.range),
          bytes: {
            value: names.some((name) => /^(?:build-essential|gcc|g\+\+|build-base|clang|rust|cargo|golang)/.test(name))
              ? 250_000_000
              : 20_000_000,
            basis: "estimated",
          },
          ...(fix ? { fix } : assistedFix("Build in a stage of its own and copy the result")),
        };
      }
    }
  },
  examples: [
    {
      title: "a toolchain",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y «build-essential» zlib1g-dev\n",
    },
    { title: "headers", text: "FROM python:3.12-slim\nRUN apt-get install -y curl «libpq-dev»\n" },
    {
      title: "requirements that have to be compiled",
      text: 'FROM python:3.13-slim-bookworm\n# for psycopg2\nRUN apt-get update && apt-get install -y «gcc» libpq-dev tini && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nENV PORT=80\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
      fixed:
        'FROM python:3.13-slim-bookworm AS build\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n# for psycopg2\nRUN apt-get update && apt-get install -y gcc libpq-dev tini && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nENV PORT=80\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\nFROM python:3.13-slim-bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 tini && rm -rf /var/lib/apt/lists/*\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\nWORKDIR /app\nENV PORT=80\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
    },
    {
      title: "gems that have to be compiled",
      text: 'FROM ruby:3.4-slim-bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends «build-essential» libpq-dev libyaml-dev tzdata && rm -rf /var/lib/apt/lists/*\nENV RAILS_ENV=production BUNDLE_WITHOUT=development:test\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set --local jobs 4 && bundle install && rm -rf /usr/local/bundle/cache\nCOPY . .\nCMD ["bundle", "exec", "puma"]\n',
      fixed:
        'FROM ruby:3.4-slim-bookworm AS build\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev libyaml-dev tzdata && rm -rf /var/lib/apt/lists/*\nENV RAILS_ENV=production BUNDLE_WITHOUT=development:test\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set --local jobs 4 && bundle install && rm -rf /usr/local/bundle/cache\n\nFROM ruby:3.4-slim-bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 libyaml-0-2 tzdata && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nENV RAILS_ENV=production BUNDLE_WITHOUT=development:test\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nCOPY . .\nCMD ["bundle", "exec", "puma"]\n',
    },
    {
      title: "gems beside the program, or headers whose library is not known",
      text: "FROM ruby:3.4-slim-bookworm\nRUN apt-get update && apt-get install -y «gcc» libmagickwand-dev\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set path vendor/bundle && bundle install\nCMD bundle exec puma\n",
    },
    {
      title: "what pip installs cannot be read here",
      text: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq5 «gcc» python3-dev\nCOPY . /app\nRUN pip install /app/lib ./lib\nCMD ["python3", "/app/app.py"]\n',
      context: { "app.py": "print(1)\n", "lib/setup.py": "from setuptools import setup\nsetup(name='a')\n" },
      fixed:
        'FROM python:3.12-slim AS build\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN apt-get update && apt-get install -y libpq5 gcc python3-dev\nCOPY . /app\nRUN pip install /app/lib ./lib\n\nFROM python:3.12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\nCOPY . /app\nCMD ["python3", "/app/app.py"]\n',
    },
    {
      title: "what pip installs is Python alone",
      text: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq5 «gcc» python3-dev\nCOPY . /app\nWORKDIR /app\nRUN pip install ./lib\nCMD ["python3", "/app/app.py"]\n',
      context: { "app.py": "print(1)\n", "lib/setup.py": "from setuptools import setup\nsetup(name='a')\n" },
      fixed:
        'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq5\nCOPY . /app\nWORKDIR /app\nRUN pip install ./lib\nCMD ["python3", "/app/app.py"]\n',
    },
    {
      title: "a virtual package, removed",
      text: "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build gcc musl-dev && make && apk del .build\n",
    },
    { title: "removed by name", text: "FROM debian:12\nRUN apt-get install -y gcc && make && apt-get purge -y gcc\n" },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nRUN apt-get install -y gcc\nFROM debian:12-slim\nCOPY --from=build /a /a\n",
    },
  ],
};

/** Requirements that have to be compiled, in a stage of their own. */
function splitFix(dockerfile: Dockerfile, known: Known): Fix | undefined {
  const stage = dockerfile.stages.at(-1);
  const split = stage && (pythonSplit(dockerfile, stage, known) ?? rubySplit(dockerfile, stage, known));
  return split && { title: split.title, safety: "likely", edits: split.edits, alone: true };
}

function virtualName(command: ShellCommand): string | undefined {
  const option = findOption(command, "--virtual", "-t");
  if (!option) return undefined;
  const equals = option.raw.indexOf("=");
  return equals > 0 ? option.raw.slice(equals + 1) : command.args[command.args.indexOf(option) + 1]?.value;
}
