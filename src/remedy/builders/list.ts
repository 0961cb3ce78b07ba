import type { Builder } from "./builder.ts";
import { buildah } from "./buildah.ts";
import { dockerBuildkit } from "./docker-buildkit.ts";
import { dockerClassic } from "./docker-classic.ts";
import { podman } from "./podman.ts";

/** In the order they are tried when none is named. */
export const builders: readonly Builder[] = [dockerBuildkit, dockerClassic, podman, buildah];
