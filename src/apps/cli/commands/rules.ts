import { createColors } from "picocolors";
import { startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";

/** `plimsoll rules`. */
export async function rules(options: { readonly format: string }, terminal: Terminal): Promise<number> {
  const { imageRules } = await import("../image-commands.ts");
  const engine = await startEngine(imageRules);
  const all = [...engine.rules, ...engine.imageRules];
  if (options.format === "json") {
    const rows = all.map(({ id, subject, aim, severity, summary, why, aliases, optIn }) => ({
      id,
      subject,
      aim,
      severity,
      optIn: optIn ?? false,
      summary,
      why,
      aliases: aliases ?? [],
    }));
    terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const colors = createColors(terminal.color);
  const width = Math.max(...all.map((rule) => rule.id.length));
  for (const rule of all) {
    const notes = [rule.severity, rule.aim, ...(rule.optIn ? ["off"] : [])].join(" ");
    terminal.out(
      `${colors.bold(rule.id.padEnd(width))}  ${notes.padEnd(20)}  ${rule.summary}${rule.aliases?.length ? colors.dim(`  ${rule.aliases.join(" ")}`) : ""}\n`,
    );
  }
  return 0;
}
