// What is run in place of main.ts when the first word is a command that looks into images: it starts without the rules.
import { addImageCommands } from "./image-program.ts";
import { run } from "./program.ts";

void run(process.argv.slice(2), addImageCommands).then((status) => {
  process.exitCode = status;
});
