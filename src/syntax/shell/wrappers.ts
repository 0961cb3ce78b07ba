interface Wrapper {
  /** Options that take the next word as their value. */
  readonly valued: string;
  /** Words of its own between its options and the command (`timeout 5 cmd`). */
  readonly operands?: number;
  /** NAME=value words may stand before the command. */
  readonly assigns?: boolean;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: { valued: "ughpCrtUTDR", assigns: true },
  doas: { valued: "uC" },
  env: { valued: "uCS", assigns: true },
  exec: { valued: "a" },
  command: { valued: "" },
  builtin: { valued: "" },
  time: { valued: "fo" },
  nohup: { valued: "" },
  nice: { valued: "n" },
  ionice: { valued: "cn" },
  stdbuf: { valued: "ioe" },
  timeout: { valued: "ks", operands: 1 },
  eatmydata: { valued: "" },
  setarch: { valued: "", operands: 1 },
};

/**
 * How many of `words` (a command's name and arguments) belong to a wrapper in front of the real command; 0 when the first
 * word is no wrapper, or runs nothing (`command -v`, `env` alone).
 */
export function wrapperLength(words: readonly { readonly raw: string }[], from: number): number {
  const name = words[from]?.raw ?? "";
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (!wrapper) return 0;
  let at = from + 1;
  for (; at < words.length; at++) {
    const word = words[at]?.raw ?? "";
    if (word === "--") {
      at++;
      break;
    }
    if (name === "command" && /^-[vV]/.test(word)) return 0;
    if (wrapper.assigns && /^[A-Za-z_]\w*=/.test(word)) continue;
    if (!word.startsWith("-") || word === "-") break;
    if (!word.startsWith("--") && wrapper.valued.includes(word.at(-1) ?? " ") && word.length === 2) at++;
  }
  at += wrapper.operands ?? 0;
  return at < words.length ? at - from : 0;
}
