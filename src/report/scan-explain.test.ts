import { describe, expect, it } from "vitest";
import { hostileScan, sampleScan } from "../../test/support/scan-sample.ts";
import { explainScan } from "./scan-explain.ts";

const plain = { color: false };

describe("explaining a match", () => {
  it("says all that led to it, for every package", () => {
    const said = explainScan(sampleScan, "cve-2024-2961", plain) ?? "";
    for (const part of [
      "CVE-2024-2961  DEBIAN-CVE-2024-2961",
      "Out-of-bounds write in iconv",
      "known to be exploited since 2024-05-01, in ransomware campaigns too (CISA KEV)",
      "EPSS: 43.2 % likely to be exploited within 30 days, above 97.0 % of all",
      "libc-bin 2.36-9",
      "libc6 2.36-9",
      "var/lib/dpkg/status, var/lib/dpkg/info/libc6.list",
      "layer 1 of 2 (sha256:aaaaaaaaaaaa), of the base image debian:12",
      "glibc 2.36-9 in Debian:12, in the order of dpkg",
      "DEBIAN-CVE-2024-2961  https://security-tracker.debian.org/tracker/CVE-2024-2961",
      "introduced 0, fixed 2.36-10",
      "0 <= 2.36-9 < 2.36-10",
      "high, as nvd says by its CVSS vector, 7.3  CVSS:3.1/AV:L",
      "debian: medium",
    ])
      expect(said).toContain(part);
    expect(said.match(/^ {2}counts +yes$/gm)?.length).toBe(2);
  });
  it("goes by aliases, names the Dockerfile's line, and says why something does not count", () => {
    expect(explainScan(sampleScan, "DEBIAN-CVE-2024-2961", plain)).toContain("libc6");
    expect(explainScan(sampleScan, "GHSA-aaaa-bbbb-cccc", plain)).toContain("by app/Dockerfile:3  RUN npm ci");
    const owned = explainScan(sampleScan, "CVE-2023-30861", plain) ?? "";
    expect(owned).toContain("no: owned, says pkg:deb/debian/python3-flask@2.2.2-3");
    expect(owned).toContain("owned by");
  });
  it("says nothing of what is not there", () => {
    expect(explainScan(sampleScan, "CVE-1999-0001", plain)).toBeUndefined();
  });
  it("lets no text drive the terminal", () => {
    const evil = "\u001b[2J\n::error::\u202e";
    const said = explainScan(hostileScan(evil), `${evil}CVE-2024-2961`, plain) ?? "";
    expect(said).not.toBe("");
    // oxlint-disable-next-line no-control-regex
    expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]|^::/m);
  });
});
