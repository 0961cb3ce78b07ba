import type { LiveFile } from "../../image/index.ts";
import { broughtBy, inImage, isBaseLayer, sayBytes, sayPath, weighing } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { archiveMembers, type ArchiveMember } from "../reading/archive-members.ts";
import type { Rule, Subjects } from "../rule.ts";

const archive = /^(?!usr\/(?:lib|share)\/|.*\/(?:node_modules|site-packages|dist-packages)\/).*\.(?:tar|zip|whl)$/;
const fewest = 3;
/** So many of its files are elsewhere that it was unpacked there. */
const share = 0.9;

export const imageUnpackedArchive: Rule<"image"> = {
  id: "image-unpacked-archive",
  subject: "image",
  aim: "size",
  severity: "low",
  risk: 1,
  measures: ["archive-kept"],
  summary: "An archive is in the image, and so is what was unpacked from it",
  why: `An archive that was unpacked has done its work. Unpack it in the RUN that downloads it, through a pipe or with the
archive removed after it; let \`ADD\` unpack one of the build context, which leaves no archive; or unpack in a build stage. An archive counts when nine
tenths of its files, by name and size, are elsewhere in the image; only tar and zip up to 1 MiB, whose lists are read without unpacking, are judged.`,
  wants: (path) => archive.test(path),
  *check({ image, files, contents }) {
    const listed = contents.paths.flatMap((path): [LiveFile, readonly ArchiveMember[]][] => {
      const file = files.get(path);
      const bytes = contents.open(path);
      if (!file || !bytes || bytes.size > 1 << 20 || !archive.test(path) || isBaseLayer(image, file.layer)) return [];
      const members = archiveMembers(bytes);
      return members && members.length >= fewest ? [[file, members]] : [];
    });
    if (listed.length === 0) return;
    const there = namesAndSizes(files);
    for (const [{ path, entry, layer }, members] of listed) {
      const unpacked = members.filter((member) => there.has(keyOf(member.path, member.size))).length;
      if (unpacked < share * members.length) continue;
      const bytes = { unpacked: entry.size, stored: entry.storedBytes };
      yield {
        message: `/${sayPath(path)}, ${sayBytes(bytes)}, was unpacked: ${unpacked} of its ${members.length} files are elsewhere in the image`,
        at: inImage(image, layer, path),
        ...weighing(bytes),
        ...broughtBy(image, [[layer, "brings it"]]),
        ...assistedFix("Remove it in the RUN that unpacks it, or unpack it in a build stage"),
      };
    }
  },
  examples: [
    {
      title: "unpacked beside itself",
      layers: [
        {
          "app/site.tar": tarOf(["a.html", "b.html", "c/d.html"]),
          "srv/a.html": "12345",
          "srv/b.html": "12345",
          "srv/c/d.html": "12345",
        },
      ],
      reports: ["app/site.tar"],
    },
    {
      title: "not unpacked, and no archive at all",
      layers: [{ "app/site.tar": tarOf(["a.html", "b.html", "c/d.html"]), "app/x.zip": "x", "srv/a.html": "12345" }],
      reports: [],
    },
  ],
};

function namesAndSizes(files: Subjects["image"]["files"]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { path, entry } of files.all()) if (entry.type === "file") keys.add(keyOf(path, entry.size));
  return keys;
}

function keyOf(path: string, size: number): string {
  return `${size} ${path.slice(path.lastIndexOf("/") + 1)}`;
}

/** A tar of files of five bytes, for the examples. */
function tarOf(paths: readonly string[]): string {
  return paths
    .map((path) => `${`${path.padEnd(124, "\0")}00000000005`.padEnd(156, "\0")}0`.padEnd(257, "\0"))
    .map((header) => `${`${header}ustar`.padEnd(512, "\0")}${"12345".padEnd(512, "\0")}`)
    .join("");
}
