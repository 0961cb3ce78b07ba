import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";

/** Go's module file: since Go 1.17 it names every module that is compiled in, with the version chosen; replacements win. */
export const goMod: Cataloger = lockFile({
  id: "go-mod",
  summary: "Go modules: go.mod",
  type: "golang",
  path: /(?:^|\/)go\.mod$/,
  *read(text, _path, damaged) {
    const required: Locked[] = [];
    const replaced = new Map<string, readonly [string, string | undefined]>();
    let hasModule = false;
    for (const [verb, words] of directives(text)) {
      const [first = "", second = "", ...rest] = words;
      if (verb === "module") hasModule = true;
      if (verb === "require" && second !== "") required.push({ name: first, version: second });
      else if (verb === "toolchain" && /^go\d/.test(first))
        yield { name: "stdlib", version: first.slice(2).split("-", 1)[0] ?? "" };
      else if (verb === "replace") {
        const to = second === "=>" ? rest : rest.slice(1);
        replaced.set(second === "=>" ? first : `${first} ${second}`, [to[0] ?? "", to[1]]);
      }
    }
    if (!hasModule) damaged("it names no module");
    for (const one of required) {
      const to = replaced.get(`${one.name} ${one.version}`) ?? replaced.get(one.name);
      if (!to) yield one;
      // A directory in a module's place: what is in it nobody outside knows.
      else if (to[1] !== undefined) yield { name: to[0], version: to[1] };
    }
  },
  examples: [
    {
      title: "blocks, a replacement by another module and one by a directory",
      files: {
        "go.mod":
          "module example.com/shop\n\ngo 1.21\n\ntoolchain go1.22.6\n\nrequire(\n\tgithub.com/gorilla/mux v1.8.0\n\tgolang.org/x/net v0.10.0 // indirect\n\texample.com/here v0.0.0\n)\n\nreplace golang.org/x/net => golang.org/x/net v0.17.0\nreplace example.com/here v0.0.0 => ../here\n",
      },
      purls: [
        "pkg:golang/github.com/gorilla/mux@v1.8.0",
        "pkg:golang/golang.org/x/net@v0.17.0",
        "pkg:golang/stdlib@1.22.6",
      ],
    },
  ],
});

/** Each line's verb and words: those of a block have the block's verb. */
function* directives(text: string): Generator<readonly [string, readonly string[]]> {
  let block: string | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const comment = line.indexOf("//");
    const words = (comment < 0 ? line : line.slice(0, comment))
      .replace(/[()]/g, " $& ")
      .split(/\s+/)
      .flatMap((word) => word.replace(/^["`]|["`]$/g, "") || []);
    const [verb = "", next] = words;
    if (words.length === 0) continue;
    if (verb === ")") block = undefined;
    else if (block !== undefined) yield [block, words];
    else if (next === "(") block = verb;
    else yield [verb, words.slice(1)];
  }
}
