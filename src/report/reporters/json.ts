import type { Reporter } from "../reporter.ts";

export const json: Reporter = {
  id: "json",
  summary: "the whole report, for programs",
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
