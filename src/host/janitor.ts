import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

/** Which images, containers, networks and volumes are a run's: those with this label, in the engine that `program` speaks to. */
export interface LabelledThings {
  readonly program: string;
  readonly label: string;
}

/** What the janitor is told, one JSON text a line. */
type Order =
  | { readonly group: number; readonly running: boolean }
  | { readonly directory: string }
  | { readonly things: LabelledThings }
  | { readonly done: true };

/** Sees to it that nothing stays behind when this process is killed. */
export interface Janitor {
  tell(order: Order): void;
  /** All is clean: it has nothing to do any more. */
  dismiss(): void;
}

/**
 * A process of its own that waits for this one to end. A kill leaves no time to clean, but the pipe between the two is closed
 * then: whatever it was told of and not told to be done is ended and removed. Where it cannot be started, the next run's sweep
 * is what remains.
 */
export function startJanitor(env: Readonly<Record<string, string | undefined>>): Janitor {
  let child: ChildProcess | undefined;
  try {
    child = spawn(process.execPath, ["-e", `(${clean.toString()})()`], {
      env: { ...env },
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    child.on("error", () => undefined);
    child.stdin?.on("error", () => undefined);
    child.unref();
    // The pipe too: it must not keep a process alive that is otherwise done.
    if (child.stdin && "unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  } catch {
    child = undefined;
  }
  const tell = (order: Order): void => {
    child?.stdin?.write(`${JSON.stringify(order)}\n`);
  };
  return {
    tell,
    dismiss: () => {
      tell({ done: true });
      child?.stdin?.end();
    },
  };
}

/** The janitor's whole program: it is sent as text, so it must not use anything from outside of itself. */
function clean(): void {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { rmSync } = process.getBuiltinModule("node:fs");
  const groups = new Set<number>();
  const directories = new Set<string>();
  const engines = new Map<string, { program: string; label: string }>();
  let done = false;
  let rest = "";
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  const words = (program: string, args: string[]): string[] =>
    (spawnSync(program, args, { encoding: "utf8", timeout: 60_000 }).stdout ?? "").split(/\s+/).filter(Boolean);
  const removeThings = ({ program, label }: { program: string; label: string }): void => {
    const filter = ["--filter", `label=${label}`];
    for (const [list, remove] of [
      [
        ["ps", "-aq"],
        ["rm", "-f", "-v"],
      ],
      [
        ["images", "-q"],
        ["rmi", "-f"],
      ],
      [
        ["network", "ls", "-q"],
        ["network", "rm"],
      ],
      [
        ["volume", "ls", "-q"],
        ["volume", "rm", "-f"],
      ],
    ] as const) {
      const found = [...new Set(words(program, [...list, ...filter]))];
      if (found.length > 0) words(program, [...remove, ...found]);
    }
  };
  const cleanUp = (): void => {
    for (const group of groups) {
      try {
        process.kill(-group, "SIGKILL");
      } catch {
        // It has ended already.
      }
    }
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    for (const one of engines.values()) removeThings(one);
    // What an engine was about to finish when its client was killed appears a moment later.
    setTimeout(() => {
      for (const one of engines.values()) removeThings(one);
    }, 3_000);
  };
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (part: string) => {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const order = JSON.parse(line);
      if (typeof order.group === "number") groups[order.running ? "add" : "delete"](order.group);
      if (typeof order.directory === "string") directories.add(order.directory);
      if (order.things) engines.set(JSON.stringify(order.things), order.things);
      if (order.done) done = true;
    }
  });
  process.stdin.on("close", () => {
    if (!done) cleanUp();
  });
}
