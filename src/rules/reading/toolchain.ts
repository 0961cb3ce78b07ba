const names: ReadonlySet<string> = new Set([
  "build-essential",
  "build-base",
  "gcc",
  "g++",
  "gcc-c++",
  "clang",
  "llvm",
  "make",
  "cmake",
  "ninja-build",
  "meson",
  "autoconf",
  "automake",
  "libtool",
  "bison",
  "flex",
  "pkg-config",
  "pkgconf",
  "rustc",
  "rust",
  "cargo",
  "golang",
  "golang-go",
  "go",
  "maven",
  "gradle",
  "binutils",
  "gdb",
  "dpkg-dev",
  "linux-headers",
  "openjdk-17-jdk",
  "default-jdk",
  "default-jdk-headless",
]);

/** Whether a package of a distribution compiles programs, or holds headers for that. */
export function isToolchain(name: string): boolean {
  return (
    names.has(name) ||
    /^(?:gcc|g\+\+|clang|llvm|openjdk)-\d+(?:-jdk.*)?$/.test(name) ||
    (/-(?:dev|devel)$/.test(name) && !/^(?:ca-certificates|tzdata)/.test(name))
  );
}
