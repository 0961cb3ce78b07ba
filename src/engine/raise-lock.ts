import { resolve } from "node:path";
import { decodeText, FilesBelow, removeDirectory, writeBelow } from "../host/index.ts";
import {
  type Builder,
  type BuildJob,
  type LockFiles,
  lockWriters,
  type Raise,
  runInImage,
  type Scratch,
} from "../remedy/index.ts";
import { chainOf, type Dockerfile } from "../syntax/index.ts";

/** What it takes to run something in the images of a build. */
export interface ToolPlace {
  readonly builder: Builder;
  readonly scratch: Scratch;
  readonly label: string;
  readonly job: BuildJob;
  readonly network?: string;
}

const milliseconds = 300_000;
const mostBytes = 4 << 20;

/**
 * Has the ecosystem's own tool write a lock file, in a container of the image on which the Dockerfile's stage stands that calls
 * the tool. Only files of the lock file's directory go in, and only those that the tool writes come back.
 * @param lockFile by its name
 * @param read the present text of a file beside it
 */
export async function raiseLock(
  lockFile: string,
  raises: readonly Raise[],
  read: (name: string) => string | undefined,
  dockerfile: Dockerfile,
  tools: ToolPlace,
): Promise<{ readonly files: LockFiles } | { readonly failure: string }> {
  const writer = lockWriters.find(({ form }) => form.test(lockFile));
  if (!writer) return { failure: `nothing here writes ${lockFile}` };
  const image = imageWith(writer.program, dockerfile);
  if (image === undefined) return { failure: `no stage of the Dockerfile calls ${writer.program}` };
  const present = writer.files.flatMap((name): [string, string][] => {
    const text = read(name);
    return text === undefined ? [] : [[name, text]];
  });
  const run = async (command: string, files: LockFiles) => {
    const directory = resolve(tools.scratch.root, "tool");
    removeDirectory(directory);
    for (const [name, text] of files) writeBelow(tools.scratch.root, `tool/${name}`, text);
    const { builder, job, label, network } = tools;
    const failure = await runInImage(
      { image, command, directory, label, milliseconds, ...(network === undefined ? {} : { network }) },
      builder,
      job,
    );
    return failure === undefined ? { files: filesBack(directory, files) } : { failure };
  };
  return writer.write(new Map(present), raises, run);
}

/** The image that the first stage stands on which runs a program. */
function imageWith(program: string, dockerfile: Dockerfile): string | undefined {
  for (const stage of dockerfile.stages) {
    const runs = stage.instructions.some(
      (one) => one.keyword === "RUN" && one.script.commands.some(({ name }) => name === program),
    );
    const root = runs ? chainOf(dockerfile, stage.index).at(-1) : undefined;
    if (root?.base.kind === "image" && root.base.reference !== undefined) return root.base.reference;
  }
  return undefined;
}

/** What went in as it came back: regular files alone, for a link could lead anywhere. */
function filesBack(directory: string, sent: LockFiles): LockFiles {
  const below = new FilesBelow(directory);
  try {
    return new Map(
      [...sent].map(([name, text]) => {
        const file = below.open(name);
        return [
          name,
          file && file.size > 0 && file.size <= mostBytes ? decodeText(file.read(0, file.size), name) : text,
        ];
      }),
    );
  } finally {
    below.close();
  }
}
