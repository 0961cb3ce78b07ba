import type { Runtime } from "./runtime.ts";

export const perl: Runtime = {
  id: "perl",
  summary: "The language's interpreter",
  path: /(?:^|\/)(?:bin\/perl(?:5\.\d+\.\d+)?|libperl\.so[\d.]*)$/,
  versions: [/\/(5\.\d{1,3}\.\d{1,3})\/[a-z0-9_]{1,20}-linux/, /\0v(5\.\d{1,3}\.\d{1,3})\0/],
};
