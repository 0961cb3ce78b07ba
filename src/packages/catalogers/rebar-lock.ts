import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";

/** Rebar3's lock file: Erlang terms, taken as text. Packages of repositories name no version. */
export const rebarLock: Cataloger = lockFile({
  id: "rebar-lock",
  summary: "Rebar3: rebar.lock",
  type: "hex",
  path: /(?:^|\/)rebar\.lock$/,
  *read(text, _path, damaged) {
    if (!/^\s*(?:\{"[\d.]+",|\[)/.test(text) || !text.trimEnd().endsWith(".")) damaged("it is no Erlang term");
    for (const [, name = "", version = ""] of text.matchAll(
      /\{pkg,\s{0,100}<<"([^"\n]{1,200})">>,\s{0,100}<<"([^"\n]{1,200})">>/g,
    ))
      yield { name, version };
  },
  examples: [
    {
      title: "packages of Hex, one under another name; a repository is left out",
      files: {
        "rebar.lock":
          '{"1.2.0",\n[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0},\n {<<"uuid">>,{pkg,<<"uuid_erl">>,<<"2.0.5">>},0},\n {<<"shop">>,{git,"https://git.example/shop.git",{ref,"0a1b"}},0}]}.\n[\n{pkg_hash,[\n {<<"cowboy">>, <<"865D">>}]}\n].\n',
      },
      purls: ["pkg:hex/cowboy@2.9.0", "pkg:hex/uuid_erl@2.0.5"],
    },
    {
      title: "the older form",
      files: { "rebar.lock": '[{<<"ranch">>,{pkg,<<"ranch">>,<<"1.3.2">>},1}].\n' },
      purls: ["pkg:hex/ranch@1.3.2"],
    },
  ],
});
