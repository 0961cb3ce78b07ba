import { runProgram } from "../../host/index.ts";
import { parseObject, textOf } from "../json.ts";
import type { Credential } from "./credentials.ts";

/**
 * Asks `docker-credential-NAME get` for the login of a server (docker-credential-helpers, "Development"). Undefined when it
 * has none, or when there is no such program.
 */
export async function askHelper(
  name: string,
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Credential | undefined> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return undefined;
  const { status, output } = await runProgram(`docker-credential-${name}`, ["get"], {
    input: server,
    env,
    milliseconds: 30_000,
    outputBytes: 1 << 20,
  });
  if (status !== 0) return undefined;
  try {
    const said = parseObject(output, "what a credential helper said");
    const username = textOf(said["Username"]);
    const secret = textOf(said["Secret"]);
    if (username === undefined || !secret) return undefined;
    return username === "<token>" ? { kind: "identity", token: secret } : { kind: "basic", username, password: secret };
  } catch {
    return undefined;
  }
}
