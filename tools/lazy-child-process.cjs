// commander asks for node:child_process on load, for a feature that is not used here; loading it takes 5 ms of every start.
for (const name of ["spawn", "spawnSync", "execFile", "execFileSync"])
  exports[name] = (...args) => require("child_process")[name](...args);
