import type { GoBuildInfo } from "../binary/go-build-info.ts";

const version = /^v?\d{1,9}(?:\.\d{1,9}){0,3}(?:[-+][0-9A-Za-z.+-]{1,128})?$/;
const usual = new Set(["main", "common", "version", "cmd"]);

/**
 * The version of the program itself. Where the linker knows none ("(devel)": built from a checkout), makers pass it by
 * `-ldflags "-X package.Version=v1.2.3"`: variables of the program's own `cmd` packages count first, then those of packages
 * named main, common, version or cmd, then all others; where the first that are there disagree, it stays unknown.
 */
export function goMainVersion(info: GoBuildInfo): string | undefined {
  const main = info.main?.replace ?? info.main;
  if (main && main.version !== "" && main.version !== "(devel)") return main.version;
  const own = `${info.main?.path ?? ""}/cmd`;
  const groups: [Set<string>, Set<string>, Set<string>] = [new Set(), new Set(), new Set()];
  for (const [variable, value] of linkerVariables(info.settings["-ldflags"] ?? "")) {
    const dot = variable.lastIndexOf(".");
    if (!/(?:version|ver)$/i.test(variable.slice(dot + 1)) || !version.test(value)) continue;
    const inPackage = variable.slice(0, Math.max(0, dot));
    const last = inPackage.slice(inPackage.lastIndexOf("/") + 1).toLowerCase();
    const group = inPackage === own || inPackage.startsWith(`${own}/`) ? 0 : usual.has(last) ? 1 : 2;
    groups[group].add(value.startsWith("v") ? value : `v${value}`);
  }
  const found = groups.find((group) => group.size > 0);
  return found?.size === 1 ? [...found][0] : undefined;
}

/** The `-X name=value` among the linker's arguments, which are split as a shell would (quotes, no escapes). */
function linkerVariables(flags: string): (readonly [string, string])[] {
  const words: string[] = [];
  for (const match of flags.slice(0, 1 << 16).matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g))
    words.push(match[0].replace(/["']/g, ""));
  const found: (readonly [string, string])[] = [];
  for (const [index, word] of words.entries()) {
    const text = word === "-X" || word === "--X" ? words[index + 1] : /^--?X=(.*)$/s.exec(word)?.[1];
    const equals = text?.indexOf("=") ?? -1;
    if (text !== undefined && equals > 0) found.push([text.slice(0, equals), text.slice(equals + 1)]);
  }
  return found;
}
