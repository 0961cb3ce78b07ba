declare const PLIMSOLL_VERSION: string | undefined;

/** The package's version, put in by the build. */
export const version: string = typeof PLIMSOLL_VERSION === "string" ? PLIMSOLL_VERSION : "0.0.0-source";

declare const PLIMSOLL_BUILD: string | undefined;

/** Names the sources this was built from; undefined where they are run as they are. */
export const build: string | undefined = typeof PLIMSOLL_BUILD === "string" ? PLIMSOLL_BUILD : undefined;
