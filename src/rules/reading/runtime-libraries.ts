/**
 * Debian's `-dev` packages and the libraries a program linked against them loads, in Debian 11, 12 and 13 (one column where all
 * agree, a comma between several libraries, `-` where the suite has none). Made by tools/runtime-libraries.ts.
 */
const table = `
libapr1-dev libapr1 libapr1 libapr1t64
libargon2-dev libargon2-1
libasound2-dev libasound2 libasound2 libasound2t64
libaugeas-dev libaugeas0
libavahi-client-dev libavahi-client3
libbrotli-dev libbrotli1
libbsd-dev libbsd0
libbz2-dev libbz2-1.0
libc-ares-dev libc-ares2 libc-ares2 libcares2
libcairo2-dev libcairo-gobject2,libcairo-script-interpreter2,libcairo2
libcap-dev libcap2
libcjson-dev libcjson1
libcrypt-dev libcrypt1
libcunit1-dev libcunit1
libcurl4-gnutls-dev libcurl3-gnutls libcurl3-gnutls libcurl3t64-gnutls
libcurl4-openssl-dev libcurl4 libcurl4 libcurl4t64
libdb5.3-dev libdb5.3 libdb5.3 libdb5.3t64
libdbus-1-dev libdbus-1-3
libedit-dev libedit2
libelf-dev libelf1 libelf1 libelf1t64
libev-dev libev4 libev4 libev4t64
libevent-dev libevent-2.1-7,libevent-core-2.1-7,libevent-extra-2.1-7,libevent-openssl-2.1-7,libevent-pthreads-2.1-7 libevent-2.1-7,libevent-core-2.1-7,libevent-extra-2.1-7,libevent-openssl-2.1-7,libevent-pthreads-2.1-7 libevent-2.1-7t64,libevent-core-2.1-7t64,libevent-extra-2.1-7t64,libevent-openssl-2.1-7t64,libevent-pthreads-2.1-7t64
libexif-dev libexif12
libexpat1-dev libexpat1
libfcgi-dev libfcgi0ldbl libfcgi0ldbl libfcgi0t64
libffi-dev libffi7 libffi8 libffi8
libfmt-dev libfmt7 libfmt9 libfmt10
libfontconfig-dev libfontconfig1
libfreetype-dev libfreetype6
libfuse-dev libfuse2 libfuse2 libfuse2t64
libfuse3-dev libfuse3-3 libfuse3-3 libfuse3-4
libgcrypt20-dev libgcrypt20
libgd-dev libgd3
libgdbm-dev libgdbm6 libgdbm6 libgdbm6t64
libgeoip-dev libgeoip1 libgeoip1 libgeoip1t64
libgeos-dev libgeos-c1v5 libgeos-c1v5 libgeos-c1t64
libgif-dev libgif7
libgit2-dev libgit2-1.1 libgit2-1.5 libgit2-1.9
libglib2.0-dev libglib2.0-0 libglib2.0-0 libglib2.0-0t64
libgmp-dev libgmp10,libgmpxx4ldbl
libgnutls28-dev libgnutls-dane0,libgnutls-openssl27,libgnutls30,libgnutlsxx28 libgnutls-dane0,libgnutls-openssl27,libgnutls30,libgnutlsxx30 libgnutls-dane0t64,libgnutls-openssl27t64,libgnutls30t64
libgoogle-glog-dev libgoogle-glog0v5 libgoogle-glog0v6 libgoogle-glog0v6t64
libhiredis-dev libhiredis0.14 libhiredis0.14 libhiredis1.1.0
libicu-dev libicu67 libicu72 libicu76
libidn2-dev libidn2-0
libjansson-dev libjansson4
libjemalloc-dev libjemalloc2
libjpeg-dev libjpeg62-turbo
libjpeg62-turbo-dev libjpeg62-turbo
libjson-c-dev libjson-c5
libjsoncpp-dev libjsoncpp24 libjsoncpp25 libjsoncpp26
liblcms2-dev liblcms2-2
libldap-dev - libldap-2.5-0 libldap2
libldap2-dev libldap-2.4-2 - -
libleveldb-dev libleveldb1d
libltdl-dev libltdl7
liblua5.3-dev liblua5.3-0
liblz4-dev liblz4-1
liblzma-dev liblzma5
liblzo2-dev liblzo2-2
libmagic-dev libmagic1 libmagic1 libmagic1t64
libmariadb-dev libmariadb3
libmaxminddb-dev libmaxminddb0
libmemcached-dev libmemcached11,libmemcachedutil2 libmemcached11,libmemcachedutil2 libmemcached11t64,libmemcachedutil2t64
libmicrohttpd-dev libmicrohttpd12 libmicrohttpd12 libmicrohttpd12t64
libmodbus-dev libmodbus5
libncurses-dev libncurses6,libncursesw6,libtinfo6
libnghttp2-dev libnghttp2-14
libnl-3-dev libnl-3-200
libnuma-dev libnuma1
libonig-dev libonig5
libpam0g-dev libpam0g
libpcre2-dev libpcre2-16-0,libpcre2-32-0,libpcre2-8-0,libpcre2-posix2 libpcre2-16-0,libpcre2-32-0,libpcre2-8-0,libpcre2-posix3 libpcre2-16-0,libpcre2-32-0,libpcre2-8-0,libpcre2-posix3
libpcre3-dev libpcre16-3,libpcre3,libpcre32-3,libpcrecpp0v5 libpcre16-3,libpcre3,libpcre32-3,libpcrecpp0v5 -
libpng-dev libpng16-16 libpng16-16 libpng16-16t64
libpopt-dev libpopt0
libpq-dev libpq5
libprotobuf-c-dev libprotobuf-c1
libprotobuf-dev libprotobuf-lite23,libprotobuf23 libprotobuf-lite32,libprotobuf32 libprotobuf-lite32t64,libprotobuf32t64
libqrencode-dev libqrencode4
librabbitmq-dev librabbitmq4
librdkafka-dev librdkafka++1,librdkafka1
libreadline-dev libreadline8 libreadline8 libreadline8t64
librocksdb-dev librocksdb6.11 librocksdb7.8 librocksdb9.10
libsasl2-dev libsasl2-2
libsctp-dev libsctp1
libsdl2-dev libsdl2-2.0-0
libseccomp-dev libseccomp2
libselinux1-dev libselinux1
libsnappy-dev libsnappy1v5
libsndfile1-dev libsndfile1
libsodium-dev libsodium23
libspdlog-dev libspdlog1 libspdlog1.10 libspdlog1.15
libsqlite3-dev libsqlite3-0
libssh-dev libssh-4
libssh2-1-dev libssh2-1 libssh2-1 libssh2-1t64
libssl-dev libssl1.1 libssl3 libssl3t64
libsystemd-dev libsystemd0
libtalloc-dev libtalloc2
libtiff-dev libtiff5,libtiffxx5 libtiff6,libtiffxx6 libtiff6,libtiffxx6
libtinyxml2-dev libtinyxml2-8 libtinyxml2-9 libtinyxml2-11
libudev-dev libudev1
libunistring-dev libunistring2 libunistring2 libunistring5
libunwind-dev libunwind8
liburing-dev liburing1 liburing2 liburing2
libusb-1.0-0-dev libusb-1.0-0
libutf8proc-dev libutf8proc2 libutf8proc2 libutf8proc3
libuv1-dev libuv1 libuv1 libuv1t64
libvorbis-dev libvorbis0a,libvorbisenc2,libvorbisfile3
libwebp-dev libwebp6,libwebpdemux2,libwebpmux3 libwebp7,libwebpdemux2,libwebpmux3 libwebp7,libwebpdecoder3,libwebpdemux2,libwebpmux3
libxml2-dev libxml2
libxslt1-dev libxslt1.1
libxxhash-dev libxxhash0
libyaml-cpp-dev libyaml-cpp0.6 libyaml-cpp0.7 libyaml-cpp0.8
libyaml-dev libyaml-0-2
libz3-dev libz3-4
libzip-dev libzip4 libzip4 libzip5
libzmq3-dev libzmq5
libzstd-dev libzstd1
uuid-dev libuuid1
zlib1g-dev zlib1g
`;

const suites: readonly string[] = ["bullseye", "bookworm", "trixie"];

let rows: ReadonlyMap<string, readonly string[]> | undefined;

function readTable(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of table.trim().split("\n")) {
    const [name = "", ...columns] = line.split(" ");
    found.set(name, columns);
  }
  return found;
}

/** The packages of a Debian suite that hold the libraries of a `-dev` package; undefined where that is not known. */
export function runtimeLibraries(devPackage: string, suite: string): readonly string[] | undefined {
  rows ??= readTable();
  const columns = rows.get(devPackage);
  const at = suites.indexOf(suite);
  const column = at < 0 ? undefined : columns?.length === 1 ? columns[0] : columns?.[at];
  return column === undefined || column === "-" ? undefined : column.split(",");
}

/** What every image of these suites has, slim ones too: packages that the essential ones depend on. */
const always: ReadonlySet<string> = new Set(
  "zlib1g liblzma5 libbz2-1.0 libselinux1 libcrypt1 libtinfo6 libuuid1 libzstd1 libudev1 libacl1 libattr1 libstdc++6 libgcc-s1".split(
    " ",
  ),
);

/** Whether a package is in every image of the suites that `runtimeLibraries` knows. */
export function isAlwaysThere(name: string): boolean {
  return always.has(name);
}
