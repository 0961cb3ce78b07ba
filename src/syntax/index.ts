export * from "./dockerfile/index.ts";
export * from "./dockerignore/index.ts";
export {
  findCommands,
  findOption,
  hasOption,
  operandsOf,
  optionsOf,
  subcommandOf,
  subcommandWord,
} from "./shell/query.ts";
export { remembered } from "./remembered.ts";
export type { ShellCommand, ShellDialect, ShellScript, ShellText, ShellWrapper, Word } from "./shell/tree.ts";
