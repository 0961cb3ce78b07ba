import type { PinWriter, Written } from "./pin-writer.ts";
import type { Raise } from "./raise.ts";

/** A requirement with nothing but a version, and a condition or comment behind it. */
const pin =
  /^([ \t]*)([A-Za-z0-9][\w.-]*)([ \t]*(?:\[[^\]\n]*\])?[ \t]*==[ \t]*)([\w.!+-]+)(?=[ \t]*(?:;[^\n\\]*|#[^\n]*)?\r?$)/gm;

/** pip's requirements files. Lines with hashes or over several lines are left: a hash of the new version cannot be guessed. */
export const requirements: PinWriter = {
  type: "pypi",
  form: /^requirements[\w.-]*\.txt$/,
  write(text, raises) {
    const edits: Written["edits"][number][] = [];
    const raised = new Set<Raise>();
    for (const { 1: indent = "", 2: name = "", 3: between = "", 4: version = "", 0: line, index } of text.matchAll(
      pin,
    )) {
      const raise = raises.find((one) => plain(one.name) === plain(name) && one.from === version);
      if (!raise || line.includes("--hash")) continue;
      const start = index + indent.length + name.length + between.length;
      edits.push({ range: { start, end: start + version.length }, text: raise.to });
      raised.add(raise);
    }
    return { edits, raised: [...raised] };
  },
};

/** Names as the index compares them (PEP 503). */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
