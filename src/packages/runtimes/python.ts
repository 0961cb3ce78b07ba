import type { Runtime } from "./runtime.ts";

export const python: Runtime = {
  id: "python",
  summary: "The language's interpreter",
  path: /(?:^|\/)(?:bin\/python|libpython)(\d\.\d{1,2})[a-z]{0,2}(?:\.so[\d.]*)?$/,
  versions: [/\0(\d\.\d{1,2}\.\d{1,3}(?:(?:a|b|rc)\d{1,2})?)\+?\0/],
};
