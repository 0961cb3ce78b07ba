// The commands that read Dockerfiles: a bundle of its own, loaded by an import() of this file, so that the commands that look into
// images start without the rules.
export { check } from "./commands/check.ts";
export { completion } from "./commands/completion.ts";
export { dockerignore } from "./commands/dockerignore.ts";
export { explain } from "./commands/explain.ts";
export { fix } from "./commands/fix.ts";
export { init } from "./commands/init.ts";
export { rules } from "./commands/rules.ts";
