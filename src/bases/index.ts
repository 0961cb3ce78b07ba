export type { BaseFacts, BaseFamily, BaseUser, RepositoryFacts, TagFacts } from "./facts.ts";
