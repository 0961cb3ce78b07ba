import { damaged } from "./damaged.ts";
import { itemsIn, textIn } from "./json-value.ts";

/** The characters that say how much a version shares with the one before it. */
const digits = "0123456789abcdefghijklmnopqrstuvwxyz";
const maximumLength = 4096;

/**
 * Versions sorted, each by how much it shares with the one before, in one text: lists of them shrink to a quarter, and are read
 * only when they are asked for. Where one has a space in it they stay a list.
 */
export function versionsValue(versions: readonly string[]): string | readonly string[] {
  const sorted = [...versions].sort();
  if (sorted.some((version) => version.includes(" "))) return sorted;
  let before = "";
  const written = sorted.map((version) => {
    let shared = 0;
    const most = Math.min(before.length, version.length, digits.length - 1);
    while (shared < most && before.charCodeAt(shared) === version.charCodeAt(shared)) shared++;
    before = version;
    return `${digits[shared]}${version.slice(shared)}`;
  });
  return written.join(" ");
}

export function readVersions(value: unknown): readonly string[] {
  if (typeof value !== "string") return itemsIn(value, textIn);
  if (value === "") return [];
  let before = "";
  return value.split(" ").map((written) => {
    const shared = digits.indexOf(written.charAt(0));
    if (written === "" || shared < 0 || shared > before.length)
      throw damaged("a list of versions does not hold together");
    before = before.slice(0, shared) + written.slice(1);
    if (before.length > maximumLength) throw damaged("a version is too long");
    return before;
  });
}
