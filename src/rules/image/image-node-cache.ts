import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageNodeCache: Rule<"image"> = contentRule({
  id: "image-node-cache",
  class: "node-cache",
  severity: "medium",
  risk: 0,
  measures: ["other-cache-left"],
  summary: "Caches of npm, Yarn or pnpm are in the image",
  why: `They hold the archives that \`node_modules\` was unpacked from. What runs reads \`node_modules\`. A pnpm store
shares its files with \`node_modules\` by hard links: those that it shares are not counted, since removing them frees
nothing. Yarn's \`.yarn/cache\` beside a \`.pnp.cjs\` is the program itself and is left alone.`,
  what: "packages that npm, Yarn or pnpm keep",
  spare: "what is installed from them lies in node_modules",
  fix: () =>
    "npm ci && npm cache clean --force in one RUN (yarn cache clean, pnpm store prune), or RUN --mount=type=cache,target=/root/.npm",
  examples: [
    {
      title: "npm's",
      layers: [{ "root/.npm/_cacache/content-v2/sha512/aa": 60_000_000 }],
      reports: ["root/.npm/_cacache"],
    },
    {
      title: "a store whose files are those of node_modules, and one file that is not",
      layers: [
        {
          "root/.local/share/pnpm/store/v3/aa": 60_000_000,
          "app/node_modules/a/x": { same: "root/.local/share/pnpm/store/v3/aa" },
          "root/.local/share/pnpm/store/v3/bb": 1_000_000,
        },
      ],
      reports: ["root/.local/share/pnpm/store"],
    },
    {
      title: "Yarn's Plug'n'Play, and shared files alone",
      layers: [
        {
          "app/.pnp.cjs": "x",
          "app/.yarn/cache/a.zip": 9_000_000,
          "root/pnpm/store/v3/aa": 60_000_000,
          "app/node_modules/a/x": { same: "root/pnpm/store/v3/aa" },
        },
      ],
      reports: [],
    },
  ],
});
