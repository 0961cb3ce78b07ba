import { addOption, appendCommand, shippedInstructions, subcommandOf, subcommandWord } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const otherCacheLeft: Rule<"dockerfile"> = {
  id: "other-cache-left",
  subject: "dockerfile",
  aim: "size",
  severity: "low",

  summary: "A package manager's cache stays in the layer",
  why: `npm, yarn, gem, conda, composer, go, cargo and others keep what they download for the next time. There is no next time inside an image. Empty the cache in
the same RUN, use the option that keeps none, or put a cache mount there.`,
  aliases: ["DL3060"],
  *check({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      if (run.flags.some((flag) => /type=(?:cache|tmpfs)/.test(flag.value?.raw ?? ""))) continue;
      for (const command of run.script.commands) {
        if (!cachers.has(command.name)) continue;
        const cache = caches.find(
          (one) => one.command.test(command.name) && one.verbs.includes(subcommandOf(command) ?? ""),
        );
        if (!cache || cache.unless?.test(run.argumentsText) || cache.cleaned.test(run.argumentsText)) continue;
        const verb = subcommandWord(command);
        if (!verb) continue;
        const edits = cache.option
          ? [addOption(dockerfile, verb, cache.option)]
          : cache.clean
            ? appendCommand(dockerfile, run, cache.clean)
            : undefined;
        yield {
          message: `what ${command.name} caches stays in the layer`,
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          bytes: { value: cache.bytes, basis: "estimated" },
          aliases: command.name === "yarn" ? ["DL3060"] : [],
          ...safeFix(cache.option ? `Use ${cache.option}` : "Empty the cache in the same RUN", edits),
        };
        break;
      }
    }
  },
  examples: [
    {
      title: "npm",
      text: "FROM node:20\nRUN «npm ci»\n",
      fixed: "FROM node:20\nRUN npm ci && npm cache clean --force\n",
    },
    {
      title: "gem documentation",
      text: "FROM ruby:3\nRUN «gem install» rails\n",
      fixed: "FROM ruby:3\nRUN gem install --no-document rails\n",
    },
    {
      title: "conda",
      text: "FROM continuumio/miniconda3\nRUN «conda install» -y numpy\n",
      fixed: "FROM continuumio/miniconda3\nRUN conda install -y numpy && conda clean -afy\n",
    },
    {
      title: "emptied",
      text: "FROM node:20\nRUN npm ci && npm cache clean --force\nRUN yarn install && yarn cache clean\n",
    },
    { title: "a cache mount keeps it out", text: "FROM node:20\nRUN --mount=type=cache,target=/root/.npm npm ci\n" },
    {
      title: "a build stage is not shipped",
      text: "FROM node:20 AS build\nRUN npm ci\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};

/** Names of the programs below, to pass by all others at once. */
const cachers: ReadonlySet<string> = new Set("npm yarn gem conda mamba composer go poetry uv bundle tdnf".split(" "));

interface Cache {
  readonly command: RegExp;
  readonly verbs: readonly string[];
  /** What in the RUN says the cache is gone. */
  readonly cleaned: RegExp;
  readonly unless?: RegExp;
  readonly clean?: string;
  readonly option?: string;
  readonly bytes: number;
}

const caches: readonly Cache[] = [
  {
    command: /^npm$/,
    verbs: ["install", "ci", "i", "add"],
    cleaned: /npm\s+cache\s+(?:clean|rm)|rm\s[^&;|]*\.npm\b|--cache[= ]/,
    clean: "npm cache clean --force",
    bytes: 20_000_000,
  },
  {
    command: /^yarn$/,
    verbs: ["install", "add"],
    cleaned: /yarn\s+cache\s+clean|rm\s[^&;|]*\.cache/,
    unless: /--immutable|--inline-builds/,
    clean: "yarn cache clean",
    bytes: 30_000_000,
  },
  {
    command: /^gem$/,
    verbs: ["install"],
    cleaned: /--no-doc|--no-rdoc|-N\b/,
    option: "--no-document",
    bytes: 5_000_000,
  },
  {
    command: /^(?:conda|mamba)$/,
    verbs: ["install", "create", "update"],
    cleaned: /(?:conda|mamba)\s+clean/,
    clean: "conda clean -afy",
    bytes: 100_000_000,
  },
  {
    command: /^composer$/,
    verbs: ["install", "require", "update"],
    cleaned: /--no-cache|composer\s+clear-?cache|COMPOSER_CACHE_DIR/,
    option: "--no-cache",
    bytes: 10_000_000,
  },
  {
    command: /^go$/,
    verbs: ["build", "install", "test"],
    cleaned: /go\s+clean|GOCACHE=|rm\s[^&;|]*\.cache/,
    clean: "go clean -cache",
    bytes: 50_000_000,
  },
  {
    command: /^poetry$/,
    verbs: ["install"],
    cleaned: /--no-cache|poetry\s+cache\s+clear|rm\s[^&;|]*\.cache/,
    option: "--no-cache",
    bytes: 20_000_000,
  },
  {
    command: /^uv$/,
    verbs: ["sync", "pip"],
    cleaned: /--no-cache|UV_NO_CACHE|uv\s+cache\s+clean|rm\s[^&;|]*\.cache/,
    bytes: 20_000_000,
  },
  { command: /^bundle$/, verbs: ["install"], cleaned: /rm\s[^&;|]*(?:bundle|cache)|bundle\s+clean/, bytes: 10_000_000 },
  { command: /^tdnf$/, verbs: ["install"], cleaned: /tdnf\s+clean/, clean: "tdnf clean all", bytes: 20_000_000 },
];
