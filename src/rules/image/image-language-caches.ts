import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageLanguageCaches: Rule<"image"> = contentRule({
  id: "image-language-caches",
  class: "language-caches",
  severity: "low",
  risk: 1,
  summary: "Caches and leftovers of RubyGems, Composer or NuGet are in the image",
  why: `RubyGems keeps the archive of each gem and the objects its extensions were linked from; Composer and NuGet
keep the packages they unpacked. What runs reads the unpacked or published form. NuGet's are left alone where the
image starts \`dotnet run\`, which reads them.`,
  what: "what RubyGems, Composer or NuGet keep",
  spare: "what runs reads the installed form",
  fix: () =>
    "In the RUN that installs: rm -rf vendor/bundle/ruby/*/cache (composer clear-cache, dotnet publish in a first stage)",
  examples: [
    {
      title: "gems, and the objects of one",
      layers: [
        {
          "usr/local/bundle/cache/rails-7.gem": 2_000_000,
          "usr/local/lib/ruby/gems/3.3.0/cache/nokogiri.gem": 4_000_000,
          "app/vendor/ruby/gems/nokogiri-1/ext/nokogiri/a.o": 900_000,
        },
      ],
      reports: ["usr/local/lib/ruby/gems/3.3.0/cache"],
    },
    {
      title: "installed gems, and packages that dotnet run reads",
      layers: [{ "usr/local/bundle/gems/rails-7/lib/rails.rb": 2_000_000, "root/.nuget/packages/x/x.dll": 9_000_000 }],
      config: { entrypoint: ["dotnet", "run"] },
      reports: [],
    },
  ],
});
