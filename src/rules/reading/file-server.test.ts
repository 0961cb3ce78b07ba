import { describe, expect, it } from "vitest";
import { memoryContext } from "../../weight/index.ts";
import { fileServer } from "./file-server.ts";

function reads(command: string, files: Record<string, string> = {}): string {
  const found = fileServer(command.split(" "), memoryContext(files));
  if (!found) return "no";
  const { directory, port, takesPort, fallback, plain } = found;
  return [
    directory,
    `${port}${takesPort ? "?" : ""}`,
    ...(fallback ? ["fallback"] : []),
    ...(plain ? [] : ["more"]),
  ].join(" ");
}

const script = (start: string, more: object = {}): Record<string, string> => ({
  "package.json": JSON.stringify({ scripts: { start, ...more } }),
});

describe("a server of files", () => {
  it.each([
    ["serve -s dist", "dist 3000? fallback"],
    ["serve dist", "dist 3000?"],
    ["serve", ". 3000?"],
    ["npx -y serve@14 --single --listen tcp://0.0.0.0:8080 build", "build 8080 fallback"],
    ["serve -l=80 -n dist", "dist 80"],
    ["./node_modules/.bin/serve -p 80 dist", "dist 80"],
    ["serve -C -l 80 dist", "dist 80 more"],
    ["http-server dist -p8080 -a 0.0.0.0 -c-1", "dist 8080"],
    ["http-server dist -s", "dist 8080?"],
    ["http-server dist -c 3600", "dist 8080? more"],
    ["vite preview --host --port 80", "dist 80 fallback"],
    ["npx vite preview --host 0.0.0.0 --outDir out", "out 4173 fallback"],
    ["python3 -m http.server 80 --directory dist", "dist 80"],
    ["python -m http.server", ". 8000"],
  ])("is read from `%s`", (command, expected) => {
    expect(reads(command)).toBe(expected);
  });

  it.each([
    "node server.js",
    "serve dist other",
    "serve -l unix:/a dist",
    "serve -c serve.json dist",
    "serve@11 dist",
    "serve --ssl-cert a dist",
    "http-server", // ./public where there is one
    "http-server dist --proxy http://api",
    "http-server dist -a 127.0.0.1",
    "vite",
    "vite preview",
    "vite preview site --host",
    "python -m flask run",
    "npx -y",
  ])("is not seen in `%s`", (command) => {
    expect(reads(command)).toBe("no");
  });

  it("is found behind a script of the manifest, unless more happens there", () => {
    expect(reads("npm start", script("serve -s dist"))).toBe("dist 3000? fallback");
    expect(reads("npm run site", script("", { site: "npx http-server dist" }))).toBe("dist 8080?");
    expect(reads("yarn start", script("npm run other", { other: "serve dist" }))).toBe("no");
    expect(reads("npm start", script("node env.js && serve dist"))).toBe("no");
    expect(reads("npm start", script("serve dist", { prestart: "node env.js" }))).toBe("no");
    expect(reads("npm start")).toBe("no");
  });

  it("takes vite's own settings into account", () => {
    const preview = "npx vite preview";
    const file = (text: string): Record<string, string> => ({ "vite.config.ts": text });
    expect(reads(preview, file("export default { preview: { host: true, port: 5000 } }"))).toBe("dist 5000 fallback");
    expect(reads(preview, file("export default { preview: { host: true, port } }"))).toBe("no");
    expect(reads(`${preview} --host`, file("export default { server: { proxy: { '/api': 'http://a' } } }"))).toBe("no");
    expect(reads(`${preview} --host`, file("export default { build: { outDir: '../out' } }"))).toBe("no");
    expect(reads(`${preview} --host`, file("export default { plugins: [react()] }"))).toBe("dist 4173 fallback");
  });
});
