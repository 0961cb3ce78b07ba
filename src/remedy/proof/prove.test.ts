import { describe, expect, it } from "vitest";
import type { FileTree, ImageConfig } from "../../image/index.ts";
import type { Action } from "../action.ts";
import { joinProofs } from "./join-proofs.ts";
import { type Candidate, groundOn, openGround, prove, type Workbench } from "./prove.ts";
import { sameScope } from "./scope.ts";
import type { ProvedImage, Side } from "./side.ts";
import type { SmokeResult } from "./smoke.ts";

const tree: FileTree = {
  size: 0,
  get: () => undefined,
  resolve: () => undefined,
  all: () => [],
  children: () => [],
};
const config: ImageConfig = {
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
};

function action(id: string): Action {
  return { id, rule: id, title: id, safety: "likely", resolves: [], scope: sameScope };
}

const actions = ["a", "b", "c", "d"].map(action);

interface Behaviour {
  readonly builds?: (text: string) => boolean;
  readonly failure?: string;
  readonly bytes?: (text: string) => number;
  readonly smoke?: (text: string) => SmokeResult;
}

/** A world in which the Dockerfile is the list of actions that were applied, and the image is called like it. */
function bench({
  builds = () => true,
  failure = "no such package",
  bytes = () => 100,
  smoke,
}: Behaviour): Workbench & { readonly built: string[] } {
  const built: string[] = [];
  return {
    built,
    apply: (chosen) => {
      const text = chosen.map(({ id }) => id).join("");
      return { dockerfile: text, ignore: "", files: new Map(), applied: chosen, findings: [] };
    },
    engine: {
      build: ({ dockerfile }) => {
        built.push(dockerfile);
        return Promise.resolve(builds(dockerfile) ? { reference: dockerfile, name: dockerfile } : { failure });
      },
      examine: ({ name }): Promise<Side> => Promise.resolve({ findings: [], image: imageOf(name, bytes(name)) }),
      ...(smoke ? { smoke: ({ name }: ProvedImage) => Promise.resolve(smoke(name)) } : {}),
    },
  };
}

function imageOf(name: string, weight: number): ProvedImage {
  const measure = { bytes: weight, storedBytes: weight, layers: 1, files: 0, user: "", secrets: 0 };
  return {
    name,
    digest: "sha256:0",
    tree,
    config,
    baseLayers: 0,
    programs: { files: new Map(), settings: new Map() },
    measure,
  };
}

const options = { failOn: "medium", mostTrials: 50 } as const;
const passes: SmokeResult = { ok: true, kind: "command", detail: "passed" };
const fails: SmokeResult = { ok: false, kind: "command", detail: "it does not answer" };

describe("a proof", () => {
  it("is proved when all is built, held and run", async () => {
    const proof = await prove(actions, bench({ smoke: () => passes }), options);
    expect(proof).toMatchObject({ verdict: "proved", smoke: "command", trials: 1, rejected: [] });
    expect(proof.kept.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  });

  it("leaves what fails when it runs, what does not build, and what weighs more, each with its reason", async () => {
    const proof = await prove(
      actions,
      bench({
        builds: (text) => !text.includes("b"),
        bytes: (text) => (text.includes("d") ? 200 : 100),
        smoke: (text) => (text.includes("c") ? fails : passes),
      }),
      options,
    );
    expect(proof.verdict).toBe("proved");
    expect(proof.candidate.dockerfile).toBe("a");
    expect(proof.rejected.map(({ action: { id }, reason }) => `${id} ${reason.split(":")[0] ?? ""}`)).toEqual([
      "b builds",
      "c smoke",
      "d bytes",
    ]);
  });

  it("finds who names an image that cannot be had without building what holds more than once", async () => {
    const named = ["FROM a\n", "LABEL b=b\n", "LABEL c=c\n", "FROM gone:1\n", "LABEL d=d\n"].map(action);
    const world = bench({
      builds: (text) => !text.includes("gone:1"),
      failure: "gone:1: there is no such image",
      smoke: () => passes,
    });
    const proof = await prove(named, world, options);
    expect(proof.rejected.map(({ action: { id } }) => id)).toEqual(["FROM gone:1\n"]);
    expect(proof.rejected[0]?.reason).toContain("gone:1");
    expect(proof.trials).toBe(3);
  });

  it("is no more than built where the smoke test fails before, or nothing can be run", async () => {
    const broken = await prove(actions, bench({ smoke: () => fails }), options);
    expect(broken).toMatchObject({ verdict: "built", because: expect.stringContaining("cannot tell") });
    expect(broken.smoke).toBeUndefined();
    expect((await prove(actions, bench({}), options)).verdict).toBe("built");
  });

  it("is static where the original does not build, and then builds nothing more", async () => {
    const world = bench({ builds: () => false });
    const proof = await prove(actions, world, options);
    expect(proof).toMatchObject({ verdict: "static", because: "the original does not build" });
    expect(proof.checks[0]).toMatchObject({ gate: "builds", ok: false });
    expect(world.built).toEqual([""]);
  });

  it("is rejected when nothing holds, changes nothing then, and shows what was tried", async () => {
    const proof = await prove(actions, bench({ smoke: (text) => (text === "" ? passes : fails) }), options);
    expect(proof).toMatchObject({ verdict: "rejected", kept: [] });
    expect(proof.candidate.dockerfile).toBe("");
    expect(proof.checks.at(-1)).toMatchObject({ gate: "smoke", ok: false });
  });

  it("does not take a container that ends for one that stays up", async () => {
    const up: SmokeResult = { ok: true, kind: "stays-up", detail: "" };
    const smoke = (text: string): SmokeResult => (text.includes("c") ? { ...up, kind: "ends-well" } : up);
    const proof = await prove(actions, bench({ smoke }), options);
    expect(proof.rejected.map(({ action: { id } }) => id)).toEqual(["c"]);
  });

  it("rejects untried what the bound on trials leaves, and claims nothing for it", async () => {
    const proof = await prove(actions, bench({ smoke: (text) => (text.includes("a") ? fails : passes) }), {
      ...options,
      mostTrials: 2,
    });
    expect(proof.trials).toBe(2);
    expect(proof.candidate.dockerfile).not.toContain("a");
    expect(proof.rejected.length + proof.kept.length).toBe(4);
  });

  it("rejects what could not be made with the reason, and builds nothing for it", async () => {
    const world = bench({ smoke: () => passes });
    const [a] = actions;
    const apply = (chosen: readonly Action[]): Candidate => {
      const candidate = world.apply(chosen) as Candidate;
      return a && chosen.includes(a) ? { ...candidate, refused: new Map([[a, "npm is not there"]]) } : candidate;
    };
    const proof = await prove(actions, { ...world, apply }, options);
    expect(proof.rejected).toEqual([{ action: a, reason: "npm is not there" }]);
    expect(proof.candidate.dockerfile).toBe("bcd");
    expect(world.built).toEqual(["", "bcd"]);
  });

  it("leaves all upgrades at once where no mirror is reached, and tries the rest without them", async () => {
    const upgrades = ["u", "v", "w"].map((id) => ({ ...action(id), rule: "package-upgrade" }));
    const world = bench({
      builds: (text) => !/[uvw]/.test(text),
      failure: "WARNING: fetching https://mirror.example/main: DNS lookup error",
      smoke: () => passes,
    });
    const proof = await prove([...upgrades, ...actions], world, options);
    expect(proof.rejected.map(({ action: { id } }) => id)).toEqual(["u", "v", "w"]);
    expect(proof.rejected[0]?.reason).toMatch(/^builds: no mirror is reached: /);
    expect(world.built).toEqual(["", "uvwabcd", "abcd"]);
  });
});

describe("a proof on top of another", () => {
  const [a, b, c] = actions.map(({ id }) => action(id));
  if (!a || !b || !c) throw new Error("there are some");
  const world = bench({ smoke: (text) => (text.includes("x") ? fails : passes), bytes: (text) => 100 + text.length });
  const light = { ...sameScope, growth: 1 };
  const ofScope = (one: Action, growth: number): Action => ({ ...one, scope: { ...light, growth } });
  const on = async (first: readonly Action[], second: readonly Action[]) => {
    const ground = await openGround(world, options);
    const one = await prove(first, world, options, undefined, ground);
    const apply = (chosen: readonly Action[]) => world.apply([...one.kept, ...chosen]);
    const two = await prove(second, { ...world, apply }, options, undefined, groundOn(ground, one));
    return joinProofs(one, two, options);
  };

  it("joins what was kept and rejected, and holds the gates between the first image and the last", async () => {
    const joined = await on([ofScope(a, 1), b], [ofScope(c, 1)]);
    expect(joined.kept.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(joined.rejected.map(({ action: { id } }) => id)).toEqual(["b"]);
    expect(joined.candidate.dockerfile).toBe("ac");
    expect(joined.checks.find(({ gate }) => gate === "bytes")?.detail).toBe("100 B before, 102 B after");
    expect(joined.checks.map(({ gate }) => gate)).toEqual([...new Set(joined.checks.map(({ gate }) => gate))]);
    expect(joined.checks.at(0)?.gate).toBe("builds");
    expect(joined.checks.at(-1)?.gate).toBe("smoke");
    expect(joined.verdict).toBe("proved");
  });

  it("is the first where nothing of the second holds, and rejected where neither does", async () => {
    const first = await on([ofScope(a, 1)], [b]);
    expect(first).toMatchObject({ verdict: "proved", candidate: { dockerfile: "a" } });
    expect(await on([a], [b])).toMatchObject({ verdict: "rejected", kept: [], candidate: { dockerfile: "" } });
    const nothing = await on([], [b]);
    expect(nothing).toMatchObject({ verdict: "proved", kept: [], candidate: { dockerfile: "" } });
    expect(nothing.rejected).toHaveLength(1);
    expect(await on([a], [ofScope(c, 1)])).toMatchObject({ verdict: "proved", candidate: { dockerfile: "c" } });
  });
});
