import { createColors } from "picocolors";
import { resolveRule } from "../../../engine/index.ts";
import { startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";

/** `plimsoll explain RULE`. */
export async function explain(id: string, terminal: Terminal): Promise<number> {
  const engine = await startEngine();
  const colors = createColors(terminal.color);
  const found = resolveRule(engine, id);
  for (const rule of engine.rules.filter((one) => found.includes(one.id))) {
    const lines = [
      `${colors.bold(rule.id)}  ${rule.severity}, ${rule.aim}${rule.optIn ? ", off unless turned on" : ""}`,
      rule.summary,
      "",
      rule.why.replaceAll(/(?<!\n)\n(?!\n|[-*] )/g, " "),
      "",
    ];
    if (rule.aliases?.length) lines.push(`Also known as ${rule.aliases.join(", ")}`, "");
    for (const example of rule.examples.filter(({ text }) => text.includes("«")).slice(0, 2)) {
      lines.push(colors.bold(example.title), indent(example.text.replaceAll("«", "").replaceAll("»", "")));
      if (example.fixed !== undefined) lines.push(colors.green("fixed"), indent(example.fixed));
    }
    lines.push(
      colors.dim(`ignore it: # plimsoll ignore=${rule.id} reason=…`),
      colors.dim(`turn it off: plimsoll check --rule ${rule.id}=off`),
    );
    terminal.out(`${lines.join("\n")}\n`);
  }
  return 0;
}

function indent(text: string): string {
  return (
    text
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n") + "\n"
  );
}
