export { readDirective } from "./directives.ts";
export * from "./edits.ts";
export { type Expansion, expandWord, type Lookup, type VariableUse } from "./expand.ts";
export { parseDockerfile } from "./parse.ts";
export { platformArguments, predefinedArguments } from "./scope.ts";
export * from "./stages.ts";
export { type Token, type TokenKind, tokens } from "./tokens.ts";
export type * from "./tree.ts";
export { type Pragma, readCheck, readPragmas } from "./ignore-comments.ts";
