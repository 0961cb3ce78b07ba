import { defaultPolicy, type Policy } from "../../src/index.ts";

/** The laboratory has bases under their usual names only: exact tags of the real ones cannot be pulled there. */
export const labPolicy: Policy = {
  ...defaultPolicy,
  severities: {
    "tag-floats": "off",
    "base-latest": "off",
    "base-untagged": "off",
    "base-unsupported-tag": "off",
    "copy-from-untagged": "off",
  },
};
