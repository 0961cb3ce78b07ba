import type { Cataloger } from "../cataloger.ts";
import { readText } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const registry = /(?:^|\/)\.registry\/(?:\.channel\.([^/]+)\/)?[^/]+\.reg$/;
const largest = 8 << 20;

/**
 * PHP extensions and libraries that `pecl` and `pear` installed: their registry has a serialized value for each, of which the
 * strings are read and nothing is made. Without a channel in the path it is that of PEAR.
 */
export const pear: Cataloger = {
  id: "pear",
  summary: "PHP extensions of PECL and packages of PEAR: .registry/**/*.reg",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".reg") && registry.test(path) && size <= largest,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const text = readText(files, path, largest) ?? "";
      const name = /s:4:"name";s:\d{1,4}:"([^"]{1,200})";/.exec(text)?.[1];
      // The attributes have a version as well, which is that of the format.
      const version =
        /s:7:"version";a:\d{1,4}:\{s:7:"release";s:\d{1,4}:"([^"]{1,200})";/.exec(text)?.[1] ??
        /s:7:"version";s:\d{1,4}:"([^"]{1,200})";/.exec(text)?.[1];
      if (name === undefined || version === undefined) unreadable(path, "it has no name or no version");
      if (name === undefined || version === undefined) continue;
      const channel = registry.exec(path)?.[1] ?? /s:7:"channel";s:\d{1,4}:"([^"]{1,200})";/.exec(text)?.[1];
      const license =
        /s:7:"license";(?:a:\d{1,4}:\{(?:s:7:"attribs";a:\d{1,4}:\{[^}]{0,1000}\})?s:8:"_content";)?s:\d{1,4}:"([^"]{1,200})";/.exec(
          text,
        );
      yield* languagePackage({
        type: "pear",
        name: `${channel ?? "pear.php.net"}/${name}`,
        version,
        files: [path],
        licenses: [license?.[1] ?? ""],
      });
    }
  },
  examples: [
    {
      title: "an extension, and the installer itself",
      files: {
        "usr/local/lib/php/.registry/.channel.pecl.php.net/redis.reg":
          'a:5:{s:7:"attribs";a:1:{s:7:"version";s:3:"2.0";}s:4:"name";s:5:"redis";s:7:"channel";s:12:"pecl.php.net";s:7:"version";a:2:{s:7:"release";s:5:"5.3.7";s:3:"api";s:5:"5.3.0";}s:7:"license";a:2:{s:7:"attribs";a:1:{s:3:"uri";s:3:"x.y";}s:8:"_content";s:3:"PHP";}}',
        "usr/local/lib/php/.registry/pear.reg":
          'a:3:{s:4:"name";s:4:"PEAR";s:7:"channel";s:12:"pear.php.net";s:7:"version";a:1:{s:7:"release";s:7:"1.10.15";}}',
      },
      purls: ["pkg:pear/pear.php.net/PEAR@1.10.15", "pkg:pear/pecl.php.net/redis@5.3.7"],
    },
  ],
};
