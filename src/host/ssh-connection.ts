import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { HttpFailure } from "./http.ts";

/** Where `ssh://user@host:port/socket` leads. */
export interface SshDestination {
  readonly host: string;
  readonly user?: string;
  readonly port?: string;
  /** The engine's socket over there, where it is not the usual one. */
  readonly socket?: string;
}

/** Parts that neither ssh nor the shell at the other end could take for anything else; undefined when an address has others. */
export function readSshAddress(address: string): SshDestination | undefined {
  const parts =
    /^ssh:\/\/(?:([A-Za-z0-9_][\w.-]{0,63})@)?([A-Za-z0-9][\w.-]{0,252}|\[[0-9a-f:]{2,45}\])(?::(\d{1,5}))?(\/[\w./-]{1,200})?$/i.exec(
      address,
    );
  const [, user, host, port, socket] = parts ?? [];
  if (host === undefined) return undefined;
  return {
    host: host.replace(/^\[|\]$/g, ""),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(socket === undefined || socket === "/" ? {} : { socket }),
  };
}

/**
 * One connection to the engine of another host, as Docker's own client makes it: the installed ssh runs `docker system dial-stdio`
 * there, which passes on what it is given. Ends with HttpFailure when ssh does.
 */
export function connectBySsh(
  { host, user, port, socket }: SshDestination,
  env: Readonly<Record<string, string | undefined>>,
): Duplex {
  const options = [...(user === undefined ? [] : ["-l", user]), ...(port === undefined ? [] : ["-p", port])];
  const there = ["docker", ...(socket === undefined ? [] : ["--host", `unix://${socket}`]), "system", "dial-stdio"];
  const child = spawn("ssh", ["-o", "ConnectTimeout=30", "-T", ...options, "--", host, ...there], {
    env: { ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  return streamOf(child);
}

const longestReason = 200;

/** Both directions as one stream that ends only when the program has, so that how it ended is known first. */
function streamOf(child: ChildProcessWithoutNullStreams): Duplex {
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4 * longestReason);
  });
  const stream = new Duplex({
    read: () => child.stdout.resume(),
    write: (part: Uint8Array, _encoding, done) => {
      if (child.stdin.write(part)) done();
      else child.stdin.once("drain", () => done());
    },
    final: (done) => {
      child.stdin.end();
      done();
    },
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdout.on("data", (part: Buffer) => {
    if (!stream.push(part)) child.stdout.pause();
  });
  // What could not be written any more is told by how the program ends.
  child.stdin.on("error", () => undefined);
  child.on("error", () => stream.destroy(new HttpFailure("refused", "needs ssh, which is not installed")));
  child.on("close", (status) => {
    const reason = said.trim().split("\n").at(-1)?.trim().slice(0, longestReason) ?? "";
    if (status === 0 || stream.destroyed) stream.push(null);
    else stream.destroy(new HttpFailure("refused", `cannot be reached by ssh${reason === "" ? "" : `: ${reason}`}`));
  });
  return stream;
}
