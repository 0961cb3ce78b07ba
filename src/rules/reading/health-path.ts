import type { BuildContext } from "../../core/index.ts";
import { contextTexts } from "./context-texts.ts";

const path = String.raw`(/(?:api/)?_?(?:health|healthz|health[_-]?check|livez|liveness|readyz|readiness|ping))/?`;
/** Routes of the application itself, by how frameworks and standard libraries say them; one of a router may lie below another path. */
const routes: readonly RegExp[] = [
  // Express, Fastify, Koa and FastAPI, Flask, Sinatra
  new RegExp(String.raw`(?:^|[\s@])(?:app|server|fastify)\.(?:get|route)\(\s*["'\x60]${path}["'\x60]`, "gm"),
  // Go's net/http and what is like it
  new RegExp(String.raw`\b(?:http|mux|srv|router|r|e)\.(?:HandleFunc|Handle|GET|Get)\(\s*"(?:GET )?${path}"`, "g"),
  // a path that is compared
  new RegExp(String.raw`\b(?:url|pathname|path|Path)\s*={2,3}\s*["'\x60]${path}["'\x60]`, "g"),
  // Java's own server, minimal APIs of .NET
  new RegExp(String.raw`\.(?:createContext|MapGet|MapHealthChecks)\(\s*"${path}"`, "g"),
];
const code = /\.(?:[cm]?[jt]s|py|go|rb|java|kt|cs)$/;
const tests = /(?:^|\/)(?:tests?|specs?|__tests__|e2e|examples?)\/|[._-](?:test|spec)\.|(?:^|\/)test_/;

/** A path by which the project's own code says that it works ("/healthz"), one about itself alone first; undefined where there is none. */
export function healthPath(context: BuildContext | undefined): string | undefined {
  const found = new Set<string>();
  for (const { path: file, text } of (context && contextTexts(context)) ?? []) {
    if (!code.test(file) || tests.test(file)) continue;
    for (const route of routes) {
      for (const [, said = ""] of text.matchAll(route)) found.add(said);
    }
  }
  const [first] = [...found].sort((a, b) => Number(/ping|ready/.test(a)) - Number(/ping|ready/.test(b)));
  return first;
}
