import { formatBytes } from "../../../core/index.ts";
import type { Gate } from "../gate.ts";

export const bytes: Gate = {
  id: "bytes",
  summary: "the image is not heavier than declared",
  needs: "images",
  check({ measure: before }, { measure: after }, { scope }) {
    const grown = after.bytes - before.bytes;
    const detail = `${formatBytes(before.bytes)} before, ${formatBytes(after.bytes)} after`;
    if (grown <= scope.growth) return { ok: true, detail };
    return { ok: false, detail: `${detail}: ${formatBytes(grown)} more, where ${formatBytes(scope.growth)} may be` };
  },
};
