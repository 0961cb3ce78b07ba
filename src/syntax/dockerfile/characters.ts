/** White space as Go's `unicode.IsSpace` has it, for the one code unit. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The white space that separates words of FROM, EXPOSE, COPY and the keyword itself: `[\t\v\f\r ]`. */
export function isWordSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || (code >= 0x0b && code <= 0x0d);
}

export const BACKSLASH = 0x5c;
export const HASH = 0x23;
export const NEWLINE = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const DASH = 0x2d;
export const SINGLE_QUOTE = 0x27;
export const DOUBLE_QUOTE = 0x22;
