import type { FileTree } from "../../image/index.ts";
import type { Package } from "../../packages/index.ts";

const buildTool =
  /^(?:(?:gcc|g\+\+|cpp|gfortran|clang|llvm)(?:-\d[\d.]*)?(?:-(?:x86-64-linux-gnu|aarch64-linux-gnu|base-dev|c\+\+|dev|tools))?|binutils(?:-[a-z0-9-]+)?|make|cmake(?:-data)?|ninja-build|meson|automake|autoconf|libtool|libtool-bin|build-essential|build-base|musl-dev|libc6?-dev(?:-bin)?|linux-(?:libc-dev|headers|glibc-devel)|kernel-headers|dpkg-dev|libdpkg-perl|fakeroot|patch|pkg-config|pkgconf|rpm-build|git(?:-man|-core|-perl)?|perl-Git|subversion|mercurial(?:-common)?|[a-z0-9][a-z0-9+._-]*-dev(?:el)?|lib(?:gcc|stdc\+\+)-\d+-dev|.*-headers)$/;

/** Operating system packages that only building needs, by their names in Debian, Alpine and the rpm world. */
export function isBuildTool({ type, name }: Package): boolean {
  return (type === "deb" || type === "apk" || type === "rpm") && name.length < 200 && buildTool.test(name);
}

/** Which package brought the files of the build tools. */
export function buildToolFiles(packages: readonly Package[], files: FileTree): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const one of packages) {
    if (!one.owns || !isBuildTool(one)) continue;
    for (const listed of one.owns) {
      const path = listed.replace(/^\/+/, "");
      const file = files.get(path) ?? files.resolve(path);
      if (file?.entry.type === "file") owners.set(file.path, one.name);
    }
  }
  return owners;
}
