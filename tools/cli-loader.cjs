#!/usr/bin/env node
// Runs the bundle beside it. V8's compiled code is kept in the user's cache directory from run to run, which halves the time
// to start; without a place to keep it, or with PLIMSOLL_NO_CODE_CACHE set, the bundle is compiled anew and nothing is lost.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const commands = new Set(["check", "fix", "explain", "rules", "dockerignore", "init", "completion"]);
const bundle = path.join(__dirname, "cli-bundle.cjs");
const source = fs.readFileSync(bundle, "utf8");
const kept = keptFile();
let cachedData;
if (kept !== undefined) {
  try {
    cachedData = fs.readFileSync(kept);
  } catch {
    // The first run of this version.
  }
}
const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename: bundle,
  cachedData,
});
if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) process.once("exit", keep);
script.runInThisContext()(exports, require, module, bundle, __dirname);

/** Where the compiled code is kept: named by the bundle's size and time, and by the Node that compiled it. */
function keptFile() {
  if (process.env.PLIMSOLL_NO_CODE_CACHE) return undefined;
  const home =
    process.env.XDG_CACHE_HOME ||
    (process.env.HOME && path.join(process.env.HOME, ".cache")) ||
    process.env.LOCALAPPDATA;
  if (!home || !path.isAbsolute(home)) return undefined;
  const { size, mtimeMs } = fs.statSync(bundle);
  // One for each command: what is kept are the functions that the command ran.
  const command = commands.has(process.argv[2]) ? process.argv[2] : "other";
  return path.join(
    home,
    "plimsoll",
    `code-${process.version}-${process.arch}-${size}-${Math.floor(mtimeMs)}-${command}.bin`,
  );
}

/** With the functions this run has used; old ones go. A failure costs the next run some time and nothing else. */
function keep() {
  if (process.exitCode > 1) return; // a run that ended early has used too little
  try {
    const directory = path.dirname(kept);
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    const current = path.basename(kept).replace(/-[a-z]+\.bin$/, "-");
    for (const name of fs.readdirSync(directory)) {
      if (/^code-.*\.bin$/.test(name) && !name.startsWith(current))
        fs.rmSync(path.join(directory, name), { force: true });
    }
    const temporary = `${kept}.${process.pid}`;
    fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
    fs.renameSync(temporary, kept);
  } catch {
    // No place to keep it.
  }
}
