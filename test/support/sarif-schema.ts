import { readFileSync } from "node:fs";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

const reference = /^(?:[a-z][a-z0-9+.-]*:)?(?:%[0-9a-f]{2}|[\w\-.~:/?#[\]@!$&'()*+,;=])*$/i;

/** The schema OASIS publishes; the formats it names are judged as RFC 3986 and RFC 3339 say. */
export function publishedSchema(): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat("uri", (value: string) => reference.test(value) && URL.canParse(value));
  ajv.addFormat("uri-reference", reference);
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat("uuid", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
  const file = new URL("../golden/sarif-schema-2.1.0.json", import.meta.url);
  return ajv.compile(JSON.parse(readFileSync(file, "utf8")) as object);
}
