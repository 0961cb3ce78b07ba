import type { FileView, RandomAccess } from "../../core/index.ts";
import { isZipStart, readZip } from "../binary/zip.ts";
import type { Cataloger, TellUnreadable } from "../cataloger.ts";
import { directoryOf, objectOf, readJson, readText, textOf } from "../documents.ts";
import { languagePackage, pythonName } from "../reading/language-package.ts";
import type { Package } from "../package.ts";
import { parseMailHeaders } from "../reading/mail-headers.ts";

/** Core metadata in all the places installers put it: directories, lone files, and inside of zipped eggs. */
const metadata =
  /(?:^|\/)(?:[^/]+\.dist-info\/METADATA|[^/]+\.egg-info\/(?:PKG-INFO|METADATA)|EGG-INFO\/PKG-INFO|[^/]+\.egg-info|[^/]+\.egg)$/;
const besides =
  /\.dist-info\/(?:RECORD|direct_url\.json)$|\.egg-info\/(?:installed-files|requires)\.txt$|(?:^|\/)EGG-INFO\/requires\.txt$/;
const largestMetadata = 8 << 20;
const largestEgg = 512 << 20;

/** Python distributions as pip, setuptools and Debian install them (PEP 376, PEP 610, PEP 627, core metadata 2.4). */
export const python: Cataloger = {
  id: "python",
  summary: "Python distributions: dist-info, egg-info in all its forms, eggs",
  evidence: "installed",
  wants: (path, { size }) =>
    (path.includes("-info/") || path.includes(".egg") || path.includes("EGG-INFO/")) &&
    ((metadata.test(path) && size <= (path.endsWith(".egg") ? largestEgg : largestMetadata)) ||
      (besides.test(path) && size <= largestMetadata * 4)),
  condense: (path, file) => (path.endsWith(".egg") ? eggMetadata(file) : file.read(0, file.size)),
  *catalog(files, unreadable) {
    for (const path of files.paths) if (metadata.test(path)) yield* distribution(files, path, unreadable);
  },
  examples: [
    {
      title: "a zipped egg",
      files: {
        "srv/old-1.0-py3.egg": {
          base64:
            "UEsDBBQAAAAAAAAAIVjd7UigLQAAAC0AAAARAAAARUdHLUlORk8vUEtHLUlORk9NZXRhZGF0YS1WZXJzaW9uOiAxLjAKTmFtZTog" +
            "b2xkClZlcnNpb246IDEuMApQSwECFAMUAAAAAAAAACFY3e1IoC0AAAAtAAAAEQAAAAAAAAAAAAAAgAEAAAAARUdHLUlORk8vUEtH" +
            "LUlORk9QSwUGAAAAAAEAAQA/AAAAXAAAAAAA",
        },
      },
      purls: ["pkg:pypi/old@1.0"],
    },
    {
      title: "a wheel that pip installed from a repository, Debian's lone egg-info file, an unpacked egg",
      files: {
        "usr/lib/python3/site-packages/Flask_Login-0.6.3.dist-info/METADATA":
          "Metadata-Version: 2.1\nName: Flask-Login\nVersion: 0.6.3\nLicense: MIT\nRequires-Dist: Flask (>=1.0.4)\nRequires-Dist: pytest ; extra == 'test'\n\nLogin.\n",
        "usr/lib/python3/site-packages/Flask_Login-0.6.3.dist-info/RECORD": "flask_login/__init__.py,sha256=x,1\n",
        "usr/lib/python3/site-packages/Flask_Login-0.6.3.dist-info/direct_url.json":
          '{"url":"https://git.example/flask-login","vcs_info":{"vcs":"git","commit_id":"0a1b2c"}}',
        "usr/lib/python3/dist-packages/six-1.16.0.egg-info": "Metadata-Version: 1.2\nName: six\nVersion: 1.16.0\n",
        "srv/zope.event-4.5.0-py3.egg/EGG-INFO/PKG-INFO":
          "Metadata-Version: 1.0\r\nName: zope.event\r\nVersion: 4.5.0\r\n",
      },
      purls: [
        "pkg:pypi/flask-login@0.6.3?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fflask-login%400a1b2c",
        "pkg:pypi/six@1.16.0",
        "pkg:pypi/zope-event@4.5.0",
      ],
    },
  ],
};

function eggMetadata(file: RandomAccess): Uint8Array | undefined {
  const zip = readZip(file);
  const entry = zip?.entries.find((one) => one.name === "EGG-INFO/PKG-INFO");
  const found = entry && zip?.open(entry, largestMetadata);
  if (found) return found.read(0, found.size);
  // Nothing that could be read of what was a zip once: kept, so that it is told.
  return !zip && isZipStart(file) ? new Uint8Array(0) : undefined;
}

function* distribution(files: FileView, path: string, unreadable: TellUnreadable): Generator<Package> {
  const text = readText(files, path, largestMetadata);
  const headers = text === undefined ? undefined : parseMailHeaders(text);
  const name = headers?.get("name")?.[0];
  const version = headers?.get("version")?.[0];
  if (name === undefined || version === undefined) unreadable(path, "it has no name or no version");
  if (!headers || name === undefined || version === undefined) return;
  const directory = path.endsWith("/METADATA") || path.endsWith("/PKG-INFO") ? directoryOf(path) : undefined;
  const record = directory === undefined ? undefined : `${directory}/RECORD`;
  const bytes = record === undefined ? undefined : recordedBytes(readText(files, record) ?? "");
  const qualifiers = directory === undefined ? undefined : directUrl(files, `${directory}/direct_url.json`);
  const requires = headers.get("requires-dist") ?? requiredByEgg(files, directory);
  yield* languagePackage({
    type: "pypi",
    name,
    version,
    licenses: licensesOf(headers),
    files: [path],
    ...(bytes ? { installedBytes: bytes } : {}),
    requires: requires.flatMap(requirement),
    ...(qualifiers ? { qualifiers } : {}),
  });
}

function licensesOf(headers: ReadonlyMap<string, readonly string[]>): string[] {
  const expression = headers.get("license-expression")?.[0];
  if (expression) return [expression];
  const classified = (headers.get("classifier") ?? [])
    .filter((one) => one.startsWith("License ::"))
    .map((one) => one.slice(one.lastIndexOf("::") + 2).trim())
    .filter((one) => one !== "OSI Approved");
  // Some put the whole text of their licence here: only its first line can be a name.
  const written = headers.get("license")?.[0]?.split("\n", 1)[0]?.trim() ?? "";
  return written !== "" && written !== "UNKNOWN" && written.length <= 100 ? [written] : classified;
}

/** The name of what is required, unless only an extra or a test asks for it. */
function requirement(text: string): string[] {
  const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}))/.exec(text)?.[1];
  return name === undefined || /;[^;]{0,500}\bextra\s*==/.test(text) ? [] : [pythonName(name.replace(/[._-]+$/, ""))];
}

function requiredByEgg(files: FileView, directory: string | undefined): readonly string[] {
  const text = directory === undefined ? undefined : readText(files, `${directory}/requires.txt`, largestMetadata);
  const lines = text?.split("\n") ?? [];
  const section = lines.findIndex((line) => line.startsWith("["));
  return section < 0 ? lines : lines.slice(0, section);
}

/** The sum of the sizes in RECORD, a table `path,hash,size`: what the installer laid down. */
function recordedBytes(record: string): number {
  let bytes = 0;
  for (const line of record.split("\n")) bytes += Number(/,(\d{1,12})\r?$/.exec(line)?.[1] ?? 0);
  return bytes;
}

/** Where it came from when not from an index (PEP 610): it need not be what the index has under this name. */
function directUrl(files: FileView, path: string): Record<string, string> | undefined {
  const origin = readJson(files, path, 1 << 16);
  const url = textOf(origin?.["url"])?.replace(/^([a-z+]{1,20}:\/\/)[^/@]{1,1000}@/, "$1");
  if (url === undefined || url.length > 2048) return undefined;
  const repository = objectOf(origin?.["vcs_info"]);
  // A file of the machine that built the image says nothing to anyone else.
  if (!repository)
    return objectOf(origin?.["archive_info"]) && /^https?:/.test(url) ? { download_url: url } : undefined;
  const commit = textOf(repository["commit_id"]);
  return { vcs_url: `${textOf(repository["vcs"]) ?? "git"}+${url}${commit === undefined ? "" : `@${commit}`}` };
}
