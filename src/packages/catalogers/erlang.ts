import type { Cataloger } from "../cataloger.ts";
import { readText } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const resource = /(?:^|\/)ebin\/[a-z]\w*\.app$/;
const largest = 1 << 20;

/** Applications that come with Erlang/OTP and with Elixir: they are no packages of Hex. */
const withTheLanguage = new Set(
  (
    "asn1 common_test compiler crypto debugger dialyzer diameter edoc eldap erl_docgen erl_interface et eunit ftp inets jinterface " +
    "kernel megaco mnesia observer odbc os_mon parsetools public_key reltool runtime_tools sasl snmp ssh ssl stdlib syntax_tools " +
    "tftp tools wx xmerl eex elixir ex_unit iex logger mix"
  ).split(" "),
);

/**
 * Erlang and Elixir applications, in releases and among libraries, by the resource file that OTP itself reads: Erlang terms,
 * taken as text. Whether one came from Hex it does not say; those of the language are known by name.
 */
export const erlang: Cataloger = {
  id: "erlang",
  summary: "Erlang and Elixir applications: ebin/*.app",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".app") && resource.test(path) && size <= largest,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const text = readText(files, path, largest)?.replace(/^[ \t]*%.*$/gm, "") ?? "";
      const name = /\{\s{0,20}application\s{0,20},\s{0,20}'?([a-z]\w{0,200})'?\s{0,20},/.exec(text)?.[1];
      const version = /\{\s{0,20}vsn\s{0,20},\s{0,20}"([^"\n]{1,200})"\s{0,20}\}/.exec(text)?.[1];
      if (name === undefined) unreadable(path, "it names no application");
      if (name === undefined || version === undefined) continue;
      const applications = /\{\s{0,20}applications\s{0,20},\s{0,20}\[([^\]]{0,10000})\]/.exec(text)?.[1] ?? "";
      yield* languagePackage({
        type: withTheLanguage.has(name) ? "otp" : "hex",
        name,
        version,
        files: [path],
        requires: [...applications.matchAll(/[a-z]\w{0,200}/g)].map(([one]) => one),
      });
    }
  },
  examples: [
    {
      title: "a release: its packages and what came with the language",
      files: {
        "app/lib/plug-1.14.0/ebin/plug.app":
          '{application,plug,\n             [{modules,[\'Elixir.Plug\']},\n              {applications,[kernel,stdlib,elixir,mime]},\n              {description,"Compose web applications"},\n              {registered,[]},\n              {vsn,"1.14.0"}]}.\n',
        "app/lib/ssl-11.0.3/ebin/ssl.app":
          '%% %CopyrightBegin%\n{application, ssl,\n   [{description, "Erlang/OTP SSL application"},\n    {vsn, "11.0.3"}]}.\n',
      },
      purls: ["pkg:hex/plug@1.14.0", "pkg:otp/ssl@11.0.3"],
    },
  ],
};
