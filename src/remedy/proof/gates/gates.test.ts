import { describe, expect, it } from "vitest";
import type { Finding } from "../../../core/index.ts";
import type { FileEntry, FileTree, ImageConfig, LiveFile } from "../../../image/index.ts";
import type { GateResult, ProofPlan } from "../gate.ts";
import type { Program } from "../programs.ts";
import { anyScope, pairScope, sameScope, type Scope, scopeOfRule, unionOfScopes } from "../scope.ts";
import type { OpenAdvisory, ProvedImage, ProvedPackage, Side } from "../side.ts";
import { gates } from "./list.ts";

/** Path → size, with a trailing "!" on what may be run, or what it is a link to. */
function treeOf(files: Readonly<Record<string, number | string>>): FileTree {
  const all = Object.entries(files).map(([name, size], layer): LiveFile => {
    const path = name.replace(/!$/, "");
    const mode = name.endsWith("!") ? 0o755 : 0o644;
    const link = typeof size === "string";
    const entry: FileEntry = {
      path,
      type: link ? "symlink" : "file",
      size: link ? 0 : size,
      mode,
      uid: 0,
      gid: 0,
      mtime: 0,
      raw: [0, 0],
      storedBytes: 0,
      ...(link ? { link: size } : {}),
    };
    return { path, entry, layer, names: 1 };
  });
  const get = (path: string): LiveFile | undefined => all.find((one) => one.path === path);
  const directory = (path: string): LiveFile | undefined =>
    all.some((one) => one.path.startsWith(`${path}/`)) && all[0]
      ? { ...all[0], path, entry: { ...all[0].entry, path, type: "directory" } }
      : undefined;
  const resolve = (path: string): LiveFile | undefined => get(get(path)?.entry.link ?? path) ?? directory(path);
  const children = (path: string): readonly LiveFile[] =>
    all.filter((one) => one.path.startsWith(`${path}/`) && !one.path.slice(path.length + 1).includes("/"));
  return { size: all.length, get, resolve, all: () => all, children };
}

interface Parts {
  readonly files?: Readonly<Record<string, number | string>>;
  readonly config?: Partial<ImageConfig>;
  readonly programs?: Readonly<Record<string, Program>>;
  readonly packages?: readonly string[];
  readonly advisories?: readonly OpenAdvisory[];
  readonly bytes?: number;
  /** A file's layer is its place in `files`, from 0. */
  readonly baseLayers?: number;
  readonly release?: string;
}

function imageOf({
  files = {},
  config = {},
  programs = {},
  packages,
  advisories,
  bytes = 100,
  baseLayers = 0,
  release = "debian 12",
}: Parts): ProvedImage {
  return {
    name: "image",
    digest: "sha256:0",
    tree: treeOf(files),
    config: {
      user: "",
      env: [],
      entrypoint: [],
      cmd: [],
      workdir: "",
      exposedPorts: [],
      volumes: [],
      labels: {},
      hasHealthcheck: false,
      history: [],
      ...config,
    },
    programs: { files: new Map(Object.entries(programs)), settings: new Map() },
    ...(packages ? { packages: packages.map(packageOf) } : {}),
    ...(advisories ? { advisories } : {}),
    baseLayers,
    release,
    measure: { bytes, storedBytes: bytes, layers: 1, files: 0, user: "", secrets: 0 },
  };
}

/** A package of the distribution by its name, one of npm with "npm/" before it; with "^" before both it is the base's. */
function packageOf(told: string): ProvedPackage {
  const [, base, npm, name = ""] = /^(\^?)(npm\/)?(.*)$/.exec(told) ?? [];
  const type = npm === undefined ? "deb" : "npm";
  const purl = npm === undefined ? `pkg:deb/debian/${name}@1` : `pkg:npm/${name}@1`;
  return { purl, type, name, version: "1", licenses: [], files: [], fromBase: base === "^" };
}

function planOf(more: Partial<ProofPlan> = {}): ProofPlan {
  return { targets: [], actions: [], scope: sameScope, failOn: "medium", ...more };
}

function hold(id: string, before: Parts, after: Parts, scope: Scope = sameScope): GateResult {
  const gate = gates.find((one) => one.id === id);
  if (gate?.needs !== "images") throw new Error(`there is no gate ${id}`);
  return gate.check(imageOf(before), imageOf(after), planOf({ scope }));
}

const elf = (needed: readonly string[], interpreter?: string): Program => ({
  kind: "elf",
  bits: 64,
  machine: 62,
  needed,
  ...(interpreter === undefined ? {} : { interpreter }),
});

describe("the gates", () => {
  it("each have an id of their own, and hold between an image and itself", () => {
    const image = imageOf({ files: { "bin/app!": 1 }, config: { entrypoint: ["/bin/app"] }, packages: ["a"] });
    const side: Side = { findings: [], image };
    expect(new Set(gates.map(({ id }) => id)).size).toBe(gates.length);
    for (const gate of gates) {
      const result = gate.needs === "texts" ? gate.check(side, side, planOf()) : gate.check(image, image, planOf());
      expect(result.ok, `${gate.id}: ${result.detail}`).toBe(true);
    }
  });

  it("let no file differ that is not planned, times and logs aside", () => {
    const before = { files: { "srv/app": 10, "var/log/dpkg.log": 5 } };
    expect(hold("files", before, { files: { "srv/app": 10, "var/log/dpkg.log": 9 } }).ok).toBe(true);
    const removed = hold("files", before, { files: {} });
    expect(removed).toEqual({ ok: false, detail: "not planned: srv/app (removed)" });
    expect(hold("files", before, { files: {} }, scopeOfRule("dockerignore-gap")).ok).toBe(true);
    expect(
      hold("files", before, { files: { ...before.files, "srv/new": 1 } }, scopeOfRule("dockerignore-gap")).ok,
    ).toBe(false);
  });

  it("let the caches of a package manager go where that is the plan, and nothing else with them", () => {
    const before = { files: { "var/lib/apt/lists/x": 10, "srv/app": 1 } };
    const scope = scopeOfRule("apt-lists-kept");
    expect(hold("files", before, { files: { "srv/app": 1 } }, scope).ok).toBe(true);
    expect(hold("files", before, { files: { "var/lib/apt/lists/x": 10 } }, scope).ok).toBe(false);
  });

  it("let no setting differ that is not planned", () => {
    const before = { config: { env: ["A=1"], user: "" } };
    expect(hold("config", before, { config: { env: ["A=1"], user: "10001" } }, scopeOfRule("no-user")).ok).toBe(true);
    const dropped = hold("config", before, { config: { env: [], user: "10001" } }, scopeOfRule("no-user"));
    expect(dropped).toEqual({ ok: false, detail: "not planned: env A" });
  });

  it("let packages go only where that is planned, and come only with another base", () => {
    const before = { packages: ["a", "b"] };
    expect(hold("packages", before, { packages: ["a"] }).ok).toBe(false);
    expect(hold("packages", before, { packages: ["a"] }, scopeOfRule("apt-recommends")).ok).toBe(true);
    expect(hold("packages", before, { packages: ["a", "c"] }, scopeOfRule("apt-recommends")).ok).toBe(false);
    const other = scopeOfRule("base-fat-variant");
    expect(hold("packages", before, { packages: ["^c"] }, other).ok).toBe(true);
    expect(hold("packages", before, { packages: ["^c"] }, scopeOfRule("apt-recommends")).ok).toBe(false);
  });

  it("let no packages come on top of another base but those that its release has under other names", () => {
    const before = { packages: ["a"] };
    const scope = scopeOfRule("single-stage-build");
    expect(hold("packages", before, { packages: ["a", "c"] }, scope).detail).toContain("came: deb/c");
    expect(hold("packages", before, { packages: ["a", "c"], release: "debian 13" }, scope).ok).toBe(true);
    expect(hold("packages", before, { packages: ["a", "npm/c"], release: "debian 13" }, scope).ok).toBe(false);
  });

  it("see that a package database was taken from under its packages", () => {
    const before = { files: { "var/lib/dpkg/status": 10, "etc/debian_version": 3 } };
    expect(hold("package-databases", before, { files: { "etc/debian_version": 3 } }, anyScope).ok).toBe(false);
    expect(hold("package-databases", before, { files: {} }, anyScope).ok).toBe(true);
  });

  it("see what became too heavy, by what each fix may add", () => {
    expect(hold("bytes", { bytes: 100 }, { bytes: 101 }).ok).toBe(false);
    expect(hold("bytes", { bytes: 100 }, { bytes: 100 }).ok).toBe(true);
    expect(hold("bytes", { bytes: 100 }, { bytes: 4100 }, scopeOfRule("no-user")).ok).toBe(true);
    const two = unionOfScopes([scopeOfRule("no-user"), scopeOfRule("no-user")]);
    expect(two.growth).toBe(2 * scopeOfRule("no-user").growth);
  });

  it("see that what the container starts is gone or may not be run, unless it was so before", () => {
    const config = { entrypoint: ["app"], env: ["PATH=/bin"] };
    const good = { files: { "bin/app!": 1 }, config };
    expect(hold("entrypoint", good, { files: {}, config }).ok).toBe(false);
    expect(hold("entrypoint", good, { files: { "bin/app": 1 }, config }).ok).toBe(false);
    expect(hold("entrypoint", { files: {}, config }, { files: {}, config }).ok).toBe(true);
    expect(hold("entrypoint", good, { files: { "srv/run!": 1 }, config: { cmd: ["./run"], workdir: "/srv" } }).ok).toBe(
      true,
    );
  });

  it("see libraries and interpreters that went, and not those that were never there", () => {
    const programs = {
      "bin/app": elf(["libz.so.1", "liblost.so"], "/lib64/ld.so"),
      "bin/run": { kind: "script", interpreter: "/bin/perl" },
      "lib/libz.so.1": elf([]),
    } as const;
    const files = { "bin/app!": 1, "bin/run!": 1, "bin/perl!": 1, "lib64/ld.so": 1, "lib/libz.so.1": 1 };
    const before = { files, programs };
    expect(hold("linkage", before, before).ok).toBe(true);
    const { "lib/libz.so.1": _z, ...withoutZ } = files;
    expect(hold("linkage", before, { programs, files: withoutZ }).detail).toContain("bin/app needs libz.so.1");
    const { "bin/perl!": _perl, ...withoutPerl } = files;
    expect(hold("linkage", before, { programs, files: withoutPerl }).detail).toContain("script for /bin/perl");
    const { "lib64/ld.so": _loader, ...withoutLoader } = files;
    expect(hold("linkage", before, { programs, files: withoutLoader }).detail).toContain("loaded by /lib64/ld.so");
  });

  describe("of a script inside of a package whose interpreter went", () => {
    const path = "srv/node_modules/node-gyp/gyp/gyp_main.py";
    const programs = { [path]: { kind: "script", interpreter: "/usr/bin/python3" } } as const;
    const [alone, complete] = [{ [`${path}!`]: 1 }, { [`${path}!`]: 1, "usr/bin/python3!": 1 }];
    const went = (before: Partial<Parts>, after: Partial<Parts>): GateResult =>
      hold("linkage", { programs, files: complete, ...before }, { programs, files: alone, ...after });

    it("say so where the project brought the package", () => {
      expect(went({}, {}).detail).toContain(`${path} is a script for /usr/bin/python3`);
    });

    it("let it be where it was not there before, or the base ships the package so", () => {
      expect(went({ files: alone }, {}).ok).toBe(true);
      expect(went({ files: alone, programs: {} }, {}).ok).toBe(true);
      expect(went({}, { baseLayers: 1 }).ok).toBe(true);
    });

    it("say so wherever it is called from outside: by a link on the PATH, npm's scripts, the container's command", () => {
      const linked = { ...alone, "usr/bin/gyp": path };
      expect(went({}, { baseLayers: 2, files: linked }).ok).toBe(false);
      const npm = { ...alone, "app/node_modules/.bin/gyp": path };
      expect(went({}, { baseLayers: 2, files: npm, config: { workdir: "/app" } }).ok).toBe(false);
      expect(went({}, { baseLayers: 1, config: { cmd: ["sh", "-c", `exec /${path} x`] } }).ok).toBe(false);
    });

    it("let examples and tests be", () => {
      const example = "usr/share/doc/x/examples/run.py";
      const parts = { programs: { [example]: { kind: "script", interpreter: "/usr/bin/python3" } } } as const;
      const files = { [`${example}!`]: 1, "usr/bin/python3!": 1 };
      expect(hold("linkage", { ...parts, files }, { ...parts, files: { [`${example}!`]: 1 } }).ok).toBe(true);
    });
  });

  describe("of advisories", () => {
    const advisory = (
      id: string,
      severity: OpenAdvisory["severity"],
      more: Partial<OpenAdvisory> = {},
    ): OpenAdvisory => ({ id, package: "a", purl: "pkg:deb/debian/a@1", severity, ...more });
    const base = { fromBase: true };
    const before = { advisories: [advisory("CVE-1", "high", base), advisory("CVE-2", "medium", base)] };
    const after = (...advisories: OpenAdvisory[]): Parts => ({ advisories });

    it("see those that came at or above the threshold", () => {
      expect(hold("advisories", before, before).ok).toBe(true);
      expect(hold("advisories", before, after(advisory("CVE-3", "low"))).ok).toBe(true);
      expect(hold("advisories", before, after(advisory("CVE-3", "medium"))).ok).toBe(false);
      expect(hold("advisories", before, after(advisory("CVE-1", "high", { package: "b" }))).ok).toBe(false);
    });

    it("take none for a trade without another base", () => {
      for (const rule of ["apt-recommends", "dev-deps-shipped", "no-user", "package-unused"])
        expect(hold("advisories", before, after(advisory("CVE-3", "medium", base)), scopeOfRule(rule)).ok).toBe(false);
    });

    it("trade with another base what its layers bring, and no more than went", () => {
      const scope = scopeOfRule("base-fat-variant");
      const check = (...all: OpenAdvisory[]): boolean => hold("advisories", before, after(...all), scope).ok;
      expect(check(advisory("CVE-3", "high", base))).toBe(true);
      expect(check(advisory("CVE-3", "medium", base), advisory("CVE-4", "medium", base))).toBe(true);
      expect(check(advisory("CVE-3", "critical", base))).toBe(false);
      expect(check(advisory("CVE-3", "high", base), advisory("CVE-4", "high", base))).toBe(false);
      expect(check(...before.advisories, advisory("CVE-3", "medium", base))).toBe(false);
      expect(check(advisory("CVE-3", "medium"))).toBe(false);
      expect(check(advisory("CVE-3", "high", { ...base, exploited: true }))).toBe(false);
      const npm = { advisories: [advisory("CVE-1", "high", { purl: "pkg:npm/a@1" })] };
      expect(hold("advisories", npm, after(advisory("CVE-3", "high", base)), scope).ok).toBe(false);
    });

    it("trade what another release of the distribution has under other names, and nothing of the project's", () => {
      const scope = scopeOfRule("base-fat-variant");
      const check = (one: OpenAdvisory): boolean =>
        hold("advisories", before, { advisories: [one], release: "debian 13" }, scope).ok;
      expect(check(advisory("CVE-3", "high"))).toBe(true);
      expect(check(advisory("CVE-3", "high", { purl: "pkg:npm/a@1" }))).toBe(false);
    });

    it("hold two images that somebody compares to the trade", () => {
      expect(hold("advisories", before, after(advisory("CVE-3", "high")), pairScope).ok).toBe(true);
      expect(hold("advisories", before, after(advisory("CVE-3", "critical")), pairScope).ok).toBe(false);
    });
  });

  it("see findings that stay or came, and take none for new that only reads differently", () => {
    const gate = gates.find(({ id }) => id === "findings");
    if (gate?.needs !== "texts") throw new Error("there is no such gate");
    const finding = (rule: string, fingerprint: string): Finding => ({
      rule,
      fingerprint,
      severity: "medium",
      message: rule,
      at: { kind: "source", path: "Dockerfile", range: { start: 0, end: 1 } },
    });
    const check = (before: readonly Finding[], after: readonly Finding[], targets: readonly Finding[] = []): boolean =>
      gate.check({ findings: before }, { findings: after }, planOf({ targets })).ok;
    expect(check([finding("a", "1")], [], [finding("a", "1")])).toBe(true);
    expect(check([finding("a", "1")], [finding("a", "1")], [finding("a", "1")])).toBe(false);
    expect(check([finding("a", "1")], [finding("a", "2")])).toBe(true);
    expect(check([finding("a", "1")], [finding("a", "1"), finding("a", "2")])).toBe(false);
  });
});
