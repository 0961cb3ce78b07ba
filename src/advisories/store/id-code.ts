import { type ByteReader, type ByteWriter, damaged } from "./bytes.ts";

/** Ids of the form PREFIX-year-number: the number is padded with zeros to so many digits. Append only: the index is stored. */
const numbered: readonly (readonly [prefix: string, digits: number])[] = [
  ["CVE-", 4],
  ["ALPINE-CVE-", 4],
  ["DEBIAN-CVE-", 4],
  ["UBUNTU-CVE-", 4],
  ["PYSEC-", 1],
  ["GO-", 4],
  ["RUSTSEC-", 4],
  ["MAL-", 1],
];
/** Ids of three groups of four letters out of an alphabet that has no vowels. */
const lettered = ["GHSA-", "CGA-"] as const;
const alphabet = "23456789cfghjmpqrvwx";
const rawTag = 0;
const letteredTag = 64;

/** Writes an id in a handful of bytes; any text is allowed, the usual kinds are short. */
export function writeId(writer: ByteWriter, id: string): void {
  const year = /^([A-Z-]+-)(\d{4})-(\d{1,9})$/.exec(id);
  if (year) {
    const [, prefix, stated, digits] = year;
    const index = numbered.findIndex(([known]) => known === prefix);
    if (index >= 0 && numberedId(index, Number(stated), Number(digits)) === id) {
      writer.byte(1 + index);
      writer.number(Number(stated));
      writer.number(Number(digits));
      return;
    }
  }
  const index = lettered.findIndex((prefix) => id.startsWith(prefix));
  const letters = index < 0 ? undefined : id.slice(lettered[index]?.length);
  if (letters !== undefined && /^(?:[2-9cfghjmpqrvwx]{4}-){2}[2-9cfghjmpqrvwx]{4}$/.test(letters)) {
    writer.byte(letteredTag + index);
    for (const group of letters.split("-")) {
      let value = 0;
      for (const letter of group) value = value * alphabet.length + alphabet.indexOf(letter);
      writer.number(value);
    }
    return;
  }
  writer.byte(rawTag);
  writer.text(id);
}

export function readId(reader: ByteReader): string {
  const tag = reader.byte();
  if (tag === rawTag) return reader.text();
  if (tag <= numbered.length) {
    const year = reader.number();
    return numberedId(tag - 1, year, reader.number());
  }
  const prefix = lettered[tag - letteredTag];
  if (prefix === undefined) throw damaged("an id is of an unknown kind");
  return prefix + [letters(reader.number()), letters(reader.number()), letters(reader.number())].join("-");
}

function numberedId(index: number, year: number, value: number): string {
  const [prefix, digits] = numbered[index] ?? ["", 1];
  return `${prefix}${year}-${String(value).padStart(digits, "0")}`;
}

function letters(value: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < 4; i++) {
    text = (alphabet[rest % alphabet.length] ?? "") + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}
