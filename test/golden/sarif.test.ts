import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { createEngine, readOfficialImages, reporters } from "../../src/index.ts";
import { buildReport } from "../../src/report/index.ts";
import { generateDockerfile, mutate } from "../support/generate.ts";
import { publishedSchema } from "../support/sarif-schema.ts";

/** What of SARIF 2.1.0 (OASIS, sections 3.13 to 3.58) Plimsoll writes, narrower than the published schema: every property typed, none besides. */
const text = { type: "object", properties: { text: { type: "string" }, markdown: { type: "string" } }, required: ["text"], additionalProperties: false };
const line = { type: "integer", minimum: 1 };
const region = { type: "object", properties: { startLine: line, startColumn: line, endLine: line, endColumn: line }, required: ["startLine"], additionalProperties: false };
const artifact = { type: "object", properties: { uri: { type: "string", pattern: "^[^\\s\\u0000-\\u001f\\\\]*$" } }, required: ["uri"], additionalProperties: false };
const level = { enum: ["none", "note", "warning", "error"] };
const schema = {
  type: "object",
  required: ["version", "runs"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      items: {
        type: "object",
        required: ["tool"],
        additionalProperties: false,
        properties: {
          columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
          tool: {
            type: "object", required: ["driver"], additionalProperties: false,
            properties: {
              driver: {
                type: "object", required: ["name"], additionalProperties: false,
                properties: {
                  name: { type: "string" }, semanticVersion: { type: "string" }, informationUri: { type: "string" },
                  rules: {
                    type: "array", uniqueItems: true,
                    items: {
                      type: "object", required: ["id"], additionalProperties: false,
                      properties: {
                        id: { type: "string" }, shortDescription: text, fullDescription: text, help: text, helpUri: { type: "string" },
                        defaultConfiguration: { type: "object", properties: { level }, additionalProperties: false },
                        properties: { type: "object", properties: { tags: { type: "array", uniqueItems: true, items: { type: "string" } }, "security-severity": { type: "string", pattern: "^\\d+\\.\\d$" } }, additionalProperties: false },
                      },
                    },
                  },
                },
              },
            },
          },
          invocations: {
            type: "array",
            items: {
              type: "object", required: ["executionSuccessful"], additionalProperties: false,
              properties: { executionSuccessful: { type: "boolean" }, toolExecutionNotifications: { type: "array", items: { type: "object", required: ["message"], properties: { level, message: text }, additionalProperties: false } } },
            },
          },
          results: {
            type: "array",
            items: {
              type: "object", required: ["message"], additionalProperties: false,
              properties: {
                ruleId: { type: "string" }, ruleIndex: { type: "integer", minimum: 0 }, level, message: text,
                locations: { type: "array", items: { type: "object", additionalProperties: false, properties: { physicalLocation: { type: "object", required: ["artifactLocation"], additionalProperties: false, properties: { artifactLocation: artifact, region } } } } },
                partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
                fixes: {
                  type: "array",
                  items: {
                    type: "object", required: ["artifactChanges"], additionalProperties: false,
                    properties: {
                      description: text,
                      artifactChanges: {
                        type: "array", minItems: 1,
                        items: {
                          type: "object", required: ["artifactLocation", "replacements"], additionalProperties: false,
                          properties: { artifactLocation: artifact, replacements: { type: "array", minItems: 1, items: { type: "object", required: ["deletedRegion"], additionalProperties: false, properties: { deletedRegion: region, insertedContent: { type: "object", properties: { text: { type: "string" } }, additionalProperties: false } } } } },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

describe("SARIF", () => {
  it("is valid 2.1.0 for a thousand files, wounded ones among them", async () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const published = publishedSchema();
    const engine = await createEngine({ officialImages: readOfficialImages });
    const sarif = reporters.find(({ id }) => id === "sarif");
    for (let seed = 0; seed < 1_000; seed++) {
      const source = seed % 2 === 0 ? generateDockerfile(seed) : mutate(generateDockerfile(seed), seed);
      const texts = new Map([["a b/Dockerfile", source]]);
      const { findings } = engine.lint([{ path: "a b/Dockerfile", text: source }]);
      const report = buildReport({ version: "1.0.0", failOn: "low", subjects: [], findings, texts, rules: engine.rules, ignored: 0, gaps: [{ subject: "x", reason: "y" }], unknownRules: [], expiredIgnores: [] });
      const log: unknown = JSON.parse(sarif?.render(report, { color: false, width: 80, texts }) ?? "");
      expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
      expect(published(log), JSON.stringify(published.errors)).toBe(true);
    }
  });
  it("would be refused by the published schema with anything missing or besides", () => {
    const published = publishedSchema();
    const driver = { name: "plimsoll" };
    expect(published({ version: "2.1.0", runs: [{ tool: { driver } }] })).toBe(true);
    expect(published({ runs: [{ tool: { driver } }] })).toBe(false);
    expect(published({ version: "2.1.0", runs: [{ tool: { driver: {} } }] })).toBe(false);
    expect(published({ version: "2.1.0", runs: [{ tool: { driver }, more: 1 }] })).toBe(false);
  });
});
