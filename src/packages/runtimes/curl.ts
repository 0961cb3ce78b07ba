import type { Runtime } from "./runtime.ts";

export const curl: Runtime = {
  id: "curl",
  summary: "curl and the library it is made of",
  path: /(?:^|\/)(?:bin\/curl|libcurl(?:-[a-z]+)?\.so[\d.]*)$/,
  versions: [/libcurl\/(\d{1,2}\.\d{1,3}\.\d{1,3})/, /\0curl (\d{1,2}\.\d{1,3}\.\d{1,3}) \(/],
};
