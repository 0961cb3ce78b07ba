// One line a rule; the order is that of ids, made in index.ts.
export { aptListsKept } from "./dockerfile/apt-lists-kept.ts";
