import type { SitePolicy } from "./rule.ts";

export const defaultSitePolicy: SitePolicy = {
  trustedRegistries: [],
  contextLimit: 50_000_000,
  labels: {},
  strictLabels: false,
};
