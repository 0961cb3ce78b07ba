import type { Runtime } from "./runtime.ts";

export const openssl: Runtime = {
  id: "openssl",
  summary: "The cryptographic libraries and their tool",
  path: /(?:^|\/)(?:bin\/openssl|lib(?:ssl|crypto)\.so[\d.]*)$/,
  versions: [/\0OpenSSL (\d\.\d{1,3}\.\d{1,3}[a-z]{0,2}(?:-(?:alpha|beta)\d{1,2})?) {1,4}\d{1,2} [A-Z][a-z]{2} \d{4}/],
};
