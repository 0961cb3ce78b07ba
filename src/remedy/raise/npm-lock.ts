import { applyEdits } from "../../core/index.ts";
import { asksFor, packageJson } from "./package-json.ts";
import type { LockFiles, LockWriter } from "./lock-writer.ts";
import type { Raise } from "./raise.ts";

const manifest = "package.json";
const quiet = "--package-lock-only --ignore-scripts --no-audit --no-fund --no-update-notifier";

/**
 * npm's lock file. What the project asks for is asked for in the new version, what others ask for is updated as far as they
 * allow it, and what then still is as it was is overridden.
 */
export const npmLock: LockWriter = {
  form: /^(?:package-lock|npm-shrinkwrap)\.json$/,
  program: "npm",
  files: [manifest, "package-lock.json", "npm-shrinkwrap.json", ".npmrc"],
  async write(files, raises, run) {
    const text = files.get(manifest) ?? "";
    if (/"workspaces"\s*:/.test(text)) return { failure: "it is for several workspaces" };
    const asked = raises.filter((one) => !one.nested && asksFor(text, one.name));
    const others = raises.filter((one) => !asked.includes(one));
    const update = others.length === 0 ? "" : ` && npm update ${quiet} ${others.map(({ name }) => name).join(" ")}`;
    const first = await run(`npm install ${quiet}${update}`, withPins(files, asked));
    if ("failure" in first) return first;
    const left = others.filter((one) => locks(first.files, one));
    if (left.length === 0) return first;
    return run(`npm install ${quiet}`, withPins(first.files, left));
  },
};

function withPins(files: LockFiles, raises: readonly Raise[]): LockFiles {
  const text = files.get(manifest) ?? "";
  const edits = packageJson.write(text, raises).edits.map((edit) => ({ path: manifest, ...edit }));
  return new Map([...files, [manifest, applyEdits(text, edits)]]);
}

/** Whether a lock file still names a package in the version that it is to lose. */
function locks(files: LockFiles, { name, from }: Raise): boolean {
  const text = files.get("npm-shrinkwrap.json") ?? files.get("package-lock.json") ?? "{}";
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, { version?: unknown }> };
  return Object.entries(packages).some(([path, one]) => path.endsWith(`node_modules/${name}`) && one.version === from);
}
