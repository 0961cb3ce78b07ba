import type { Runtime } from "./runtime.ts";

export const ruby: Runtime = {
  id: "ruby",
  summary: "The language's interpreter",
  path: /(?:^|\/)(?:bin\/ruby[\d.]*|libruby(?:-?[\d.]+)?(?:-static)?\.so[\d.]*)$/,
  versions: [/\0ruby (\d\.\d{1,3}\.\d{1,3}(?:(?:preview|rc)\d{1,2})?)(?:p\d{1,4})? \(20\d\d-/],
};
