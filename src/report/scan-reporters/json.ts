import type { ScanReporter } from "../scan-reporter.ts";

export const json: ScanReporter = {
  id: "json",
  summary: "the whole document, for programs",
  render: (document) => `${JSON.stringify(document, null, 2)}\n`,
};
