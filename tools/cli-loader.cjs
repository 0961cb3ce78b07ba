#!/usr/bin/env node
// Runs the bundle beside it. V8's compiled code is kept in the user's cache directory from run to run, which halves the time
// to start; without a place to keep it, or with PLIMSOLL_NO_CODE_CACHE set, the bundle is compiled anew and nothing is lost.
// What images need lies in bundles of their own, loaded the same way by the first command that asks for one.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

// What is kept are the functions that a command ran: one file for each command, and one for all words that are none.
const commands = ["COMMANDS"]; // written by the build, as is the next line
const imageCommands = ["IMAGE-COMMANDS"];
const command = commands.includes(process.argv[2]) ? process.argv[2] : "other";
const loaded = new Map();
run(imageCommands.includes(command) ? "start-bundle.cjs" : "cli-bundle.cjs", exports);

/** Runs a bundle; the one it may ask for is run in turn, any other name is Node's to find. */
function run(name, exported) {
  const file = path.join(__dirname, name);
  const source = fs.readFileSync(file, "latin1"); // esbuild writes ASCII
  const kept = keptFile(file);
  const whole = wholeFile(kept);
  const [from, cachedData] = firstOf([kept, whole]);
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
  });
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
    // V8 drops compiled code that has not run for a while: of a long run, the code to start with would be missing.
    v8Flag("--no-flush-bytecode");
    process.once("exit", () => keep(script, isLong() ? whole : kept));
  } else if (from !== undefined && from === whole)
    process.once("exit", () => isLong() || fs.rmSync(whole, { force: true }));
  const target = { exports: exported };
  script.runInThisContext()(exported, load, target, file, __dirname);
  return target.exports;
}

function load(name) {
  if (!/^\.\/[a-z]+-bundle\.cjs$/.test(name)) return require(name);
  if (!loaded.has(name)) loaded.set(name, run(path.basename(name), {}));
  return loaded.get(name);
}

/** Where the compiled code is kept: named by the bundle's size and time, and by the Node that compiled it. */
function keptFile(file) {
  if (process.env.PLIMSOLL_NO_CODE_CACHE) return undefined;
  const home =
    process.env.XDG_CACHE_HOME ||
    (process.env.HOME && path.join(process.env.HOME, ".cache")) ||
    process.env.LOCALAPPDATA;
  if (!home || !path.isAbsolute(home)) return undefined;
  const { size, mtimeMs } = fs.statSync(file);
  const bundle = path.basename(file, "-bundle.cjs");
  return path.join(
    home,
    "plimsoll",
    `code-${bundle}-${process.version}-${process.arch}-${size}-${Math.floor(mtimeMs)}-${command}.bin`,
  );
}

/**
 * What a run that read layers has used is several times what one from the cache needs, and loading it takes as many times as long:
 * it is kept under another name, and only until a short run comes, after which the next one keeps the little it uses.
 */
function wholeFile(kept) {
  return kept?.replace(/\.bin$/, "whole.bin");
}

function isLong() {
  return process.cpuUsage().user > 400_000;
}

/** Node's module for this takes a while to load: only a run that keeps its code asks for it. */
function v8Flag(flag) {
  require("node:v8").setFlagsFromString(flag);
}

/** The first of the files that can be read, and its contents. */
function firstOf(files) {
  for (const file of files) {
    try {
      if (file !== undefined) return [file, fs.readFileSync(file)];
    } catch {
      // The first run of this version.
    }
  }
  return [];
}

/** With the functions this run has used; those of other versions go. A failure costs the next run some time and nothing else. */
function keep(script, kept) {
  if (process.exitCode > 1) return; // a run that ended early has used too little
  try {
    const directory = path.dirname(kept);
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    const name = path.basename(kept);
    const [bundle] = /^code-[a-z]+-/.exec(name);
    const current = name.replace(/-[a-z]+\.bin$/, "-");
    for (const other of fs.readdirSync(directory)) {
      const mine = other.startsWith(bundle) && other.endsWith(".bin");
      if (mine && !other.startsWith(current)) fs.rmSync(path.join(directory, other), { force: true });
    }
    v8Flag("--flush-bytecode"); // code is taken only by runs with the same flags
    const temporary = `${kept}.${process.pid}`;
    fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
    fs.renameSync(temporary, kept);
  } catch {
    // No place to keep it.
  }
}
