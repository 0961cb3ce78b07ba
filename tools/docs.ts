// Writes docs/reference from the rules and tables themselves: npm run docs. A test holds what is checked in to it.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "../test/support/reference.ts";

const root = join(import.meta.dirname, "..", "docs", "reference");
const pages = referencePages();
mkdirSync(join(root, "rules"), { recursive: true });
for (const name of readdirSync(join(root, "rules"))) if (!pages.has(`rules/${name}`)) rmSync(join(root, "rules", name));
for (const [path, text] of pages) writeFileSync(join(root, path), text);
process.stdout.write(`${pages.size} pages\n`);
