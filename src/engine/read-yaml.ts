import { PlimsollError, type SourceText } from "../core/index.ts";

/**
 * YAML as plain values; the library is loaded when there is something to parse.
 * @throws PlimsollError config.invalid with the place of the first mistake
 */
export async function readYaml(
  source: SourceText,
  hint = "plimsoll init writes a commented example; the keys are in docs/reference/configuration.md",
): Promise<unknown> {
  const { parseDocument, LineCounter } = await import("./yaml.ts");
  const invalid = (message: string): PlimsollError => new PlimsollError("config.invalid", message, { hint });
  const lineCounter = new LineCounter();
  const document = parseDocument(source.text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw invalid(`${source.path}:${line}:${col}: ${error.message.split("\n")[0] ?? "not valid YAML"}`);
  }
  try {
    return document.toJS({ maxAliasCount: 50 }) as unknown;
  } catch (cause) {
    throw invalid(`${source.path}: ${cause instanceof Error ? cause.message : "too many aliases"}`);
  }
}
