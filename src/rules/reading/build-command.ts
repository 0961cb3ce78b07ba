import { operandsOf, type RunInstruction, type ShellCommand, type Stage } from "../../syntax/index.ts";

/** What a build makes, by the language of its tool. */
interface Kind {
  readonly language: "go" | "rust" | "java" | "node" | "dotnet" | "c";
  readonly made: string;
  /** What a second stage usually saves. */
  readonly bytes: number;
  readonly advice: string;
}

const kinds: Readonly<Record<Kind["language"], Kind>> = {
  go: {
    language: "go",
    made: "the program built",
    bytes: 800_000_000,
    advice: "Build in a stage of its own, copy the program to a static or slim base",
  },
  rust: {
    language: "rust",
    made: "the program built",
    bytes: 1_200_000_000,
    advice: "Build in a stage of its own, copy the program to a slim base of the same distribution",
  },
  java: {
    language: "java",
    made: "the program compiled",
    bytes: 200_000_000,
    advice: "Build in a stage of its own, run the jar on a JRE of the same version",
  },
  node: {
    language: "node",
    made: "the code bundled or compiled",
    bytes: 100_000_000,
    advice: "Build in a stage of its own, copy its output and the production dependencies",
  },
  dotnet: {
    language: "dotnet",
    made: "the program built",
    bytes: 600_000_000,
    advice: "Publish in a stage of its own, run on the aspnet or runtime image",
  },
  c: {
    language: "c",
    made: "the program built",
    bytes: 250_000_000,
    advice: "Build in a stage of its own, copy the program and the libraries it is linked to",
  },
};

/** Command → the subcommands that build; an empty list: the command itself does. */
const builders: Readonly<Record<string, readonly [Kind["language"], readonly string[]]>> = {
  go: ["go", ["build", "install"]],
  cargo: ["rust", ["build", "install"]],
  rustc: ["rust", []],
  javac: ["java", []],
  mvn: ["java", ["package", "install", "verify", "compile"]],
  mvnw: ["java", ["package", "install", "verify", "compile"]],
  gradle: ["java", ["build", "bootJar", "assemble", "shadowJar", "jar", "installDist"]],
  gradlew: ["java", ["build", "bootJar", "assemble", "shadowJar", "jar", "installDist"]],
  dotnet: ["dotnet", ["build", "publish"]],
  make: ["c", []],
  cmake: ["c", []],
  gcc: ["c", []],
  "g++": ["c", []],
  cc: ["c", []],
  npm: ["node", ["run", "run-script"]],
  yarn: ["node", ["build", "run"]],
  pnpm: ["node", ["build", "run"]],
  tsc: ["node", []],
  npx: [
    "node",
    ["tsc", "webpack", "vite", "astro", "ng", "parcel", "react-scripts", "vue-cli-service", "@11ty/eleventy"],
  ],
};

export interface FoundBuild {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
  readonly end: number;
  readonly kind: Kind;
}

/** The first command that builds what the project's own files say: some were copied before it. */
export function findBuild(stage: Stage): FoundBuild | undefined {
  let copied = false;
  for (const run of stage.instructions) {
    if (run.keyword === "COPY" || run.keyword === "ADD") copied = true;
    if (run.keyword !== "RUN" || (!copied && !run.flags.some(({ name }) => name === "mount"))) continue;
    for (const command of run.script.commands) {
      if (!Object.hasOwn(builders, command.name)) continue;
      const builder = builders[command.name];
      if (!builder) continue;
      const end = endOfBuild(command, builder[0], builder[1]);
      if (end !== undefined) return { run, command, end, kind: kinds[builder[0]] };
    }
  }
  return undefined;
}

/** Where the words end that say it builds; undefined where it does something else. */
function endOfBuild(command: ShellCommand, language: Kind["language"], verbs: readonly string[]): number | undefined {
  const operands = operandsOf(command);
  if (verbs.length === 0)
    return command.args.some(({ raw }) => raw === "--version" || raw === "-v" || raw === "-E")
      ? undefined
      : command.nameWord.range.end;
  if (language === "java")
    return operands.find(({ value }) => verbs.includes(value?.split(":").pop() ?? ""))?.range.end;
  const [verb, script] = operands;
  if (!verb || !verbs.includes(verb.value ?? "")) return undefined;
  if (verb.value !== "run" && verb.value !== "run-script") return verb.range.end;
  return script && /^(?:build|compile|bundle|dist)(?:[:-]|$)/.test(script.value ?? "") ? script.range.end : undefined;
}
