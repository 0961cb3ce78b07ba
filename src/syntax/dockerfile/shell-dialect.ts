import type { Shell } from "../shell/script.ts";
import type { ShellDialect } from "../shell/tree.ts";
import type { ShellInstruction } from "./tree.ts";

const dialects: Readonly<Record<string, ShellDialect>> = {
  sh: "posix",
  ash: "posix",
  dash: "posix",
  ksh: "posix",
  mksh: "posix",
  bash: "bash",
  zsh: "bash",
  powershell: "powershell",
  pwsh: "powershell",
  cmd: "cmd",
};

/** The dialect of a shell by the path of its program. */
export function dialectOf(program: string): ShellDialect {
  const name = program.slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1).toLowerCase();
  return dialects[name.replace(/\.exe$/, "")] ?? "unknown";
}

/** The shell that runs shell forms: the SHELL in force, else /bin/sh -c, or cmd on Windows. */
export function shellOf(shell: ShellInstruction | undefined, windows: boolean): Shell {
  const program = shell?.words[0]?.value;
  if (program === undefined) return { dialect: windows ? "cmd" : "posix", errexit: false };
  const options = shell?.words.slice(1).map((word) => word.value ?? "") ?? [];
  const errexit = options.some(
    (option, i) => /^-[a-z]*e/.test(option) || (option === "errexit" && options[i - 1] === "-o"),
  );
  return { dialect: dialectOf(program), errexit };
}
