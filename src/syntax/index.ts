export * from "./dockerfile/index.ts";
export type { ShellCommand, ShellDialect, ShellScript, ShellWrapper, Word } from "./shell/tree.ts";
