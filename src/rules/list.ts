// One line a rule; the order is that of ids, made in index.ts.
export { aptListsKept } from "./dockerfile/apt-lists-kept.ts";
export { sudoInRun } from "./dockerfile/sudo-in-run.ts";
export { useraddSparseLastlog } from "./dockerfile/useradd-sparse-lastlog.ts";
export { userToolDialect } from "./dockerfile/user-tool-dialect.ts";
export { useraddNotThere } from "./dockerfile/useradd-not-there.ts";
export { secretInEnv } from "./dockerfile/secret-in-env.ts";
export { secretInRun } from "./dockerfile/secret-in-run.ts";
export { secretFileCopied } from "./dockerfile/secret-file-copied.ts";
export { mode777 } from "./dockerfile/mode-777.ts";
export { noUser } from "./dockerfile/no-user.ts";
export { runsAsRoot } from "./dockerfile/runs-as-root.ts";
export { userNotNumeric } from "./dockerfile/user-not-numeric.ts";
export { userUnknown } from "./dockerfile/user-unknown.ts";
export { privilegedRunAfterUser } from "./dockerfile/privileged-run-after-user.ts";
