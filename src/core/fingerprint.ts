/** A 64-bit hash of short texts as 16 hex digits (two FNV-1a runs). It identifies; it does not protect. */
export function fingerprint(...parts: readonly string[]): string {
  const text = parts.join("\u0000");
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + i), 0x01000193);
  }
  return hex(high) + hex(low);
}

function hex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, "0");
}
