// One line a rule; the order is that of ids, made in index.ts.
export { aptListsKept } from "./dockerfile/apt-lists-kept.ts";
export { apkCacheKept } from "./dockerfile/apk-cache-kept.ts";
export { yumCacheKept } from "./dockerfile/yum-cache-kept.ts";
export { dnfCacheKept } from "./dockerfile/dnf-cache-kept.ts";
export { zypperCacheKept } from "./dockerfile/zypper-cache-kept.ts";
export { aptAsks } from "./dockerfile/apt-asks.ts";
export { yumAsks } from "./dockerfile/yum-asks.ts";
export { dnfAsks } from "./dockerfile/dnf-asks.ts";
export { zypperAsks } from "./dockerfile/zypper-asks.ts";
export { aptInScript } from "./dockerfile/apt-in-script.ts";
export { aptRecommends } from "./dockerfile/apt-recommends.ts";
export { pipCacheKept } from "./dockerfile/pip-cache-kept.ts";
export { systemUpgrade } from "./dockerfile/system-upgrade.ts";
export { weakDeps } from "./dockerfile/weak-deps.ts";
export { installWithoutUpdate } from "./dockerfile/install-without-update.ts";
