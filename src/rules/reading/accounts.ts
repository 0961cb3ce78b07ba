import type { Subjects } from "../rule.ts";
import { textOf } from "./contents.ts";

/** A line of /etc/passwd, /etc/group or /etc/shadow (passwd(5), group(5), shadow(5)). */
export interface Account {
  readonly name: string;
  readonly password: string;
  /** The number of the user or group, as written; of a line of /etc/shadow, a date. */
  readonly id: string;
}

type Subject = Pick<Subjects["image"], "files" | "contents">;

/** The accounts of a file of an image; undefined when it is there and cannot be read, empty when it is not there. */
export function accountsIn({ files, contents }: Subject, path: string): readonly Account[] | undefined {
  const file = files.resolve(path);
  if (!file) return [];
  const text = textOf(contents, file.path);
  return text?.split("\n").flatMap((line): Account[] => {
    const [name = "", password, id = ""] = line.trim().split(":", 4);
    return name === "" || name.startsWith("#") || password === undefined ? [] : [{ name, password, id }];
  });
}

/** The user a container starts as: the number when it is known, from what the configuration names and /etc/passwd says. */
export function startUser(subject: Subject, user: string): { readonly name: string; readonly id: string | undefined } {
  const name = user.split(":", 1)[0]?.trim() || "root";
  if (/^\d+$/.test(name)) return { name, id: String(Number(name)) };
  const known = accountsIn(subject, "etc/passwd");
  const id = known?.find((one) => one.name === name)?.id;
  return { name, id: id ?? (name === "root" ? "0" : undefined) };
}
