import type { ImageSource } from "../source.ts";
import { archive } from "./archive.ts";
import { containersStorage } from "./containers-storage.ts";
import { engine } from "./engine.ts";
import { layout } from "./layout.ts";
import { registry } from "./registry.ts";
import { rootfs } from "./rootfs.ts";

/** Where images can be read from, nearest first: the order in which a bare target is tried. */
export const imageSources: readonly ImageSource[] = [layout, archive, rootfs, engine, containersStorage, registry];
