export type { Advisory, Affected, RangeEvent, StatedSeverity, VersionRange } from "./advisory.ts";
export { type BuildOptions, buildStore } from "./build-store.ts";
export {
  type ChosenStore,
  chooseStore,
  requireAge,
  storeAge,
  type StoreChoice,
  storePlaces,
  warnFromDays,
} from "./choose-store.ts";
export { canonicalName, languageEcosystems } from "./ecosystem.ts";
export { exportStore, importStore } from "./carry-store.ts";
export type { Feed, FeedItem } from "./feeds/feed.ts";
export { builtInFeeds } from "./feeds/list.ts";
export type {
  Because,
  MatchOptions,
  MatchRelease,
  MatchResult,
  MatchState,
  Suppression,
  Unmatched,
  VulnerabilityMatch,
} from "./match/match.ts";
export { matchPackages } from "./match/match-packages.ts";
export type { VersionScheme } from "./scheme.ts";
export { builtInSchemes } from "./schemes/list.ts";
export { packStarterStore, unpackStarterStore } from "./starter-store.ts";
export { openStore, readStore, verifyStore } from "./store/open.ts";
export type { AdvisoryStore, StoreEcosystem, StoreFeed, StoreInfo } from "./store/store.ts";
export { type UpdateOutcome, type UpdateRequest, updateStore } from "./update-store.ts";
export type { VulnerabilityFacts } from "./vulnerability-facts.ts";
export { scoreOfVector, severityOfScore } from "./cvss/score.ts";
export { type CvssVector, parseVector } from "./cvss/vector.ts";
export { type EndOfLife, endOfLifeOf, isPastEnd } from "./end-of-life.ts";
export { detectRelease, type OsRelease, type ReadText } from "./release.ts";
export { schemeFor } from "./schemes/scheme-for.ts";
export { type ChosenSeverity, chooseSeverity, type SeverityQuestion } from "./severity.ts";
