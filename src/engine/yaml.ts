// A module of its own, so that the parser is loaded when there is a configuration and not before.
export { LineCounter, parseDocument } from "yaml";
