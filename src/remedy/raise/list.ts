import type { LockWriter } from "./lock-writer.ts";
import { mavenPom } from "./maven-pom.ts";
import { npmLock } from "./npm-lock.ts";
import { packageJson } from "./package-json.ts";
import type { PinWriter } from "./pin-writer.ts";
import { requirements } from "./requirements.ts";

/** Every kind of file that is raised by an edit. */
export const pinWriters: readonly PinWriter[] = [mavenPom, packageJson, requirements];

/** Every kind of lock file that a proof can have written. */
export const lockWriters: readonly LockWriter[] = [npmLock];
