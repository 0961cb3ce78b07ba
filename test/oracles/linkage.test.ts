import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { examineImage } from "../../src/engine/index.ts";
import { defaultLimits, keptView } from "../../src/image/index.ts";
import { programKeeper, readPrograms } from "../../src/remedy/index.ts";
import { checkLinkage } from "../../src/remedy/proof/linkage.ts";
import { labEngine, runIn } from "../support/lab.ts";

const lab = labEngine();

/** What the image's own loader says of every program: the oracle. Lines of `path library`. */
const askLoader = `
for f in $(find / -xdev -type f -perm -100 \\( -path '*/bin/*' -o -path '*/sbin/*' \\) 2>/dev/null); do
  head -c 4 "$f" | grep -q ELF || continue
  ldd "$f" 2>&1 | sed -n -e "s|^[[:space:]]*\\([^ ]*\\) => not found.*|$f \\1|p" -e "s|^Error loading shared library \\([^:]*\\):.*|$f \\1|p"
done | sort -u`;

/** Libraries that are taken away, one case each; nothing that ldd or a shell needs. */
const cases: readonly (readonly [image: string, removed: string])[] = [
  ["python:3.11-slim", "/usr/lib/x86_64-linux-gnu/libz.so.1*"],
  ["debian:bookworm", "/usr/lib/x86_64-linux-gnu/libudev.so.1*"],
  ["debian:bullseye", "/lib/x86_64-linux-gnu/libmount.so.1* /usr/lib/x86_64-linux-gnu/libmount.so.1*"],
  ["alpine:3.20", "/usr/lib/libcrypto.so.3 /lib/libcrypto.so.3"],
  ["alpine:3.10", "/lib/libz.so.1*"],
];

describe.skipIf(!lab)("missing libraries of programs", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-linkage-"));
  const made: string[] = [];
  afterAll(() => {
    if (made.length > 0) runIn(lab, work, "docker", ["rmi", "-f", ...made]);
    rmSync(work, { recursive: true, force: true });
  });

  it.each(cases)(
    "in %s without (%s) are those that its own loader does not find",
    { timeout: 120_000 },
    async (image, removed) => {
      const name = `plimsoll-linkage-test:${made.length}`;
      writeFileSync(join(work, "Dockerfile"), `FROM ${image}\n${removed === "" ? "" : `RUN rm -f ${removed}\n`}`);
      runIn(lab, work, "docker", ["build", "-q", "--network", "host", "-t", name, "."], { DOCKER_BUILDKIT: "1" });
      made.push(name);
      const said = runIn(lab, work, "docker", ["run", "--rm", name, "sh", "-c", askLoader]);
      const {
        image: opened,
        merged,
        scans,
      } = await examineImage(
        {
          target: `engine:${name}`,
          choice: { platform: { os: "linux", architecture: "amd64" }, platformAsked: false },
          keepers: [programKeeper],
        },
        { limits: defaultLimits, env: lab.env },
      );
      const programs = readPrograms(keptView(merged, scans, programKeeper.id));
      const { broken, complete } = checkLinkage({ tree: merged.tree, config: opened.config, programs });
      expect(complete).toBe(true);
      const ours = broken
        .map((line) => / needs (\S+), which is not there$/.exec(line)?.[1])
        .filter((library) => library !== undefined);
      const theirs = said.split("\n").flatMap((line) => line.trim().split(" ")[1] ?? []);
      expect([...new Set(ours)].sort()).toEqual([...new Set(theirs)].sort());
      if (removed !== "") expect(theirs.length).toBeGreaterThan(0);
      // Nothing is said of programs whose libraries are all there.
      const sound = new Set(said.split("\n").map((line) => line.trim().split(" ")[0]));
      for (const line of broken.filter((one) => one.includes(" needs ") && /^(?:usr\/)?s?bin\//.test(one)))
        expect(
          [...sound].some((path) => path?.endsWith(line.split(" ")[0]?.replace(/^usr/, "") ?? "?")),
          line,
        ).toBe(true);
    },
  );
});
