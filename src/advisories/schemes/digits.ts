/** Whether a UTF-16 code is an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a UTF-16 code is an ASCII letter. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** The end of the run of ASCII digits that starts at `from`. */
export function digitsEnd(text: string, from: number): number {
  let end = from;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Whether a text is ASCII digits and nothing else, at least one. */
export function isNumber(text: string): boolean {
  return text !== "" && digitsEnd(text, 0) === text.length;
}

/** Code unit order, which `<` on strings is. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The order of two whole numbers of any length, written in ASCII digits; an empty text is 0. Linear, exact past 2^53. */
export function compareDigits(a: string, b: string): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return left.length - right.length || compareText(left, right);
}

/** A number without the zeros in front; "" for 0. */
export function withoutZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start++;
  return start === 0 ? digits : digits.slice(start);
}
