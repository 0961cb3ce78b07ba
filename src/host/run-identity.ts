import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

const pattern = /^([0-9a-f]{8})-(\d{1,10})-(\d{1,20})-([0-9a-f]{8})$/;

/** A name for what this process leaves in places that outlive it: by it, another can tell whether its owner still runs. */
export function newRunId(): string {
  return `${hostHash()}-${process.pid}-${startOf(process.pid) ?? "0"}-${randomBytes(4).toString("hex")}`;
}

/**
 * Whether the process that took a name is no more. Said only of processes of this machine: what another has left on an engine
 * that both use is that one's to clean.
 */
export function isDeadRun(id: string): boolean {
  const [, host, pid, start] = pattern.exec(id) ?? [];
  if (host !== hostHash() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  const now = startOf(Number(pid));
  return now !== undefined && start !== "0" && now !== start;
}

function hostHash(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}

/** When a process began, in clock ticks since the system did (proc(5), field 22 of stat), as process ids are used again. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
