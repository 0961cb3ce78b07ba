import { describe, expect, it } from "vitest";
import { memoryContext } from "../../weight/index.ts";
import { healthPath } from "./health-path.ts";

const of = (path: string, text: string): string | undefined => healthPath(memoryContext({ [path]: text }));

describe("the path by which code says that it works", () => {
  it.each([
    ["server.js", "app.get('/healthz', (req, res) => res.send('ok'))", "/healthz"],
    ["app.py", '@app.route("/health")\ndef health(): return "ok"', "/health"],
    ["main.py", '@app.get("/api/health/")\nasync def health(): ...', "/api/health"],
    ["main.go", 'mux.HandleFunc("GET /livez", ok)', "/livez"],
    ["main.go", 'if r.URL.Path == "/health" {', "/health"],
    ["index.ts", "if (request.url === '/ping') response.end()", "/ping"],
    ["Main.java", 'server.createContext("/health", e -> ok(e));', "/health"],
    ["Program.cs", 'app.MapHealthChecks("/healthz");', "/healthz"],
  ])("is read in %s: %s", (path, text, expected) => {
    expect(of(path, text)).toBe(expected);
  });

  it("prefers what speaks of the program alone", () => {
    expect(of("a.js", "app.get('/ping', a)\napp.get('/readyz', a)\napp.get('/livez', a)")).toBe("/livez");
  });

  it.each([
    ["routes.js", "router.get('/health', a)"],
    ["test/server.js", "app.get('/health', a)"],
    ["server.test.ts", "app.get('/health', a)"],
    ["README.md", "app.get('/health', a)"],
    ["app.js", "fetch('http://other/health')"],
    ["app.js", "app.get('/healthcare', a)"],
    ["app.js", "myapp.post('/health', a)"],
  ])("is not seen in %s: %s", (path, text) => {
    expect(of(path, text)).toBeUndefined();
  });
});
