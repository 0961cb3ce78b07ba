import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageDebugFiles: Rule<"image"> = contentRule({
  id: "image-debug-files",
  class: "debug-files",
  severity: "low",
  risk: 2,
  summary: "Debug symbols are in the image",
  why: `Files below \`/usr/lib/debug\` tell a debugger which line an address belongs to. Programs run the same without
them. Keep them in an image of their own, or on a symbol server, for the day a core dump has to be read.`,
  what: "debug symbols",
  spare: "only a debugger reads them",
  least: 1_000_000,
  fix: () =>
    `Leave the -dbg and -dbgsym packages out of the last stage; strip your own programs, or link Go with -ldflags='-s -w'`,
  examples: [
    { title: "symbols", layers: [{ "usr/lib/debug/.build-id/aa/bb.debug": 90_000_000 }], reports: ["usr/lib/debug"] },
    { title: "programs", layers: [{ "usr/lib/x.so": 90_000_000 }], reports: [] },
  ],
});
