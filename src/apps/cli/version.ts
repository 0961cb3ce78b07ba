declare const PLIMSOLL_VERSION: string | undefined;

/** The package's version, put in by the build. */
export const version: string = typeof PLIMSOLL_VERSION === "string" ? PLIMSOLL_VERSION : "0.0.0-source";
