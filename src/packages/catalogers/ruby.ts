import type { Cataloger } from "../cataloger.ts";
import { readText } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const specification = /(?:^|\/)(?:specifications\/(?:[^/]+\/)*|bundler\/gems\/[^/]+\/)[^/]+\.gemspec$/;
const largest = 1 << 20;

/**
 * Gems by the specifications RubyGems writes when it installs them. They are Ruby programs, of a form RubyGems alone
 * writes: the stub in their first lines tells name, version and platform, and is what RubyGems itself reads first.
 */
export const ruby: Cataloger = {
  id: "ruby",
  summary: "Ruby gems: specifications/**/*.gemspec, and bundler/gems/* for those of repositories",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".gemspec") && specification.test(path) && size <= largest,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const text = specification.test(path) ? readText(files, path, largest) : undefined;
      if (text === undefined) continue;
      const stub = /^# stub: (\S{1,256}) (\S{1,256}) (\S{1,256}) /m.exec(text.slice(0, 4096));
      const name =
        stub?.[1] ??
        /^[ \t]{0,20}s\.name[ \t]{0,20}=[ \t]{0,20}(?:%q<([^>\n]+)>|["']([^"'\n]+)["'])/m
          .exec(text)
          ?.slice(1)
          .find(Boolean);
      const version =
        stub?.[2] ??
        /^[ \t]{0,20}s\.version[ \t]{0,20}=[ \t]{0,20}(?:Gem::Version\.new ?\(? ?)?["']([^"'\n]+)["']/m.exec(text)?.[1];
      const platform = stub?.[3] ?? "ruby";
      // Bundler writes those of repositories anew; beside them stand ones as their authors wrote them, which are programs.
      if ((name === undefined || version === undefined) && !path.includes("bundler/gems/"))
        unreadable(path, "it has no name or no version");
      if (name === undefined || version === undefined) continue;
      const licenses = /^[ \t]{0,20}s\.licenses?[ \t]{0,20}=[ \t]{0,20}\[?([^\]\n]{1,1000})/m.exec(text)?.[1] ?? "";
      yield* languagePackage({
        type: "gem",
        name,
        version,
        licenses: [...licenses.matchAll(/["']([^"'\n]+)["']/g)].map((one) => one[1] ?? ""),
        files: [path],
        requires: [
          ...text.matchAll(/\.add_(?:runtime_)?dependency\([ \t]{0,20}(?:%q<([^>\n]+)>|["']([^"'\n]+)["'])/g),
        ].map((one) => one[1] ?? one[2] ?? ""),
        ...(platform === "ruby" ? {} : { qualifiers: { platform } }),
      });
    }
  },
  examples: [
    {
      title: "a gem with a stub, one for a platform, and an old one without",
      files: {
        "usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.7.gemspec":
          '# -*- encoding: utf-8 -*-\n# stub: rack 2.2.7 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.licenses = ["MIT".freeze]\n',
        "usr/lib/ruby/gems/3.1.0/specifications/nokogiri-1.15.0-x86_64-linux.gemspec":
          "# stub: nokogiri 1.15.0 x86_64-linux lib\n",
        "usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec":
          'Gem::Specification.new do |s|\n  s.name = %q<json>\n  s.version = Gem::Version.new("2.6.1")\n',
      },
      purls: ["pkg:gem/json@2.6.1", "pkg:gem/nokogiri@1.15.0?platform=x86_64-linux", "pkg:gem/rack@2.2.7"],
    },
    {
      title: "a gem of a repository, whose specification Bundler wrote, and one whose author's is all there is",
      files: {
        "srv/vendor/bundle/ruby/3.1.0/bundler/gems/dotenv-0a1b2c3d4e5f/dotenv.gemspec":
          "# -*- encoding: utf-8 -*-\n# stub: dotenv 2.8.1 ruby lib\n\nGem::Specification.new do |s|\n",
        "srv/vendor/bundle/ruby/3.1.0/bundler/gems/dotenv-0a1b2c3d4e5f/dotenv-rails.gemspec":
          'require "dotenv/version"\nGem::Specification.new "dotenv-rails", Dotenv::VERSION do |gem|\n',
      },
      purls: ["pkg:gem/dotenv@2.8.1"],
    },
  ],
};
