/** What a registry asks for in `WWW-Authenticate` (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** Lower case: "bearer", "basic". */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const token = /[\w!#$%&'*+.^`|~-]+/y;

/** The challenges of a header, in order; what does not follow the grammar ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  const text = header.slice(0, 8192);
  let at = 0;
  const word = (): string | undefined => {
    token.lastIndex = at;
    const match = token.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const pass = (characters: string): void => {
    while (at < text.length && characters.includes(text[at] ?? "")) at++;
  };
  for (pass(" \t,"); at < text.length; pass(" \t,")) {
    const name = word();
    if (name === undefined) break;
    pass(" \t");
    const challenge = found.at(-1);
    if (text[at] !== "=" || !challenge) {
      found.push({ scheme: name.toLowerCase(), parameters: Object.create(null) as Record<string, string> });
      continue;
    }
    at++;
    pass(" \t");
    let value: string | undefined;
    if (text[at] === '"') {
      value = "";
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === "\\") at++;
        value += text[at] ?? "";
      }
      at++;
    } else value = word();
    if (value === undefined) break;
    challenge.parameters[name.toLowerCase()] ??= value;
  }
  return found;
}
