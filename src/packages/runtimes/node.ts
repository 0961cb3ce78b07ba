import type { Runtime } from "./runtime.ts";

export const node: Runtime = {
  id: "node",
  summary: "The JavaScript runtime",
  path: /(?:^|\/)(?:node(?:js)?|libnode\.so[\d.]*)$/,
  versions: [
    /node\.js\/v(\d{1,3}\.\d{1,3}\.\d{1,3}(?:-rc\.\d{1,2})?)/,
    /\/node-v(\d{1,3}\.\d{1,3}\.\d{1,3})-headers\.tar\.gz/,
  ],
};
