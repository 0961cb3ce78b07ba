/**
 * Prints the table in src/rules/reading/runtime-libraries.ts: which libraries a program linked against a Debian `-dev` package
 * needs at run time. By rule: what the package depends on with exactly its own version, that is a library.
 *
 *     node tools/run.mjs tools/runtime-libraries.ts bullseye=Packages bookworm=Packages trixie=Packages
 */
import { readFileSync } from "node:fs";

const wanted =
  `libapr1-dev libargon2-dev libasound2-dev libaugeas-dev libavahi-client-dev libbrotli-dev libbsd-dev libbz2-dev libc-ares-dev libcairo2-dev
  libcap-dev libcjson-dev libcrypt-dev libcunit1-dev libcurl4-gnutls-dev libcurl4-openssl-dev libdb5.3-dev libdbus-1-dev libedit-dev
  libelf-dev libev-dev libevent-dev libexif-dev libexpat1-dev libfcgi-dev libffi-dev libfmt-dev libfontconfig-dev libfontconfig1-dev libfreetype-dev
  libfreetype6-dev libfuse-dev libfuse3-dev libgcrypt20-dev libgd-dev libgdbm-dev libgeoip-dev libgeos-dev libgif-dev libgit2-dev libglib2.0-dev
  libgmp-dev libgnutls28-dev libgoogle-glog-dev libgrpc++-dev libharfbuzz-dev libhiredis-dev libicu-dev libidn2-dev libjansson-dev
  libjemalloc-dev libjpeg-dev libjpeg62-turbo-dev libjson-c-dev libjsoncpp-dev libkrb5-dev liblcms2-dev libldap-dev libldap2-dev libleveldb-dev libltdl-dev
  liblua5.3-dev liblz4-dev liblzma-dev liblzo2-dev libmagic-dev libmariadb-dev libmaxminddb-dev libmemcached-dev libmicrohttpd-dev
  libmodbus-dev libmosquitto-dev libncurses-dev libncurses5-dev libnghttp2-dev libnl-3-dev libnuma-dev libonig-dev libpam0g-dev libpcap-dev
  libpcre2-dev libpcre3-dev libpng-dev libpopt-dev libpq-dev libprotobuf-c-dev libprotobuf-dev libqrencode-dev librabbitmq-dev
  librdkafka-dev libreadline-dev librocksdb-dev libsasl2-dev libsctp-dev libsdl2-dev libseccomp-dev libselinux1-dev libsnappy-dev libsndfile1-dev libsodium-dev
  libspdlog-dev libsqlite3-dev libssh-dev libssh2-1-dev libssl-dev libsystemd-dev libtalloc-dev libtiff-dev libtinyxml2-dev libudev-dev
  libunistring-dev libunwind-dev liburing-dev libusb-1.0-0-dev libutf8proc-dev libuuid1-dev uuid-dev libuv1-dev libvorbis-dev libwebp-dev
  libwebsockets-dev libxml2-dev libxslt1-dev libxxhash-dev libyaml-cpp-dev libyaml-dev libz3-dev libzip-dev libzmq3-dev libzstd-dev zlib1g-dev`.split(
    /\s+/,
  );
const suites = process.argv.slice(2).map((argument) => argument.split("=") as [string, string]);
const bySuite = new Map(suites.map(([suite, file]) => [suite, readRuntime(readFileSync(file, "utf8"))]));
for (const name of wanted) {
  const row = suites.map(([suite]) => bySuite.get(suite)?.get(name)?.join(",") ?? "-");
  if (row.every((one) => one === "-")) continue;
  process.stdout.write(`${name} ${row.every((one) => one === row[0]) ? row[0] : row.join(" ")}\n`);
}

function readRuntime(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const paragraph of text.split("\n\n")) {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(paragraph)?.[1] ?? "";
    const name = field("Package");
    const version = field("Version");
    if (!wanted.includes(name)) continue;
    const libraries = field("Depends")
      .split(/, */)
      .flatMap((one) => /^(\S+)(?::any)? \(= ([^)]+)\)$/.exec(one)?.slice(1, 3).join(" ") ?? [])
      .filter((one) => one.endsWith(` ${version}`))
      .map((one) => one.split(" ")[0] ?? "")
      .filter((one) => /\d|^lib/.test(one) && !/-(?:dev|bin|doc|data|common|tools|utils|dbg)$|-dev-|python/.test(one));
    if (libraries.length > 0) found.set(name, libraries.sort());
  }
  return found;
}
