export { createIgnoreMatcher, type IgnoreMatcher } from "./matcher.ts";
export { type Dockerignore, type IgnorePattern, parseDockerignore } from "./parse.ts";
export { classifyName, classifyPath, type PathClass } from "./path-classes.ts";
export { type IgnoreLine, suggestIgnoreLines } from "./suggest.ts";
