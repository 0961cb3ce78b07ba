import { describe, expect, it } from "vitest";
import { bytesFile, catalogHeld, purlsOf } from "../../../test/support/catalog.ts";
import { builtInCatalogers } from "../list.ts";
describe.each(builtInCatalogers.map((one) => [one.id, one] as const))("%s", (_, cataloger) => {
  it.each(cataloger.examples.map((one) => [one.title, one] as const))("%s", (_title, example) => {
    const held = new Map(
      Object.entries(example.files).map(([path, content]) => [
        path,
        {
          mode: 0o644,
          file: bytesFile(typeof content === "string" ? Buffer.from(content) : Buffer.from(content.base64, "base64")),
        },
      ]),
    );
    expect(purlsOf(catalogHeld(held, cataloger))).toEqual(example.purls);
  });
});
