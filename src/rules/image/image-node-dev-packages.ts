import { contentRule } from "../content-rule.ts";
import { isInstalledLock } from "../reading/node-dev-packages.ts";
import type { Rule } from "../rule.ts";

export const imageNodeDevPackages: Rule<"image"> = contentRule({
  id: "image-node-dev-packages",
  class: "node-dev-packages",
  severity: "medium",
  risk: 1,
  measures: ["dev-deps-shipped"],
  summary: "npm packages that only development needs are in the image",
  why: `npm writes in \`node_modules/.package-lock.json\` which packages only \`devDependencies\` asked for. A program
that does not import them at run time works without them; one that does should list them under \`dependencies\`. They
are often the larger half, and bring their vulnerabilities along.`,
  what: "npm packages",
  spare: "only devDependencies ask for them",
  wants: isInstalledLock,
  fix: () => "npm ci --omit=dev in the last stage; build in an earlier one",
  examples: [
    {
      title: "a compiler shipped",
      layers: [
        {
          "app/node_modules/.package-lock.json":
            '{"packages":{"node_modules/typescript":{"dev":true},"node_modules/express":{},"node_modules/@types/node":{"dev":true},"node_modules/p":{"devOptional":true}}}',
          "app/node_modules/typescript/lib/tsc.js": 9_000_000,
          "app/node_modules/@types/node/index.d.ts": 2_000_000,
          "app/node_modules/express/index.js": 9_000_000,
          "app/node_modules/p/index.js": 9_000_000,
        },
      ],
      reports: ["app/node_modules"],
    },
    {
      title: "nothing but what runs, and a lock file that is none",
      layers: [
        {
          "app/node_modules/.package-lock.json": '{"packages":{"node_modules/express":{}}}',
          "app/node_modules/express/index.js": 9_000_000,
          "srv/node_modules/.package-lock.json": "[",
        },
      ],
      reports: [],
    },
  ],
});
