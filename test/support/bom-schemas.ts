import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** RFC 3987 takes nearly everything but these. */
const reference = /^[^\s<>"{}|\\^`\u0000-\u001f\u007f]*$/;

function read(name: string): object {
  return JSON.parse(readFileSync(new URL(`../golden/schemas/${name}`, import.meta.url), "utf8")) as object;
}

/** The schema of CycloneDX 1.6 as it is published, with the three it refers to. */
export function cyclonedxSchema(): ValidateFunction {
  const ajv = new Ajv({ strict: false });
  ajv.addFormat("date-time", dateTime);
  ajv.addFormat("iri-reference", reference);
  ajv.addFormat("uri", reference);
  ajv.addFormat("idn-email", /^\S+@\S+$/);
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"])
    ajv.addSchema(read(`${name}.SNAPSHOT.schema.json`), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(read("cyclonedx-1.6.schema.json"));
}

/** The schema of SPDX 2.3 as it is published. */
export function spdxSchema(): ValidateFunction {
  return new Ajv2019({ strict: false }).compile(read("spdx-2.3.schema.json"));
}
