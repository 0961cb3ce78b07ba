import { suiteEnds } from "../../bases/index.ts";
import { replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { imageUses, tagRange } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const baseUnsupportedTag: Rule<"dockerfile"> = {
  id: "base-unsupported-tag",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",

  summary: "The base image is no longer rebuilt",
  why: `A tag that has left the list of Docker Official Images stays downloadable and is never rebuilt: fixes of its distribution no longer reach it, whatever the tag
seems to promise. The same holds for a distribution release past its end. Move to a line that is still built.`,

  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { official, tag } = use.reference;
      if (official === undefined || tag === undefined) continue;
      const facts = known.tag(official, tag);
      const range = tagRange(use) ?? use.word.range;
      const repository = known.repository(official);
      if (facts && !facts.live && facts.state !== "unknown") {
        const since = facts.frozenSince === undefined ? "" : ` since ${facts.frozenSince}`;
        const superseded = facts.state === "superseded";
        const next = facts.newest ?? facts.nextLine;
        yield {
          message: superseded
            ? `${use.text} is superseded${since}: ${facts.newest ?? ""} is the newest of its line`
            : `${use.text} gets no rebuilds${since}`,
          at: inSource(dockerfile, range),
          ...(superseded ? { severity: "low" as const } : {}),
          ...(superseded && use.range && facts.newest !== undefined
            ? likelyFix("Take the newest patch of the same line, if the program does not rely on this very one", [
                replaceRange(dockerfile, range, facts.newest),
              ])
            : assistedFix(
                next === undefined
                  ? repository?.replacement
                    ? `Move to ${repository.replacement}`
                    : "Move to a line that is still built"
                  : `Move to ${official}:${next}, the next line still built (as of ${facts.asOf})`,
              )),
        };
        continue;
      }
      const base = known.base(use.text);
      const end = base.suite === undefined ? undefined : suiteEnds[base.suite];
      if (end === undefined || end >= (known.today ?? base.asOf)) continue;
      yield {
        message: `${base.suite ?? ""} gets no free security updates since ${end}`,
        at: inSource(dockerfile, range),
        ...assistedFix("Move to a release that is still supported"),
      };
    }
  },
  examples: [
    { title: "a line that ended", text: "FROM python:«3.9-slim»\n" },
    { title: "a distribution past its end", text: "FROM alpine:«3.10»\n" },
    {
      title: "alive, unknown, elsewhere",
      text: "FROM python:3.13-slim\nFROM python:no-such-tag\nFROM example.com/python:3.9\nFROM debian:bookworm\n",
    },
  ],
};
