// picocolors asks on load whether standard output is a terminal, which builds the stream: 3 ms of every start. Text without
// colours needs nothing of it.
const plain = new Proxy({ isColorSupported: false }, { get: (target, name) => target[name] ?? String });
exports.createColors = (enabled) =>
  enabled ? require("../node_modules/picocolors/picocolors.js").createColors(true) : plain;
