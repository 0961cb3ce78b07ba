import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

const system =
  /^\/(?:dev|proc|sys|etc|s?bin|lib(?:64)?|usr|boot)(?:\/(?:s?bin|lib(?:64)?))?$|^\/$|^\/(?:var\/)?run\/docker\.sock$/;

export const imageSystemVolume: Rule<"image"> = {
  id: "image-system-volume",
  subject: "image",
  aim: "security",
  severity: "high",
  summary: "A volume of the image lies over a directory of the system",
  why: `A volume over \`/dev\`, \`/proc\` or \`/sys\` puts ordinary files where the kernel's should be; one over
\`/etc\`, \`/usr\` or a directory of programs keeps old versions of them when the image is updated, for a volume that
has files is not filled again. Volumes are for a program's data.`,
  measures: ["volume-system"],
  aliases: ["DKL-DI-0002"],
  *check({ image }) {
    for (const volume of image.config.volumes) {
      const path = volume.length > 1 ? volume.replace(/\/+$/, "") : volume;
      if (!system.test(path)) continue;
      yield {
        message: `the volume ${path} lies over a directory of the system`,
        at: inImage(image, undefined, path.slice(1)),
        ...assistedFix("Drop the VOLUME, or name the directory of the program's data"),
      };
    }
  },
  examples: [
    {
      title: "devices and settings",
      layers: [{ x: "" }],
      config: { volumes: ["/dev", "/etc/"] },
      reports: ["dev", "etc"],
    },
    {
      title: "data",
      layers: [{ x: "" }],
      config: { volumes: ["/var/lib/data", "/etc/app", "/usr/share/nginx/html"] },
      reports: [],
    },
  ],
};
