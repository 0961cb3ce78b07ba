import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";

/** Name, extras, and all that is asked of the version (PEP 508, its older form in brackets too). */
const requirement =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,200})\s{0,20}(?:\[[^\]]{0,500}\])?\s{0,20}\(?\s{0,20}((?:===?|[<>~!]=?)[^;()]{1,1000})/;
/** One of the clauses: `==` without a wildcard, or `===`. */
const exact = /^===?\s{0,20}([0-9A-Za-z.!+_-]{1,200})$/;
/** What stands in the name of a wheel and of most source archives (PEP 427, PEP 625). */
const wheel = /(?:^|\/)([A-Za-z0-9][A-Za-z0-9._]{0,200})-([0-9][0-9A-Za-z.!+_]{0,200})-[^/]{1,300}\.whl(?:[#?]|$)/;
const archive = /(?:^|\/)([A-Za-z0-9][A-Za-z0-9._-]{0,200})-([0-9][0-9A-Za-z.!+_]{0,200})\.(?:tar\.gz|zip)(?:[#?]|$)/;
const forDevelopment = /(?:^|[/._-])(?:dev|develop|development|tests?|testing|lint|linting|docs?|typing)(?=[/._-])/i;

/**
 * Requirements that are pinned to one version, or to one file that has it in its name; ranges say nothing of what is installed,
 * and `-r` files stand for themselves.
 */
export const requirements: Cataloger = lockFile({
  id: "requirements",
  summary: "pip: requirements.txt, as far as it pins versions",
  type: "pypi",
  path: /(?:^|\/)(?:[^/]*requirements[^/]*\.txt|requirements\/[^/]+\.txt)$/i,
  *read(text, path) {
    // Directories further up have names of their own ("/docs/requirements.txt" is about the documents, "/test/app/…" is not).
    const dev = forDevelopment.test(path.split("/").slice(-2).join("/"));
    for (const line of logicalLines(text)) {
      const found = line.startsWith("-") ? undefined : (pinned(line) ?? fileOf(line));
      if (found) yield { ...found, dev };
    }
  },
  examples: [
    {
      title: "pins count, with hashes, extras and markers; ranges and wildcards do not",
      files: {
        "requirements.txt":
          "# web\nFlask==2.0.1 \\\n    --hash=sha256:aa\nrequests[socks] == 2.31.0 ; python_version > '3'  # http\ndjango>=4\nattrs==22.*\n-r other.txt\n",
      },
      purls: ["pkg:pypi/flask@2.0.1", "pkg:pypi/requests@2.31.0"],
    },
    {
      title: "a pin among other clauses, in brackets, arbitrary equality, wheels and archives by address or path",
      files: {
        "requirements/docker.txt":
          "urllib3!=1.25.0,==1.26.5,<2\nzope.interface (==5.4.0)\nlegacy===2014.04\nnumpy~=1.21\ntorch==2.1.0+cpu --config-settings=x=y\n" +
          "black @ https://files.example/black-23.1.0-cp311-cp311-linux_x86_64.whl#sha256=aa ; python_version > '3'\n" +
          "./wheels/six-1.16.0-py2.py3-none-any.whl\nhttps://files.example/docutils-0.16.tar.gz\n" +
          "-e git+https://git.example/tool@v1.0#egg=tool\nshop @ git+https://git.example/shop@v2\n-c constraints==1.txt\n",
      },
      purls: [
        "pkg:pypi/black@23.1.0",
        "pkg:pypi/docutils@0.16",
        "pkg:pypi/legacy@2014.04",
        "pkg:pypi/six@1.16.0",
        "pkg:pypi/torch@2.1.0%2Bcpu",
        "pkg:pypi/urllib3@1.26.5",
        "pkg:pypi/zope-interface@5.4.0",
      ],
    },
    {
      title: "UTF-16, as PowerShell's redirection writes it",
      files: { "requirements.txt": { base64: "//5mAGwAYQBzAGsAPQA9ADIALgAwAC4AMQANAAoA" } },
      purls: ["pkg:pypi/flask@2.0.1"],
    },
  ],
});

/** Lines as pip reads them: continued by a backslash, without comments; a comment ends a continued line. */
function* logicalLines(text: string): Generator<string> {
  let begun = "";
  for (const line of text.split(/\r\n?|\n/)) {
    if (line === "" && begun === "") continue;
    const isComment = /^\s*#/.test(line);
    if (line.endsWith("\\") && !isComment) {
      begun += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = begun + (isComment ? "" : line);
    begun = "";
    const comment = /(?:^|\s)#/.exec(whole);
    yield (comment ? whole.slice(0, comment.index) : whole).trim();
  }
  yield begun.trim();
}

function pinned(line: string): Locked | undefined {
  const [, name, clauses] = requirement.exec(line) ?? [];
  const version = (clauses?.split(/\s--?[a-zA-Z]/, 1)[0] ?? "")
    .split(",")
    .flatMap((one) => exact.exec(one.trim())?.[1] ?? [])[0];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** `name @ address`, an address or a path: of a file whose name says what is in it. */
function fileOf(line: string): Locked | undefined {
  const [, named, where = line] =
    /^([A-Za-z0-9][A-Za-z0-9._-]{0,200})\s{0,20}(?:\[[^\]]{0,500}\])?\s{0,20}@\s{0,20}(\S{1,2000})/.exec(line) ?? [];
  const place = where.split(/\s/, 1)[0] ?? "";
  if (place.length > 2000 || /^(?:git|hg|svn|bzr)\+/.test(place)) return undefined;
  const [, name, version] = wheel.exec(place) ?? archive.exec(place) ?? [];
  return name === undefined || version === undefined ? undefined : { name: named ?? name, version };
}
