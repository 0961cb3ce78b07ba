import { describe, expect, it } from "vitest";
import { runTool } from "./run-tool.ts";

const options = { env: process.env, milliseconds: 20_000 };

describe("running a tool", () => {
  it("tells its status, its output, and all it said", async () => {
    const run = await runTool("sh", ["-c", "echo out; echo err >&2; exit 3"], options);
    expect(run).toMatchObject({ status: 3, ended: "exit", output: "out\n" });
    expect(run.said.split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it("keeps no more than the end of what is said without end", async () => {
    const run = await runTool("sh", ["-c", "yes | head -c 3000000; echo last"], { ...options, outputBytes: 1000 });
    expect(run.output.length).toBe(1000);
    expect(run.output.endsWith("y\nlast\n")).toBe(true);
  });

  it("ends what takes too long, with what it started, even when that does not want to end", async () => {
    const began = performance.now();
    const run = await runTool("sh", ["-c", "trap '' TERM; sleep 60 & sleep 60"], { ...options, milliseconds: 200 });
    expect(run).toMatchObject({ status: undefined, ended: "time" });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("says when there is no such program, and rejects when it is stopped", async () => {
    expect(await runTool("plimsoll-no-such-program", [], options)).toMatchObject({ ended: "missing" });
    const stop = new AbortController();
    const run = runTool("sleep", ["60"], { ...options, signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    await expect(runTool("sleep", ["60"], { ...options, signal: stop.signal })).rejects.toThrow("enough");
  });
});
