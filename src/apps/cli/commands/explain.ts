import { createColors } from "picocolors";
import { namesSyntax, resolveRule } from "../../../engine/index.ts";
import { syntaxRule } from "../../../report/index.ts";
import type { LayersExample, TextExample } from "../../../rules/index.ts";
import { startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";

/** `plimsoll explain RULE`. */
export async function explain(id: string, terminal: Terminal): Promise<number> {
  if (namesSyntax(id)) {
    const { id: name, severity, aim, summary, why, aliases } = syntaxRule;
    terminal.out(
      `${name}  ${severity}, ${aim}\n${summary}\n\n${why}\n\nAlso known as ${aliases.join(", ")}\nit cannot be ignored or turned off\n`,
    );
    return 0;
  }
  const { imageRules } = await import("../image-commands.ts");
  const engine = await startEngine(imageRules);
  const colors = createColors(terminal.color);
  const found = resolveRule(engine, id);
  if (found.every((one) => /^SC\d{4}$/.test(one)))
    terminal.out(`${found.join(", ")} is ShellCheck's: https://www.shellcheck.net/wiki/${found[0]}\n`);
  for (const rule of [...engine.rules, ...engine.imageRules].filter((one) => found.includes(one.id))) {
    const lines = [
      `${colors.bold(rule.id)}  ${rule.severity}, ${rule.aim}${rule.optIn ? ", off unless turned on" : ""}`,
      rule.summary,
      "",
      rule.why.replaceAll(/(?<!\n)\n(?!\n|[-*] )/g, " "),
      "",
    ];
    if (rule.aliases?.length) lines.push(`Also known as ${rule.aliases.join(", ")}`, "");
    if (rule.subject === "dockerfile")
      for (const example of rule.examples.filter(isMarked).slice(0, 2)) lines.push(...sayText(example, colors));
    else for (const example of rule.examples.slice(0, 2)) lines.push(...sayLayers(example, colors));
    lines.push(
      ...(rule.subject === "dockerfile" ? [colors.dim(`ignore it: # plimsoll ignore=${rule.id} reason=…`)] : []),
      colors.dim(`turn it off: plimsoll check --rule ${rule.id}=off`),
    );
    terminal.out(`${lines.join("\n")}\n`);
  }
  return 0;
}

type Colors = ReturnType<typeof createColors>;

function isMarked({ text }: TextExample): boolean {
  return text.includes("«");
}

function sayText({ title, text, fixed }: TextExample, colors: Colors): string[] {
  return [
    colors.bold(title),
    indent(text.replaceAll("«", "").replaceAll("»", "")),
    ...(fixed === undefined ? [] : [colors.green("fixed"), indent(fixed)]),
  ];
}

function sayLayers({ title, layers, reports }: LayersExample, colors: Colors): string[] {
  const paths = layers.map((files, index) => `layer ${index + 1}: ${Object.keys(files).slice(0, 4).join(", ")}`);
  const reported =
    reports.length === 0 ? "nothing" : reports.map((path) => (path === "" ? "the image" : path)).join(", ");
  return [colors.bold(title), indent([...paths, `reported: ${reported}`].join("\n"))];
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
