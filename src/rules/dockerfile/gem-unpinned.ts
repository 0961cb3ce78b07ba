import { findCommands, type RunInstruction } from "../../syntax/index.ts";
import { certainOperands, type Unpinned, unpinnedCheck, unpinnedWord } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

export const gemUnpinned: Rule<"dockerfile"> = {
  id: "gem-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "gem installs a gem without a version",
  why: `What is newest on the day of the build is installed: two builds of one Dockerfile differ, and a release that breaks something, or
that needs a newer Ruby, breaks the next build, whatever was changed. RubyGems keeps every version, so a pin holds: \`gem install rails:7.1.3\`,
\`gem install rails -v "~> 7.1"\` for one gem, or a Gemfile with its lock file, installed with \`bundle install\`. For Bundler itself take the
version that the lock file ends with.`,
  aliases: ["DL3028"],
  check: unpinnedCheck(/gem/, find, "or list it in a Gemfile with its lock file"),
  examples: [
    { title: "each gem without a version", text: 'FROM ruby:3.3\nRUN gem install «rails» puma:6.4.2 «"bundler"»\n' },
    {
      title: "what stands behind -- is for the compiler",
      text: "FROM ruby:3.3\nRUN gem install --no-document «nokogiri» -- --use-system-libraries --with-xml2-include /usr/include/libxml2\n",
    },
    {
      title: "in a build stage, behind options with values",
      text: "FROM ruby:3.3 AS build\nRUN gem install --install-dir /gems -s https://a.example «sinatra» -N\nFROM ruby:3.3\nCOPY --from=build /gems /gems\n",
    },
    {
      title: "by its short name, in exec form",
      text: 'FROM ruby:3.3\nRUN gem i «rake»\nRUN ["gem", "install", «"rack"»]\n',
    },
    {
      title: "a version, in one way or another",
      text: "FROM ruby:3.3\nRUN gem install rails:7.1.3 'puma:~> 6' && gem install bundler -v 2.5.11 && gem install rake --version=13.2.1 && gem install rack -v'~>3.0' --no-document && gem install --version '>= 1' thor\n",
    },
    {
      title: "a version or gems out of a variable",
      text: 'FROM ruby:3.3\nARG V=7.1.3\nRUN gem install rails:$V "puma:${PUMA_VERSION}" $GEMS && gem install bundler -v "$BUNDLER_VERSION" && gem install "bundler:$(tail -n1 Gemfile.lock)"\n',
    },
    {
      title: "a file, a Gemfile",
      text: "FROM ruby:3.3\nRUN gem install a-1.0.gem ./b.gem pkg/*.gem && gem install -g && gem install --file Gemfile.ci\n",
    },
    {
      title: "values of options",
      text: "FROM ruby:3.3\nRUN gem install --document ri --platform ruby rails:7.1.3 --unknown thing\n",
    },
    {
      title: "other commands",
      text: "FROM ruby:3.3\nRUN gem update --system && gem uninstall rails && gem build a.gemspec && bundle install && bundle add rails && echo gem install rails\n",
    },
  ],
};

/** Options without a value. */
const alone =
  /^(?:-[NEwfbVqrlu]+|--(?:no-.*|force|wrappers|env-shebang|user-install|development|development-all|conservative|minimal-deps|post-install-message|prerelease|pre|default|explain|quiet|verbose|silent|backtrace|local|remote|both|lock|suggestions|vendor|update-sources|clear-sources|format-executable|ignore-dependencies))$/;

function* find(run: RunInstruction): Generator<Unpinned> {
  for (const command of findCommands(run.script, "gem", "install", "i")) {
    const end = command.args.findIndex(({ raw }) => raw === "--");
    const args = end < 0 ? command.args : command.args.slice(0, end);
    if (args.some(({ raw }) => /^(?:-v|--version(?:=|$))/.test(raw))) continue;
    for (const word of certainOperands(args, alone).slice(1)) yield* unpinnedWord(command, word, pin);
  }
}

function pin(text: string): string | undefined {
  return /^[A-Za-z0-9_][\w.-]*$/.test(text) && !text.endsWith(".gem") ? `${text}:VERSION` : undefined;
}
