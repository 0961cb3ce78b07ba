import type { MatchState } from "../../advisories/index.ts";

/** Trivy's eight statuses and the states they are here; "unknown" and "not_affected" are never reported. */
export const trivyStatuses: Readonly<Record<string, MatchState | undefined>> = {
  unknown: undefined,
  not_affected: undefined,
  affected: "affected",
  fixed: "fixed",
  under_investigation: "under-investigation",
  will_not_fix: "will-not-fix",
  fix_deferred: "fix-deferred",
  end_of_life: "end-of-life",
};

/** Every state without a fix: what `--ignore-unfixed` leaves out. */
export const unfixed: readonly MatchState[] = [
  "affected",
  "under-investigation",
  "will-not-fix",
  "fix-deferred",
  "end-of-life",
];
