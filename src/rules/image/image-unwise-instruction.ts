import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { historyOf } from "../reading/image-history.ts";
import type { Rule } from "../rule.ts";

interface Habit {
  readonly alias: string;
  readonly found: (text: string) => boolean;
  readonly message: string;
  readonly fix: string;
}

const installs = /\b(?:install|add|upgrade|dist-upgrade|full-upgrade|build-dep|zypper\s+(?:-\S+\s+){0,10}in)\b/;

const habits: readonly Habit[] = [
  {
    alias: "CIS-DI-0009",
    found: (text) => /^ADD\s/.test(text) && !/\.(?:tar|tgz|tar\.\w+|zip)\b|:\/\/|\.git\b/.test(text),
    message: "ADD brought plain files: it also unpacks and downloads, which COPY never does by surprise",
    fix: "COPY",
  },
  {
    alias: "CIS-DI-0007",
    found: (text) =>
      /\b(?:apt-get|apt|apk|yum|dnf|zypper)\s+(?:-\S+\s+){0,10}(?:update|refresh|makecache)\b/.test(text) &&
      !installs.test(text),
    message: "an instruction fetched package lists and installed nothing: the cache of builds keeps them old",
    fix: "Update and install in one RUN",
  },
  {
    alias: "DKL-DI-0003",
    found: (text) => /\bapt(?:-get)?\s+(?:-\S+\s+){0,10}(?:dist-upgrade|full-upgrade)\b/.test(text),
    message: "an instruction upgraded the whole distribution: what is inside depends on the day of the build",
    fix: "Choose a newer base instead",
  },
  {
    alias: "DKL-DI-0001",
    found: (text) => /(?:^RUN\s+|[;&|]\s*)sudo\s/.test(text),
    message: "an instruction used sudo: a build that may do so runs as root already",
    fix: "Drop the word, or put USER root before and USER after",
  },
];

export const imageUnwiseInstruction: Rule<"image"> = {
  id: "image-unwise-instruction",
  subject: "image",
  aim: "correctness",
  severity: "low",
  summary: "The image's history tells of an instruction with known trouble",
  why: `Where the Dockerfile is not at hand, the history of an image still tells how it was built: ADD of plain files,
package lists fetched in an instruction of their own, an upgrade of the whole distribution, sudo. Where the Dockerfile
is known, its own rules say the same with a line and a fix, and this one is silent.`,
  aliases: habits.map(({ alias }) => alias),
  *check({ image }) {
    for (const { text, layer } of historyOf(image)) {
      // The first layer of a base is nearly always an ADD of its root file system.
      if (layer === undefined || layer === 0 || layer < image.weight.baseLayers) continue;
      if (image.weight.layers[layer]?.origin.kind === "instruction") continue;
      for (const { alias, found, message, fix } of habits)
        if (found(text)) yield { message, at: inImage(image, layer), aliases: [alias], ...assistedFix(fix) };
    }
  },
  examples: [
    {
      title: "an image from elsewhere",
      layers: [{ a: "" }, { b: "" }, { c: "" }, { d: "" }],
      instructions: ["", "", "", ""],
      config: {
        history: [
          { createdBy: "/bin/sh -c #(nop) ADD file:abc in / ", emptyLayer: false },
          { createdBy: "/bin/sh -c #(nop) ADD dir:def in /app ", emptyLayer: false },
          { createdBy: "RUN /bin/sh -c apt-get update # buildkit", emptyLayer: false },
          { createdBy: "|1 A=b /bin/sh -c apt-get update && sudo apt-get -y dist-upgrade", emptyLayer: false },
        ],
      },
      reports: ["", "", "", ""],
    },
    {
      title: "what is well done, and what the Dockerfile's own rules tell",
      layers: [{ a: "" }, { b: "" }, { c: "" }],
      instructions: ["", "", "RUN apt-get update"],
      config: {
        history: [
          { createdBy: "ADD rootfs / # buildkit", emptyLayer: false },
          { createdBy: "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit", emptyLayer: false },
          { createdBy: "RUN /bin/sh -c apt-get update # buildkit", emptyLayer: false },
        ],
      },
      reports: [],
    },
  ],
};
