import type { randomSource } from "./generate.ts";

type Random = ReturnType<typeof randomSource>;

/** One stage of a family of images: its parent (0 is the base) and what its only RUN does. */
export interface TortureStage {
  readonly parent: number;
  /** Layers above the base. */
  readonly depth: number;
  readonly script: string;
}

const names = ["a", "b", "c", "d", "e f", "é"];
const owned = [
  "/etc/apk",
  "/etc/network",
  "/usr/share/apk",
  "/lib/apk",
  "/etc/profile.d",
  "/bin/bbsuid",
  "/etc/passwd",
  "/media",
];

/** A tree of images, each of `minimum` to `maximum` layers over the base, that share their lower layers so that they build fast. */
export function tortureStages(
  random: Random,
  images: number,
  minimum: number,
  maximum: number,
): { readonly stages: readonly TortureStage[]; readonly leaves: readonly number[] } {
  const stages: TortureStage[] = [{ parent: -1, depth: 0, script: "" }];
  const leaves: number[] = [];
  while (leaves.length < images) {
    let at = random.below(stages.length);
    if ((stages[at]?.depth ?? 0) >= maximum) at = 0;
    const depth = Math.max(minimum, Math.min(maximum, (stages[at]?.depth ?? 0) + 1 + random.below(2)));
    while ((stages[at]?.depth ?? 0) < depth) {
      stages.push({ parent: at, depth: (stages[at]?.depth ?? 0) + 1, script: script(random) });
      at = stages.length - 1;
    }
    leaves.push(at);
  }
  return { stages: stages, leaves: leaves };
}

/** What a person, or a clumsy script, does to files; a command that fails leaves things as they are. */
function script(random: Random): string {
  const commands = Array.from({ length: 1 + random.below(5) }, () => `{ ${command(random)}; } 2>/dev/null`);
  return ["mkdir -p /w && cd /w", ...commands, "true"].join("; ");
}

function command(random: Random): string {
  const path = (): string =>
    random.chance(0.12)
      ? `'${random.pick(owned)}'`
      : `'${Array.from({ length: 1 + random.below(3) }, () => random.pick(names)).join("/")}'`;
  const make = `mkdir -p "$(dirname ${path()})"`;
  const file = path();
  const write = `mkdir -p "$(dirname ${file})"; head -c ${random.below(3) * 3000 + random.below(50)} /dev/urandom > ${file}`;
  const text = `mkdir -p "$(dirname ${file})"; echo same > ${file}`;
  switch (random.below(19)) {
    case 0:
    case 1:
    case 2:
      return write;
    case 3:
      return text;
    case 4:
      return `rm -rf ${path()}`;
    case 5: {
      const directory = path();
      return `rm -rf ${directory}; mkdir -p ${directory}; echo new > ${directory}/a`;
    }
    case 6:
      return `chmod -R ${random.pick(["u+s", "700", "755", "o-r", "1777"])} ${path()}`;
    case 7:
      return `chown -R ${random.below(3)}:${random.below(3)} ${path()}`;
    case 8:
      return `mv ${path()} ${path()}`;
    case 9:
      return `ln -f ${path()} ${path()}`;
    case 10:
      return `ln -sf ${random.pick(["../a", "/w/b", "b/c", "/w/a/b", "nowhere"])} ${path()}`;
    case 11: {
      const over = path();
      return `rm -rf ${over}; echo file > ${over}`;
    }
    case 12:
      return `${make}; mkdir -p ${path()}`;
    case 13:
      return `touch -d '2001-02-03 04:05:06' ${path()}`;
    case 14:
      return `cp -a ${path()} ${path()}`;
    case 15:
      return `mkfifo ${path()}; mknod ${path()} c 1 ${random.below(9)}`;
    case 16:
      return `echo more >> ${path()}`;
    case 17: {
      const directory = path();
      return `rm -rf ${directory}; ln -s /w/c ${directory}; mkdir -p /w/c; echo through > ${directory}/d`;
    }
    default: {
      const first = path();
      return `echo linked > ${first}; ln ${first} ${path()}; ln ${first} ${path()}; rm -f ${first}`;
    }
  }
}
