/** `PATH#NAME`, where PATH itself may hold a `#`. */
export function splitName(
  target: string,
  exists: (path: string) => boolean,
): { readonly path: string; readonly name?: string } {
  const at = target.lastIndexOf("#");
  if (at < 0 || exists(target)) return { path: target };
  return { path: target.slice(0, at), name: target.slice(at + 1) };
}
