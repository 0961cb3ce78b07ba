/** What an image runs on, in the terms of the OCI image index (`platform`). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Reads "linux/arm64/v8"; undefined when it is not of that shape. */
export function parsePlatform(text: string): Platform | undefined {
  const [os, architecture, variant, ...more] = text.toLowerCase().split("/");
  if (!os || !architecture || more.length > 0 || !/^[a-z0-9./_-]{3,60}$/.test(text.toLowerCase())) return undefined;
  return { os, architecture, ...(variant ? { variant } : {}) };
}

/** "linux/arm64/v8". */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** Whether an image for `offered` is one for `wanted`; arm64 and arm64/v8 are the same, other variants count when asked for. */
export function platformMatches(offered: Platform, wanted: Platform): boolean {
  if (offered.os !== wanted.os || offered.architecture !== wanted.architecture) return false;
  if (wanted.variant === undefined || offered.variant === wanted.variant) return true;
  return wanted.architecture === "arm64" && wanted.variant === "v8" && offered.variant === undefined;
}
