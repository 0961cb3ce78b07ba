import type { RandomAccess } from "../../core/index.ts";
import { parseJson } from "./json.ts";
import { invalidFeed, tooLargeFeed } from "./refusal.ts";

const limits = { members: 1_000_000, memberBytes: 96 << 20 };
const chunkBytes = 1 << 20;
const quote = 0x22;
const backslash = 0x5c;

/**
 * The members of one large JSON object, one at a time: only the member at hand is in memory. Linear in the file's size.
 * @throws PlimsollError feed.invalid, feed.limit
 */
export function* jsonMembers(file: RandomAccess, name: string): Generator<readonly [key: string, value: unknown]> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let members = 0;
  const member = (): readonly [string, unknown] | undefined => {
    const text = Buffer.concat(pending).toString("utf8");
    pending = [];
    pendingBytes = 0;
    if (text.trim() === "") return undefined;
    if (++members > limits.members) throw tooLargeFeed(`${name} has too many parts`);
    const [entry] = Object.entries(parseJson(`{${text}}`, name) as Record<string, unknown>);
    return entry;
  };
  for (let offset = 0; offset < file.size; offset += chunkBytes) {
    const chunk = Buffer.from(file.read(offset, chunkBytes));
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
        continue;
      }
      const opens = byte === 0x7b || byte === 0x5b;
      const closes = byte === 0x7d || byte === 0x5d;
      if (byte === quote) inString = true;
      else if (opens && depth++ === 0) {
        if (byte !== 0x7b) throw invalidFeed(`${name} is not a JSON object`);
        from = i + 1;
      } else if ((closes && --depth === 0) || (byte === 0x2c && depth === 1)) {
        pending.push(chunk.subarray(from, i));
        from = i + 1;
        const found = member();
        if (found) yield found;
        if (depth === 0) return;
      }
    }
    if (depth === 0) continue;
    pending.push(chunk.subarray(from));
    pendingBytes += chunk.length - from;
    if (pendingBytes > limits.memberBytes) throw tooLargeFeed(`a part of ${name} is too large`);
  }
  throw invalidFeed(`${name} ends too early`);
}
