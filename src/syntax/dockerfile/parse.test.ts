import { describe, expect, it } from "vitest";
import { type Instruction, type InstructionOf, parseDockerfile } from "../index.ts";

function parse(text: string) {
  const dockerfile = parseDockerfile(text);
  const at = (range: { start: number; end: number }): string => text.slice(range.start, range.end);
  return Object.assign(dockerfile, {
    at,
    keywords: dockerfile.instructions.map(({ keyword }) => keyword),
    messages: dockerfile.problems.map(({ message }) => message),
  });
}
function first<K extends Instruction["keyword"]>(text: string, keyword: K): InstructionOf<K> {
  const found = parseDockerfile(text).instructions.find((instruction) => instruction.keyword === keyword);
  if (!found) throw new Error(`no ${keyword}`);
  return found as InstructionOf<K>;
}

describe("directives", () => {
  it("count at the very top, in any order and case, with blanks around the sign", () => {
    const { directives, escape } = parse("#SYNTAX = docker/dockerfile:1\n# escape=`\n# check=skip=all\nFROM a\n");
    expect(directives.map(({ name, value }) => [name, value])).toEqual([
      ["syntax", "docker/dockerfile:1"],
      ["escape", "`"],
      ["check", "skip=all"],
    ]);
    expect(escape).toBe("`");
  });
  it.each([
    ["a comment", "# hello\n# escape=`\nFROM a\n"],
    ["a blank line", "\n# escape=`\nFROM a\n"],
    ["an unknown directive", "# colour=blue\n# escape=`\nFROM a\n"],
    ["an instruction", "FROM a\n# escape=`\n"],
  ])("are only comments after %s", (_, text) => {
    expect(parse(text).directives).toEqual([]);
    expect(parse(text).escape).toBe("\\");
  });
  it("may be given once each", () => {
    expect(parse("# escape=`\n# escape=\\\nFROM a\n").messages).toEqual(["only one escape directive can be used"]);
  });
});

describe("continued lines", () => {
  it("join without the escape, leave out comments and blank lines, and map every word back", () => {
    const text = "FROM a\nRUN one \\\n# note\n\n  two \\  \n three\n";
    const run = first(text, "RUN");
    expect(run.argumentsText).toBe("one   two  three");
    expect(run.script.commands[0]?.args.map(({ range }) => text.slice(range.start, range.end))).toEqual([
      "two",
      "three",
    ]);
    expect(run.emptyContinuations.map(({ start, end }) => text.slice(start, end))).toEqual(["\n"]);
    expect(parseDockerfile(text).comments.map((comment) => comment.text)).toEqual(["note"]);
  });
  it("do not go on behind a doubled escape", () => {
    expect(parse("FROM a\nRUN echo \\\\\nRUN b\n").keywords).toEqual(["FROM", "RUN", "RUN"]);
  });
  it("use the backtick where the escape directive says so", () => {
    expect(parse("# escape=`\nFROM a\nRUN dir C:\\ `\n  b\nUSER x\n").keywords).toEqual(["FROM", "RUN", "USER"]);
  });
  it("end with the file", () => {
    expect(parse("FROM a\nRUN b \\").keywords).toEqual(["FROM", "RUN"]);
  });
  it("keep CRLF out of words", () => {
    const text = "FROM a\r\nRUN one \\\r\n  two\r\n";
    expect(first(text, "RUN").argumentsText).toBe("one   two");
    expect(parseDockerfile(text).newline).toBe("\r\n");
  });
});

describe("heredocs", () => {
  it("are several on one line, each with its own end", () => {
    const text = 'FROM a\nCOPY <<one <<-"two" /x/\n1\none\n\t2\n\ttwo\nUSER b\n';
    const copy = first(text, "COPY");
    expect(
      copy.heredocs.map(({ name, stripTabs, expand, body }) => [
        name,
        stripTabs,
        expand,
        text.slice(body.start, body.end),
      ]),
    ).toEqual([
      ["one", false, true, "1\n"],
      ["two", true, false, "\t2\n"],
    ]);
    expect(copy.sources).toEqual([]);
    expect(copy.target.value).toBe("/x/");
    expect(parse(text).keywords).toEqual(["FROM", "COPY", "USER"]);
  });
  it("are scripts when a RUN is nothing else, and here-documents when it is more", () => {
    const alone = first("FROM a\nRUN <<EOF\nset -e\napt-get update\nEOF\n", "RUN").script;
    expect([alone.heredoc, alone.errexit, alone.commands.map(({ name }) => name)]).toEqual([
      true,
      true,
      ["set", "apt-get"],
    ]);
    const piped = first("FROM a\nRUN cat <<EOF > /x && ls\napt-get update\nEOF\n", "RUN").script;
    expect(piped.commands.map(({ name }) => name)).toEqual(["cat", "ls"]);
  });
  it("with another interpreter give no shell commands", () => {
    const { script } = first("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF\n", "RUN");
    expect([script.dialect, script.commands]).toEqual(["unknown", []]);
  });
  it("that never end are told, and hide nothing", () => {
    const { keywords, messages } = parse("FROM a\nRUN cat <<EOF\nUSER b\n");
    expect(keywords).toEqual(["FROM", "RUN", "USER"]);
    expect(messages).toEqual(["the heredoc EOF is not ended by a line EOF"]);
  });
  it("are not opened by <<<, by arithmetic or in JSON form", () => {
    expect(parse('FROM a\nRUN cat <<< x\nRUN echo $((1<<2))\nRUN ["a", "<<EOF"]\nUSER b\n').keywords).toEqual([
      "FROM",
      "RUN",
      "RUN",
      "RUN",
      "USER",
    ]);
  });
});

describe("words", () => {
  it("of JSON forms are the strings, and anything else falls back to shell form", () => {
    expect(first('FROM a\nCMD ["a b", "c\\u0041"]\n', "CMD").words.map(({ value }) => value)).toEqual(["a b", "cA"]);
    expect(first("FROM a\nCMD ['a']\n", "CMD").form).toBe("shell");
    expect(parse("FROM a\nCMD [1]\n").messages).toEqual(["a JSON form holds strings only"]);
  });
  it("of ENV and LABEL split outside quotes, and have the legacy form", () => {
    const env = first(`FROM a\nENV A="x y" B=x\\ y C='$A'\n`, "ENV");
    expect(env.pairs.map(({ name, value }) => [name.raw, value?.value])).toEqual([
      ["A", "x y"],
      ["B", "x y"],
      ["C", "$A"],
    ]);
    const legacy = first("FROM a\nENV NAME the value\n", "ENV");
    expect([legacy.legacy, legacy.pairs[0]?.name.raw, legacy.pairs[0]?.value?.raw]).toEqual([
      true,
      "NAME",
      "the value",
    ]);
  });
  it("in front of the arguments are flags, repeated ones too", () => {
    const run = first("FROM a\nRUN --mount=type=cache,target=/x --mount=type=secret,id=y --network=none ls\n", "RUN");
    expect(run.flags.map(({ name, value }) => [name, value?.value])).toEqual([
      ["mount", "type=cache,target=/x"],
      ["mount", "type=secret,id=y"],
      ["network", "none"],
    ]);
    expect(run.argumentsText).toBe("ls");
  });
});

describe("one bad instruction", () => {
  it("is told and hides none of the others", () => {
    const { keywords, messages, at, problems } = parse("FROM a\nBOGUS x\nCOPY onlyone\nRUN --nope ls\nUSER b\n");
    expect(keywords).toEqual(["FROM", "UNKNOWN", "COPY", "RUN", "USER"]);
    expect(messages).toEqual([
      "unknown instruction",
      "COPY needs a source and a destination",
      "RUN has no flag --nope",
    ]);
    expect(problems.map(({ range }) => at(range))).toEqual(["BOGUS", "onlyone", "--nope"]);
  });
});

describe("stages", () => {
  it("know their base: an image, an earlier stage whatever its case, scratch, or none in a fragment", () => {
    const { stages } = parse("ARG V=1\nFROM a:$V AS Build\nFROM build\nFROM scratch\n");
    expect(stages.map(({ base }) => base)).toEqual([
      { kind: "image", reference: "a:1" },
      { kind: "stage", index: 0 },
      { kind: "scratch" },
    ]);
    expect(parse("RUN ls\n").stages.map(({ base }) => base.kind)).toEqual(["none"]);
  });
  it("hand on ENV but not ARG, and take defaults of global ARGs when they ask", () => {
    const text = "ARG V=1\nFROM a AS x\nARG V\nARG P=2\nENV E=$V-$P\nWORKDIR /$E\nFROM x\nWORKDIR /$E/$P\n";
    const workdirs = parseDockerfile(text).instructions.filter(({ keyword }) => keyword === "WORKDIR");
    expect(workdirs.map(({ words }) => words[0]?.value)).toEqual(["/1-2", undefined]);
  });
  it("give shell forms the dialect of their SHELL", () => {
    const text = 'FROM a\nSHELL ["pwsh", "-c"]\nRUN Get-Item\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN ls\n';
    const runs = parseDockerfile(text).instructions.filter((one): one is InstructionOf<"RUN"> => one.keyword === "RUN");
    expect(runs.map(({ script }) => [script.dialect, script.commands.length, script.errexit])).toEqual([
      ["powershell", 0, false],
      ["bash", 1, true],
    ]);
  });
});
