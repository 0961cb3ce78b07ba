import type { Edit } from "../../core/index.ts";
import {
  chainOf,
  type Dockerfile,
  insertAt,
  insertCommandBefore,
  insertLineAfter,
  type Stage,
} from "../../syntax/index.ts";
import type { PlanImage, PlanSubject, Proposal, Remedy } from "../plan-subject.ts";
import { isOsPackage } from "../root-cause.ts";
import { fixable, sayPackages, type VulnerablePackage, vulnerablePackages } from "../vulnerable-packages.ts";

/** Days after which an upgrade should have come with the base. */
const lifetime = 30;

export const packageUpgrade: Remedy = {
  id: "package-upgrade",
  summary: "The base's packages that have a fix, upgraded by name until a newer base has them",
  *propose(subject) {
    const { image } = subject;
    if (!image) return;
    const packages = vulnerablePackages(subject).filter(
      (one) =>
        isOsPackage(one.package) &&
        (one.cause.kind === "base" ||
          one.cause.kind === "unknown" ||
          (one.cause.kind === "not-needed" && !one.cause.at)) &&
        fixable([one]).length > 0,
    );
    const names = [...new Set(packages.map((one) => one.package.name))].filter((name) => plainName.test(name)).sort();
    const command = commandFor(packages, image, names);
    if (names.length === 0 || command === undefined) return;
    const closes = fixable(packages.filter((one) => names.includes(one.package.name)));
    yield proposal(subject, image, packages, names, command, closes);
  },
};

/** What goes into a command line: names of packages of an image are what whoever made it wrote. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/;

function proposal(
  subject: PlanSubject,
  image: PlanImage,
  packages: readonly VulnerablePackage[],
  names: readonly string[],
  command: string,
  closes: Proposal["closes"] & {},
): Proposal {
  const until = dayAfter(subject.today, lifetime);
  const dockerfile = dockerfileOf(subject, image);
  const edits = dockerfile && upgradeEdits(dockerfile, image, command, until);
  const bytes = packages.reduce((sum, one) => sum + (one.package.installedBytes ?? 0), 0);
  return {
    key: dockerfile?.source.path ?? "image",
    title: `Upgrade ${sayPackages(names)} on top of the base, until it has the fixes`,
    safety: edits ? "likely" : "assisted",
    ...(edits ? { edits } : {}),
    resolves: [],
    closes,
    ...(bytes > 0 ? { bytes: { value: -bytes, basis: "estimated" } } : {}),
    notes: [`to go by ${until}: the old files stay in the base's layers`, ...(edits ? [] : [`add: RUN ${command}`])],
  };
}

/** Where packages are installed, else behind the FROM of the image's own base, where root runs; nothing where the image's user may not install. */
function upgradeEdits(
  dockerfile: Dockerfile,
  { user }: PlanImage,
  command: string,
  until: string,
): readonly Edit[] | undefined {
  const last = dockerfile.stages.at(-1);
  const root = last && chainOf(dockerfile, last.index).at(-1);
  const setsUser = dockerfile.instructions.some(({ keyword }) => keyword === "USER");
  const isRoot = /^(?:|root|0)(?::.*)?$/.test(user);
  // Where the Dockerfile names no user, the image's is the base's.
  if (!root?.from || root.base.kind !== "image" || (!setsUser && !isRoot)) return undefined;
  const { newline } = dockerfile;
  const comment = `# Fixes that the base lacks. To go when it has them, by ${until} at the latest.${newline}`;
  return (
    besideInstall(dockerfile, root, command, comment) ?? [
      insertLineAfter(dockerfile, root.from, `${comment}RUN ${command}`),
    ]
  );
}

/** In the RUN that fetches apt's lists anyway: what two layers write of the package manager's records is in the image twice. */
function besideInstall(
  dockerfile: Dockerfile,
  { instructions }: Stage,
  command: string,
  comment: string,
): readonly Edit[] | undefined {
  const upgrade = /apt-get install [^&]*--only-upgrade [^&]*[^& ]/.exec(command)?.[0];
  if (upgrade === undefined) return undefined;
  for (const run of instructions) {
    if (run.keyword === "USER") return undefined;
    if (run.keyword !== "RUN") continue;
    const { commands } = run.script;
    const at = commands.findIndex(
      ({ name, args, depth }, index) =>
        /^apt(?:-get)?$/.test(name) &&
        args.some(({ value }) => value === "update") &&
        commands[index + 1]?.joinedBy === "&&" &&
        commands[index + 1]?.depth === depth,
    );
    const next = at < 0 ? undefined : commands[at + 1];
    const inserted = next && insertCommandBefore(dockerfile, run, next, upgrade);
    if (inserted) return [insertAt(dockerfile, run.range.start, comment), ...inserted];
  }
  return undefined;
}

function dockerfileOf({ dockerfiles }: PlanSubject, { dockerfile }: PlanImage): Dockerfile | undefined {
  return dockerfile === undefined ? undefined : dockerfiles.get(dockerfile);
}

function commandFor(
  packages: readonly VulnerablePackage[],
  { packages: all, release }: PlanImage,
  names: readonly string[],
): string | undefined {
  const list = names.join(" ");
  const type = packages[0]?.package.type;
  if (type === "deb")
    return `apt-get update && apt-get install -y --no-install-recommends --only-upgrade ${list} && rm -rf /var/lib/apt/lists/*`;
  if (type === "apk") {
    const [, minor] = /^v?3\.(\d+)/.exec(release?.release ?? "") ?? [];
    // Older apk upgrades everything or nothing.
    return Number(minor ?? 99) >= 13 ? `apk upgrade --no-cache ${list}` : `apk add --no-cache --upgrade ${list}`;
  }
  if (type !== "rpm") return undefined;
  const has = (name: string): boolean => all.some((one) => one.type === "rpm" && one.name === name);
  const manager = ["dnf", "microdnf", "tdnf", "yum"].find(has);
  if (manager === undefined)
    return has("zypper") ? `zypper --non-interactive update ${list} && zypper clean --all` : undefined;
  return `${manager} ${manager === "microdnf" ? "update" : "upgrade"} -y ${list} && ${manager} clean all`;
}

/** @param day YYYY-MM-DD */
function dayAfter(day: string, days: number): string {
  const start = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(start) ? new Date(start + days * 86_400_000).toISOString().slice(0, 10) : day;
}
