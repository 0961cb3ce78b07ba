// The commands that look into images: a bundle of its own, which program.ts is to load lazily, by an import() of this file, so
// that `check` and `fix` start as fast as they would without it.
// oxlint-disable-next-line unicorn/require-module-specifiers -- a module, though it exports nothing
export {};
