import { relayer } from "./relayer.ts";
import type { Rewriter } from "./rewriter.ts";
import { squash } from "./squash.ts";
import { stripDead } from "./strip-dead.ts";

/** The ways an image can be laid out anew. */
export const rewriters: readonly Rewriter[] = [relayer, squash, stripDead];
