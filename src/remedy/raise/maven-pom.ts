import type { PinWriter, Written } from "./pin-writer.ts";
import type { Raise } from "./raise.ts";

const dependency = /<dependency>([\s\S]*?)<\/dependency>/g;

/** Maven's `pom.xml`: the version of a dependency, or the property that it takes it from. */
export const mavenPom: PinWriter = {
  type: "maven",
  form: /^pom\.xml$/,
  write(text, raises) {
    const edits = new Map<number, Written["edits"][number]>();
    const raised: Raise[] = [];
    // Comments are blanked out, so that places stay.
    const told = text.replaceAll(/<!--[\s\S]*?-->/g, (comment) => " ".repeat(comment.length));
    for (const raise of raises) {
      const places = [...told.matchAll(dependency)].flatMap((match) => placeIn(match, raise, told));
      if (places.length === 0) continue;
      for (const start of places)
        edits.set(start, { range: { start, end: start + raise.from.length }, text: raise.to });
      raised.push(raise);
    }
    return { edits: [...edits.values()], raised };
  },
};

/** Where the version is written that a dependency on a package has. */
function placeIn(match: RegExpExecArray, { name, from }: Raise, text: string): number[] {
  const body = match[1] ?? "";
  const value = (tag: string): string | undefined =>
    new RegExp(String.raw`<${tag}>\s*([^<\s]+)\s*</${tag}>`).exec(body)?.[1];
  if (`${value("groupId") ?? ""}:${value("artifactId") ?? ""}` !== name) return [];
  const version = value("version");
  if (version === from) {
    const within = /<version>\s*/.exec(body);
    return within ? [match.index + "<dependency>".length + within.index + within[0].length] : [];
  }
  const property = /^\$\{([\w.-]+)\}$/.exec(version ?? "")?.[1];
  if (property === undefined) return [];
  const tag = property.replaceAll(".", String.raw`\.`);
  const said = [...text.matchAll(new RegExp(String.raw`(<${tag}>\s*)([^<\s]+)\s*</${tag}>`, "g"))];
  const [only] = said;
  return said.length === 1 && only?.[2] === from ? [only.index + (only[1]?.length ?? 0)] : [];
}
