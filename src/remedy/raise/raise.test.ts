import { describe, expect, it } from "vitest";
import { applyEdits } from "../../core/index.ts";
import type { PlanMatch, PlanPackage } from "../plan-subject.ts";
import { raiseCommand } from "./commands.ts";
import type { LockFiles } from "./lock-writer.ts";
import { mavenPom } from "./maven-pom.ts";
import { npmLock } from "./npm-lock.ts";
import { packageJson } from "./package-json.ts";
import type { PinWriter } from "./pin-writer.ts";
import { type Raise, raiseInLine } from "./raise.ts";
import { requirements } from "./requirements.ts";

function vulnerable(type: string, name: string, version: string, fixes: readonly (string | undefined)[]) {
  const purl = `pkg:${type}/${name}@${version}`;
  const matches = fixes.map(
    (fixedIn, index): PlanMatch => ({
      id: `CVE-2026-${index}`,
      purl,
      level: "high",
      ...(fixedIn === undefined ? {} : { fixedIn }),
    }),
  );
  const one: PlanPackage = {
    purl,
    type,
    name,
    version,
    licenses: [],
    files: [`app/node_modules/${name}/package.json`],
  };
  return { package: one, matches, cause: { kind: "lock-file" as const } };
}

function raise(name: string, from: string, to: string, nested = false): Raise {
  return { name, from, to, nested };
}

function written(writer: PinWriter, text: string, raises: readonly Raise[]) {
  const { edits, raised } = writer.write(text, raises);
  const whole = applyEdits(
    text,
    edits.map((edit) => ({ path: "", ...edit })),
  );
  return { text: whole, raised: raised.map(({ name }) => name) };
}

describe("raising a version", () => {
  it("takes the smallest of the same line that closes all that the line closes", () => {
    const found = raiseInLine(vulnerable("pypi", "urllib3", "1.26.4", ["1.26.5", "1.26.18", "2.0.7", undefined]));
    expect(found?.raise).toMatchObject({ name: "urllib3", from: "1.26.4", to: "1.26.18" });
    expect(found?.closes.map(({ fixedIn }) => fixedIn)).toEqual(["1.26.5", "1.26.18"]);
  });

  it("never goes down, nor into another line: below 1 a minor version is one", () => {
    expect(raiseInLine(vulnerable("npm", "a", "2.0.0", ["1.9.0", "3.0.0"]))).toBeUndefined();
    expect(raiseInLine(vulnerable("npm", "a", "2.4.0", ["2.3.9"]))).toBeUndefined();
    expect(raiseInLine(vulnerable("npm", "a", "0.2.1", ["0.3.0"]))).toBeUndefined();
    expect(raiseInLine(vulnerable("golang", "a.example/b", "v1.2.0", ["1.3.1"]))?.raise.to).toBe("1.3.1");
  });

  it("puts nothing of an image into files or commands that is no plain name or version", () => {
    expect(raiseInLine(vulnerable("npm", "a$(reboot)", "1.0.0", ["1.0.1"]))).toBeUndefined();
    expect(raiseInLine(vulnerable("npm", "--prefix", "1.0.0", ["1.0.1"]))).toBeUndefined();
    expect(raiseInLine(vulnerable("npm", "a", "1.0.0", ["1.0.1; reboot"]))).toBeUndefined();
  });

  it("says the command where the ecosystem's tool writes the lock file", () => {
    expect(raiseCommand("web/yarn.lock", [raise("a", "1.0.0", "1.0.1")])).toBe("run: yarn up a@1.0.1");
    expect(raiseCommand("go.mod", [raise("example.com/a", "v1.0.0", "1.0.1")])).toContain(
      "go get example.com/a@v1.0.1",
    );
    expect(raiseCommand("pom.xml", [raise("a:b", "1", "2")])).toBeUndefined();
  });
});

describe("requirements", () => {
  it("have their pins raised, whatever stands around them", () => {
    const text = 'Flask==1.0\nurllib3 [socks] == 1.26.4 ; python_version > "3"  # why\r\nrequests>=2\nPy_Yaml==5.3\n';
    const raises = [
      raise("flask", "1.0", "1.0.4"),
      raise("urllib3", "1.26.4", "1.26.18"),
      raise("py-yaml", "5.3", "5.4"),
    ];
    expect(written(requirements, text, raises)).toEqual({
      text: 'Flask==1.0.4\nurllib3 [socks] == 1.26.18 ; python_version > "3"  # why\r\nrequests>=2\nPy_Yaml==5.4\n',
      raised: ["flask", "urllib3", "py-yaml"],
    });
  });

  it("with hashes, over several lines, of another version or as comments are left", () => {
    const text = "a==1.0 --hash=sha256:00\nb==1.0 \\\n    --hash=sha256:00\nc==2.0\n# d==1.0\nee==1.0\n";
    const raises = ["a", "b", "c", "d", "e"].map((name) => raise(name, "1.0", "1.1"));
    expect(written(requirements, text, raises)).toEqual({ text, raised: [] });
  });
});

describe("pom.xml", () => {
  it("has versions raised where they are written: at the dependency, or in the property", () => {
    const dependency = (artifact: string, version: string): string =>
      `<dependency>\n<groupId>org.x</groupId> <artifactId>${artifact}</artifactId><version>${version}</version></dependency>\n`;
    const text = (a: string, b: string): string =>
      `<project><!-- <dependency>${dependency("a", "1.0")} --><properties><x.version>${b}</x.version></properties>\n${dependency("a", a)}${dependency("b", "${x.version}")}${dependency("c", "1.0")}</project>`;
    const raises = [raise("org.x:a", "1.0", "1.2"), raise("org.x:b", "2.0", "2.1"), raise("org.x:d", "1.0", "1.1")];
    expect(written(mavenPom, text("1.0", "2.0"), raises)).toEqual({
      text: text("1.2", "2.1"),
      raised: ["org.x:a", "org.x:b"],
    });
  });
});

describe("package.json", () => {
  const text = `{
  "name": "shop",
  "dependencies": { "a": "1.0.0", "b": "^1.0.0", "@s/c": "~1.0.0", "d": "*" }
}
`;

  it("has what it asks for raised, and what others ask for overridden", () => {
    const raises = [
      raise("a", "1.0.0", "1.0.9"),
      raise("b", "1.0.0", "1.2.0"),
      raise("@s/c", "1.0.0", "1.0.2"),
      raise("e", "1.0.0", "1.0.1"),
    ];
    const { text: after, raised } = written(packageJson, text, raises);
    expect(JSON.parse(after)).toEqual({
      name: "shop",
      dependencies: { a: "1.0.9", b: "^1.2.0", "@s/c": "~1.0.2", d: "*" },
      overrides: { "e@1.0.0": "1.0.1" },
    });
    expect(after.startsWith('{\n  "name": "shop",\n  "dependencies": { "a": "1.0.9"')).toBe(true);
    expect(raised).toHaveLength(4);
    const other = written(packageJson, text, [raise("a", "0.9.0", "0.9.1", true), raise("b", "1.0.0", "1.0.1", true)]);
    expect(JSON.parse(other.text)).toMatchObject({ overrides: { "a@0.9.0": "0.9.1" } });
    expect(other.raised).toEqual(["a"]);
    const again = written(packageJson, after, [raise("f", "2.0.0", "2.0.1", true)]);
    expect(JSON.parse(again.text)).toMatchObject({ overrides: { "e@1.0.0": "1.0.1", "f@2.0.0": "2.0.1" } });
  });

  it("that is asked for by another line, by any version, or is no JSON is left", () => {
    expect(written(packageJson, text, [raise("d", "1.0.0", "1.0.1")])).toEqual({ text, raised: [] });
    expect(written(packageJson, text, [raise("a", "2.0.0", "2.0.1")])).toEqual({ text, raised: [] });
    expect(written(packageJson, "{", [raise("a", "1.0.0", "1.0.1")])).toEqual({ text: "{", raised: [] });
  });
});

describe("npm's lock file", () => {
  const lock = (versions: Readonly<Record<string, string>>): string =>
    JSON.stringify({
      packages: Object.fromEntries(
        Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]),
      ),
    });
  const files: LockFiles = new Map([
    ["package.json", '{ "dependencies": { "a": "1.0.0" } }'],
    ["package-lock.json", lock({ a: "1.0.0", b: "1.0.0" })],
  ]);

  it("is written by npm, which overrides only what an update leaves as it was", async () => {
    const commands: string[] = [];
    const raises = [raise("a", "1.0.0", "1.0.1"), raise("b", "1.0.0", "1.0.1")];
    const run = (stays: boolean) => (command: string, now: LockFiles) => {
      commands.push(command);
      const after = lock({ a: "1.0.1", b: stays && commands.length === 1 ? "1.0.0" : "1.0.1" });
      return Promise.resolve({ files: new Map([...now, ["package-lock.json", after]]) });
    };
    const updated = await npmLock.write(files, raises, run(false));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^npm install --package-lock-only --ignore-scripts .* && npm update .* b$/);
    expect("files" in updated && updated.files.get("package.json")).toBe('{ "dependencies": { "a": "1.0.1" } }');
    commands.length = 0;
    const overridden = await npmLock.write(files, raises, run(true));
    expect(commands).toHaveLength(2);
    expect(JSON.parse(("files" in overridden && overridden.files.get("package.json")) || "{}")).toEqual({
      dependencies: { a: "1.0.1" },
      overrides: { "b@1.0.0": "1.0.1" },
    });
  });

  it("is left where npm fails", async () => {
    const outcome = await npmLock.write(files, [raise("b", "1.0.0", "1.0.1")], () =>
      Promise.resolve({ failure: "no network" }),
    );
    expect(outcome).toEqual({ failure: "no network" });
  });
});
