import type { ImageFacts } from "../rule.ts";

/** An instruction as the history of an image tells it. */
export interface PastInstruction {
  /** In the form of a Dockerfile: "RUN apt-get update". */
  readonly text: string;
  /** Values of build arguments that were kept with it. */
  readonly args: readonly { readonly name: string; readonly value: string }[];
  /** The layer it brought, from 0; undefined when it brought none. */
  readonly layer: number | undefined;
}

/** Longer commands are cut: nobody writes them by hand. */
const maximumLength = 100_000;

/**
 * The history of an image, told alike for both builders: BuildKit writes "RUN |1 A=b /bin/sh -c cmd # buildkit" where the
 * older one writes "|1 A=b /bin/sh -c cmd", and "COPY a b # buildkit" for "/bin/sh -c #(nop) COPY file:… in b".
 */
export function historyOf({ config }: ImageFacts): readonly PastInstruction[] {
  let layers = 0;
  return config.history.map(({ createdBy, emptyLayer }) => ({
    ...readInstruction(createdBy.slice(0, maximumLength)),
    layer: emptyLayer ? undefined : layers++,
  }));
}

function readInstruction(createdBy: string): Pick<PastInstruction, "text" | "args"> {
  let text = createdBy.trim();
  const isRun = text.startsWith("RUN ") || text.startsWith("|") || text.startsWith("/bin/sh -c ");
  if (text.endsWith("# buildkit")) text = text.slice(0, -"# buildkit".length).trimEnd();
  if (text.startsWith("/bin/sh -c #(nop)")) return { text: text.slice("/bin/sh -c #(nop)".length).trim(), args: [] };
  if (!isRun) return { text, args: [] };
  if (text.startsWith("RUN ")) text = text.slice("RUN ".length).trimStart();
  const count = Number(/^\|(\d{1,3}) /.exec(text)?.[1] ?? 0);
  const args: { name: string; value: string }[] = [];
  const shell = text.indexOf("/bin/sh -c ");
  if (count > 0) {
    const told = shell < 0 ? text : text.slice(0, shell);
    for (const [, name = "", value = ""] of told.matchAll(/(?<=\s)([A-Za-z_]\w*)=(\S*)/g))
      if (args.length < count) args.push({ name, value });
  }
  if (shell >= 0 && (shell === 0 || count > 0)) text = text.slice(shell + "/bin/sh -c ".length);
  return { text: `RUN ${text}`, args };
}
