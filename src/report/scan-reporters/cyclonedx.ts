import type { ScanRenderOptions } from "../scan-reporter.ts";
import type { BillSubject } from "../scan-sbom/bill.ts";
import { cyclonedxComponents, cyclonedxDependencies, cyclonedxFrame, rootRef } from "../scan-sbom/cyclonedx-bill.ts";

/** CycloneDX 1.6 as JSON (ECMA-424): what is installed, without a word on vulnerabilities. */
export const cyclonedx = {
  id: "cyclonedx",
  summary: "bill of materials, CycloneDX 1.6 JSON",
  render(subject: BillSubject, { timestamp }: Pick<ScanRenderOptions, "timestamp">): string {
    const bill = {
      ...cyclonedxFrame(subject, "cyclonedx", timestamp),
      components: cyclonedxComponents(subject),
      dependencies: cyclonedxDependencies(subject),
      ...(subject.gaps.length > 0
        ? { compositions: [{ aggregate: "incomplete", assemblies: [rootRef(subject)] }] }
        : {}),
    };
    return `${JSON.stringify(bill, null, 2)}\n`;
  },
};
