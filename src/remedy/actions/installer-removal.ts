import type { Edit } from "../../core/index.ts";
import { appendCommand, chainOf, type Dockerfile, insertLineAfter, type Instruction } from "../../syntax/index.ts";
import type { PlanImage, PlanPackage, Proposal, Remedy } from "../plan-subject.ts";
import { isOfBase } from "../root-cause.ts";
import { sayPackages, vulnerablePackages } from "../vulnerable-packages.ts";

/** A language's own installers, as its base images bring them along. */
interface Installers {
  readonly language: string;
  /** Whether a package is one of them, or inside of one. */
  readonly has: (one: PlanPackage) => boolean;
  /** Which installer a package belongs to. */
  readonly nameOf: (one: PlanPackage) => string;
  /** As Dockerfiles call them. */
  readonly called: RegExp;
  /** Takes away all that are there. */
  readonly command: (present: readonly PlanPackage[]) => string | undefined;
}

const globalNpm = /(?:^|\/)lib\/node_modules\/(npm|corepack)\//;
const ofDebian = /^pkg:deb\/[^/]+\/([a-z0-9][a-z0-9.+-]*)@/;

const languages: readonly Installers[] = [
  {
    language: "python",
    has: ({ type, name }) => type === "pypi" && /^(?:pip|setuptools|wheel)$/.test(name),
    nameOf: ({ name }) => name,
    called: /\b(?:pip3?|setuptools|wheel|venv|ensurepip)\b/,
    command: (present) => {
      const owned = present.filter(({ owner }) => owner !== undefined);
      if (owned.length === 0) return "pip uninstall -y setuptools wheel pip";
      const names = owned.flatMap(({ owner = "" }) => ofDebian.exec(owner)?.[1] ?? []);
      // The package manager refuses where another package needs one of them.
      return names.length === present.length ? `dpkg --purge ${[...new Set(names)].sort().join(" ")}` : undefined;
    },
  },
  {
    language: "node",
    has: ({ type, files }) => type === "npm" && files.some((path) => globalNpm.test(path)),
    nameOf: ({ files }) => files.map((path) => globalNpm.exec(path)?.[1]).find((name) => name !== undefined) ?? "npm",
    called: /\b(?:npm|npx|corepack|yarn|pnpm)\b/,
    command: (present) =>
      present.some(({ owner }) => owner !== undefined) ? undefined : "npm uninstall -g corepack npm",
  },
];

/**
 * Installers have done their work when the image is built, and bring packages of their own, which a base fixes late. They stay
 * in the base's layers and weigh what they did; but a container has them no more.
 */
export const installerRemoval: Remedy = {
  id: "installer-removal",
  summary: "Installers that came with the base and that nothing needs at run time, taken away",
  *propose(subject) {
    const { image } = subject;
    const dockerfile = image?.dockerfile === undefined ? undefined : subject.dockerfiles.get(image.dockerfile);
    if (!image || !dockerfile) return;
    for (const language of languages) yield* removalOf(language, image, dockerfile, vulnerablePackages(subject));
  },
};

function* removalOf(
  { language, has, nameOf, called, command }: Installers,
  image: PlanImage,
  dockerfile: Dockerfile,
  vulnerable: ReturnType<typeof vulnerablePackages>,
): Iterable<Proposal> {
  const found = vulnerable.filter((one) => has(one.package) && isOfBase(one.package, image));
  if (found.length === 0) return;
  const present = image.packages.filter((one) => has(one) && isOfBase(one, image));
  const does = command(present);
  const edits = does === undefined ? undefined : removalEdits(dockerfile, image, called, does);
  if (!edits) return;
  yield {
    key: `${dockerfile.source.path}:${language}`,
    title: `Take ${sayPackages(present.map(nameOf))} out of the image, if the program needs none of them to run`,
    safety: "likely",
    edits,
    resolves: [],
    closes: found.flatMap(({ matches }) => matches),
    notes: ["the base's layers keep them: a container has them no more, and the image is no lighter"],
  };
}

/**
 * In the last step that calls an installer, so that what it wrote while it ran is not in the image either, else behind the last
 * step of root's in the last stage. Nothing where a user who is not root, or the container, calls one.
 */
function removalEdits(
  dockerfile: Dockerfile,
  { user }: PlanImage,
  called: RegExp,
  command: string,
): readonly Edit[] | undefined {
  const last = dockerfile.stages.at(-1);
  if (!last) return undefined;
  const chain = chainOf(dockerfile, last.index).flatMap(({ instructions }) => instructions);
  const users = chain.filter(({ keyword }) => keyword === "USER");
  const drops = last.instructions.findIndex(({ keyword }) => keyword === "USER");
  // Where the Dockerfile names no user, the image's is the base's.
  if (users.length === 0 && !/^(?:|root|0)(?::.*)?$/.test(user)) return undefined;
  if (users.some((one) => !last.instructions.includes(one))) return undefined;
  const asRoot = drops < 0 ? last.instructions : last.instructions.slice(0, drops);
  const calls = ({ range }: Instruction): boolean => called.test(dockerfile.source.text.slice(range.start, range.end));
  const later = last.instructions.filter((one) => one.keyword === "RUN" && !asRoot.includes(one));
  const started = chain.filter(({ keyword }) => /^(?:CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword));
  if ([...later, ...started].some(calls)) return undefined;
  const installs = asRoot.findLast((one) => one.keyword === "RUN" && calls(one));
  if (installs?.keyword === "RUN") {
    const appended = appendCommand(dockerfile, installs, command);
    return appended && [...appended];
  }
  const step = asRoot.findLast(({ keyword }) => /^(?:RUN|COPY|ADD|FROM)$/.test(keyword));
  return step && [insertLineAfter(dockerfile, step, `RUN ${command}`)];
}
