import { PlimsollError } from "../core/index.ts";

/**
 * An address that may be fetched from. Plain http only to this machine: what decides about vulnerabilities must not be changed on
 * its way.
 * @throws PlimsollError usage.unknown-option
 */
export function allowedAddress(address: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    // Said below.
  }
  const loopback = url && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === "https:" || url.protocol === "file:" || (url.protocol === "http:" && loopback)))
    return url;
  throw new PlimsollError("usage.unknown-option", `${address} is not an address to fetch from`, {
    hint: "use https://, file:///, or http:// to this machine",
  });
}
