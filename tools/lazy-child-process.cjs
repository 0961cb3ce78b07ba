// commander asks for node:child_process on load, for a feature that is not used here; loading it takes 5 ms of every start.
exports.spawn = (...args) => require("child_process").spawn(...args);
