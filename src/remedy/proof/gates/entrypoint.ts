import type { Gate } from "../gate.ts";
import { below, findOnPath } from "../linkage.ts";
import type { ProvedImage } from "../side.ts";

export const entrypoint: Gate = {
  id: "entrypoint",
  summary: "what the container starts is there and may be run",
  needs: "images",
  check(before, after) {
    const why = cannotStart(after);
    if (why === undefined || cannotStart(before) !== undefined)
      return { ok: true, detail: why ?? `${commandOf(after) ?? "no command"} is there` };
    return { ok: false, detail: why };
  },
};

function commandOf({ config }: ProvedImage): string | undefined {
  return [...config.entrypoint, ...config.cmd][0];
}

/** Why a container would not start; undefined when it can, or has no command of its own. */
function cannotStart(image: ProvedImage): string | undefined {
  const { config, tree } = image;
  const command = commandOf(image);
  if (command === undefined) return undefined;
  const file = command.includes("/")
    ? tree.resolve(below(command.startsWith("/") ? command : `${config.workdir}/${command}`))
    : findOnPath(command, tree, config);
  if (!file) return `${command}, which the container starts, is not there`;
  if (file.entry.type === "directory") return `${command}, which the container starts, is a directory`;
  return (file.entry.mode & 0o111) === 0 ? `${command}, which the container starts, may not be run` : undefined;
}
