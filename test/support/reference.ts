import {
  builtInImageRules,
  builtInRules,
  errorCodes,
  type LayersExample,
  type Rule,
  type TextExample,
} from "../../src/index.ts";

const note = "<!-- Made by `npm run docs` from the source: change it there. -->\n\n";

/** The pages of docs/reference, by path. */
export function referencePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const rule of builtInRules) pages.set(`rules/${rule.id}.md`, rulePage(rule));
  for (const rule of builtInImageRules) pages.set(`rules/${rule.id}.md`, imageRulePage(rule));
  pages.set("rules.md", rulesPage());
  pages.set("errors.md", errorsPage());
  return pages;
}

function rulesPage(): string {
  return `${note}# Rules\n\n${builtInRules.length} rules about Dockerfiles, ${builtInImageRules.length} about images. Ids of hadolint, BuildKit, Trivy and Dockle are accepted wherever a rule is named.\n\n${ruleTable(builtInRules)}\n## Images\n\n${ruleTable(builtInImageRules)}`;
}

function ruleTable(rules: readonly (Rule<"dockerfile"> | Rule<"image">)[]): string {
  const rows = rules.map(
    ({ id, severity, aim, summary, aliases, optIn }) =>
      `| [${id}](rules/${id}.md) | ${severity}${optIn ? ", off" : ""} | ${aim} | ${summary.replaceAll("|", "\\|")} | ${(aliases ?? []).join(", ")} |`,
  );
  return `| rule | severity | aim | what it finds | also known as |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

const risks = [
  "nothing reads what it names",
  "what it names is made or fetched again when it is needed",
  "only building or debugging needs what it names",
  "what it names may be missed",
] as const;

function imageRulePage(rule: Rule<"image">): string {
  const lines = [
    `# ${rule.id}`,
    "",
    `${rule.summary}.`,
    "",
    `About images. Severity ${rule.severity}, aim ${rule.aim}${rule.risk === undefined ? "" : `, risk ${rule.risk}: ${risks[rule.risk]}`}.${rule.aliases?.length ? ` Also known as ${rule.aliases.join(", ")}.` : ""}`,
    "",
    rule.why.trim(),
    "",
  ];
  for (const example of rule.examples) lines.push(...layersLines(example));
  return note + lines.join("\n");
}

/** More files of one layer than this say no more. */
const shownFiles = 10;

function layersLines({ title, layers, base = 0, instructions, config, reports }: LayersExample): string[] {
  const lines = [`## ${reports.length > 0 ? "Found" : "Not found"}: ${title}`, ""];
  layers.forEach((files, index) => {
    const instruction = index < base ? "of the base" : (instructions?.[index - base] ?? "");
    lines.push(`Layer ${index + 1}${instruction === "" ? "" : `, ${instruction}`}:`, "", "```text");
    const entries = Object.entries(files);
    for (const [path, file] of entries.slice(0, shownFiles)) lines.push(`${path}  ${sayFile(path, file)}`.trimEnd());
    if (entries.length > shownFiles) lines.push(`… ${entries.length - shownFiles} more`);
    lines.push("```", "");
  });
  if (config) lines.push("Configuration:", "", "```json", JSON.stringify(config, null, 2), "```", "");
  if (reports.length > 0)
    lines.push(`Reported: ${reports.map((path) => (path === "" ? "the image" : `\`/${path}\``)).join(", ")}`, "");
  return lines;
}

function sayFile(path: string, file: LayersExample["layers"][number][string]): string {
  if (path.endsWith("/") || path.endsWith(".wh..wh..opq")) return "";
  if (file === null) return "deleted";
  if (typeof file === "number") return `${file} bytes`;
  if (typeof file === "object" && "size" in file)
    return `a program of ${file.size} bytes, ${(file.symbols ?? 0) + (file.debug ?? 0)} of them symbols`;
  if (typeof file === "object") return "same" in file ? `is ${file.same}` : `-> ${file.link}`;
  return JSON.stringify(file.length > 100 ? `${file.slice(0, 100)}…` : file);
}

function rulePage(rule: Rule<"dockerfile">): string {
  const lines = [
    `# ${rule.id}`,
    "",
    `${rule.summary}.`,
    "",
    `Severity ${rule.severity}, aim ${rule.aim}${rule.optIn ? ", off unless turned on" : ""}.${rule.aliases?.length ? ` Also known as ${rule.aliases.join(", ")}.` : ""}`,
    "",
    rule.why.trim(),
    "",
  ];
  for (const example of rule.examples) lines.push(...exampleLines(example));
  lines.push("## Ignore it", "", "```dockerfile", `# plimsoll ignore=${rule.id} reason=…`, "```", "");
  return note + lines.join("\n");
}

function exampleLines(example: TextExample): string[] {
  const isMarked = [example.text, ...Object.values(example.context ?? {})].some((text) => text.includes("«"));
  const plain = (text: string): string => text.replaceAll("«", "").replaceAll("»", "").trimEnd();
  const lines = [
    `## ${isMarked ? "Found" : "Not found"}: ${example.title}`,
    "",
    "```dockerfile",
    plain(example.text),
    "```",
    "",
  ];
  if (isMarked) {
    const marks = [...example.text.matchAll(/«([^«»]*)»/g)].map(
      (match) => `\`${(match[1] ?? "").replaceAll("`", "'").replaceAll("\n", " ")}\``,
    );
    if (marks.length > 0) lines.push(`Marked: ${marks.join(", ")}`, "");
  }
  if (example.context)
    lines.push(
      `In a context that holds ${Object.keys(example.context)
        .map((path) => `\`${path}\``)
        .join(", ")}.`,
      "",
    );
  if (example.fixed !== undefined && example.fixed !== plain(example.text))
    lines.push("Fixed:", "", "```dockerfile", example.fixed.trimEnd(), "```", "");
  for (const [path, text] of Object.entries(example.fixedFiles ?? {}))
    lines.push(`Fixed, \`${path}\`:`, "", "```", text.trimEnd(), "```", "");
  return lines;
}

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, { meaning, exit }]) => `| \`${code}\` | ${exit} | ${meaning} |`);
  return `${note}# Errors and exit statuses\n\n| status | meaning |\n| --- | --- |\n| 0 | nothing at or above \`--fail-on\` |\n| 1 | findings at or above \`--fail-on\`; they outrank what was not examined |\n| 2 | the request cannot be met |\n| 3 | something could not be examined, or not wholly |\n| 70 | a fault in Plimsoll |\n\n| error | status | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}
