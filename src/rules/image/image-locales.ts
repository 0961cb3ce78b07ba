import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageLocales: Rule<"image"> = contentRule({
  id: "image-locales",
  class: "locales",
  severity: "info",
  risk: 2,
  summary: "Translations of messages are in the image",
  why: `Programs speak English where a translation is missing. Only a container whose users read another language
needs these files, and of those only its own language's.`,
  what: "translations of messages",
  spare: "programs speak English without them",
  least: 1_000_000,
  fix: () =>
    "On Debian: path-exclude=/usr/share/locale/* in /etc/dpkg/dpkg.cfg.d/ before installing, with path-include for the languages in use",
  examples: [
    {
      title: "all languages",
      layers: [{ "usr/share/locale/de/LC_MESSAGES/x.mo": 2_000_000, "usr/share/locale/fr/LC_MESSAGES/x.mo": 9 }],
      reports: ["usr/share/locale"],
    },
    { title: "the table of names", layers: [{ "usr/share/locale/locale.alias": 2_000_000 }], reports: [] },
  ],
});
