import { addDockerfileCommands } from "./dockerfile-program.ts";
import { addImageCommands } from "./image-program.ts";
import { run } from "./program.ts";

const argv = process.argv.slice(2);
void run(argv, (program, terminal, done) => {
  addDockerfileCommands(program, terminal, done);
  if (argv[0] !== "check" && argv[0] !== "fix") addImageCommands(program, terminal, done);
}).then((status) => {
  process.exitCode = status;
});
