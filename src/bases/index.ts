export { type BaseCandidate, baseCandidates, type CandidateKind } from "./base-candidates.ts";
export { baseFacts } from "./base-facts.ts";
export type { BaseFacts, BaseFamily, BaseUser, RepositoryFacts, TagFacts } from "./facts.ts";
export { type OfficialImages, openOfficialImages, type TextParts } from "./official-images.ts";
export { deprecatedImages, officialEquivalents, verifiedPublishers } from "./publishers.ts";
export { type ImageReference, parseReference } from "./reference.ts";
export { suiteEnds } from "./table.ts";
export { compareVersions, readTag, type TagParts } from "./tag.ts";
