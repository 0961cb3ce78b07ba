import type { BuildContext } from "../../core/index.ts";
import {
  chainOf,
  type Dockerfile,
  type Instruction,
  instructionsOf,
  type InstructionOf,
  shippedInstructions,
} from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { contextTexts } from "./context-texts.ts";
import { readCreation, type UserCreation } from "./users.ts";

/** A user that the program in the image could run as. */
export interface ServiceUser {
  /** What USER would say. */
  readonly user: string;
  /** For messages: "node (1000:1000)". */
  readonly label: string;
  /** The RUN that makes it, where it has yet to be made. */
  readonly create?: string | undefined;
  readonly origin: "made-here" | "ready" | "number" | "new";
}

/** A user the shipped stages make and could run as: the one made last whose shell or number does not speak against it. */
export function userMadeHere(dockerfile: Dockerfile): ServiceUser | undefined {
  let made: ServiceUser | undefined;
  for (const run of shippedInstructions(dockerfile, "RUN")) {
    for (const name of ["useradd", "adduser"])
      for (const command of run.script.named(name)) {
        const creation = readCreation(command);
        const user = creation?.name.value;
        const uid = creation?.id?.value;
        if (creation?.kind !== "user" || !user || !/^[a-z_][\w.-]{0,31}$/i.test(user) || uid === "0") continue;
        made = { ...userById(dockerfile, user, uid, creation.primary), origin: "made-here" };
      }
  }
  return made;
}

function userById(
  dockerfile: Dockerfile,
  user: string,
  uid: string | undefined,
  primary: unknown,
): { user: string; label: string } {
  if (uid === undefined || !/^\d{1,10}$/.test(uid)) return { user, label: user };
  const group = typeof primary === "object" && primary !== null ? (primary as { value?: string }).value : undefined;
  const gid = group === undefined ? undefined : /^\d+$/.test(group) ? group : groupMadeHere(dockerfile, group);
  const numeric = gid === undefined ? uid : `${uid}:${gid}`;
  return { user: numeric, label: `${user} (${numeric})` };
}

/** The number of a group that the shipped stages make with one. */
export function groupMadeHere(dockerfile: Dockerfile, group: string): string | undefined {
  for (const run of shippedInstructions(dockerfile, "RUN"))
    for (const name of ["groupadd", "addgroup"])
      for (const command of run.script.named(name)) {
        const creation = readCreation(command);
        if (creation?.kind === "group" && creation.name.value === group && /^\d{1,10}$/.test(creation.id?.value ?? ""))
          return creation.id?.value;
      }
  return undefined;
}

const shadowUser =
  "RUN groupadd -r -g 10001 app && useradd -r -u 10001 -g app -M -d /nonexistent -s /usr/sbin/nologin --no-log-init app";
const busyboxUser = "RUN addgroup -S -g 10001 app && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app";

/** The best user for the program of the last stage: one the Dockerfile makes, one the base has ready, a number, a new one. */
export function serviceUser(dockerfile: Dockerfile, known: Known): ServiceUser | undefined {
  const made = userMadeHere(dockerfile);
  if (made) return made;
  const stage = dockerfile.stages.at(-1);
  if (!stage) return undefined;
  const base = baseOf(dockerfile, stage, known);
  const [ready] = base.readyUsers;
  if (ready)
    return {
      user: `${ready.uid}:${ready.gid}`,
      label: `${ready.name} (${ready.uid}:${ready.gid})`,
      origin: "ready",
    };
  const number = { user: "65532:65532", label: "65532:65532", origin: "number" } as const;
  const made10001 = { user: "10001:10001", label: "a user of its own (10001:10001)", origin: "new" } as const;
  switch (base.family) {
    case "scratch":
    case "distroless":
    case "wolfi":
      return number;
    case "debian":
      return { ...made10001, create: shadowUser };
    case "rhel":
    case "suse":
    case "arch":
      return base.userTools.includes("shadow") ? { ...made10001, create: shadowUser } : undefined;
    case "alpine":
    case "busybox":
      return { ...made10001, create: busyboxUser };
    default:
      return undefined;
  }
}

/** Programs that need root to do their work, or that start as root to become someone else. */
const rootPrograms =
  /^(?:gosu|su-exec|setpriv|su|sudo|runuser|chroot|sshd|crond?|supervisord|s6-svscan|init|systemd|dumb-init-root|rsyslogd|syslogd|dockerd|containerd|runsvdir|runit|my_init|httpd|apache2|apache2ctl|apachectl|apache2-foreground|httpd-foreground|nginx|haproxy|dnsmasq|named|openvpn|tcpdump|mount|iptables|chown|php-fpm\S*|vsftpd|smbd|slapd|postfix|dovecot|docker-entrypoint\.sh)$/;

/**
 * What speaks against running the image's program without root, for a person to look at; empty when nothing does.
 * @param context shows whether a low port that is declared is one that the project's files name at all
 */
export function needsRoot(dockerfile: Dockerfile, context?: BuildContext): string | undefined {
  const last = dockerfile.stages.length - 1;
  const commands: InstructionOf<"CMD" | "ENTRYPOINT">[] = [];
  for (const keyword of ["ENTRYPOINT", "CMD"] as const) {
    const one = shippedInstructions(dockerfile, keyword).at(-1);
    if (one) commands.push(one);
  }
  if (commands.length === 0) return "the base's own command is started, and may need root";
  for (const { script } of commands) {
    const program = script.commands.find(
      (command) => rootPrograms.test(command.name) || isEntrypointScript(command.name),
    );
    if (program) return `${program.name} may need root`;
    for (const command of script.commands)
      for (const word of command.args.slice(0, 4))
        if (rootPrograms.test((word.value ?? "").replace(/^.*\//, ""))) return `${word.value} may need root`;
  }
  if (script(dockerfile, "gosu") || script(dockerfile, "su-exec")) return "the entrypoint drops root by itself";
  if (shippedInstructions(dockerfile, "VOLUME").length > 0) return "its volumes belong to root";
  const ports = shippedInstructions(dockerfile, "EXPOSE").flatMap(({ words }) =>
    words.map(({ value }) => Number.parseInt(value ?? "", 10)),
  );
  const low = ports.find((port) => port > 0 && port < 1024 && !isIdle(port, ports, context));
  if (low !== undefined) return `port ${low} needs root outside of Docker`;
  return chainOf(dockerfile, last).some(({ base }) => base.kind === "none") ? "the base is not known" : undefined;
}

/** Whether a port is declared beside a higher one and no file of the project names it. */
function isIdle(port: number, ports: readonly number[], context: BuildContext | undefined): boolean {
  if (!context || !ports.some((other) => other >= 1024)) return false;
  const number = new RegExp(`(?<![\\w.])${port}(?![\\w.])`);
  return contextTexts(context)?.every(({ text }) => !number.test(text)) === true;
}

function isEntrypointScript(name: string): boolean {
  return /^(?:docker-)?entrypoint(?:\.\w+)?$|^entry\.sh$|^init\.sh$/.test(name);
}

/** Whether a package or file of that name is put into the shipped stages. */
function script(dockerfile: Dockerfile, name: string): boolean {
  if (!dockerfile.source.text.includes(name)) return false;
  return (
    shippedInstructions(dockerfile, "RUN").some(({ script: { commands } }) =>
      commands.some(({ args }) =>
        args.some(({ value }) => value !== undefined && (value === name || value.endsWith(`/${name}`))),
      ),
    ) ||
    shippedInstructions(dockerfile, "COPY").some(({ words }) =>
      words.some(({ value }) => value?.endsWith(`/${name}`) === true),
    )
  );
}

/** Whether the image hands root over to another user itself when it starts. */
export function dropsRootItself(dockerfile: Dockerfile): boolean {
  return script(dockerfile, "gosu") || script(dockerfile, "su-exec") || script(dockerfile, "setpriv");
}

/**
 * Before which instruction of the last stage USER is to stand: the first CMD or ENTRYPOINT that nothing follows that
 * writes to the image. Undefined: at the end of the stage.
 */
export function placeForUser(dockerfile: Dockerfile): Instruction | undefined {
  const stage = dockerfile.stages.at(-1);
  const instructions = stage?.instructions ?? [];
  let place: Instruction | undefined;
  for (let i = instructions.length - 1; i >= 0; i--) {
    const one = instructions[i];
    if (!one || !placid.has(one.keyword)) break;
    if (one.keyword === "CMD" || one.keyword === "ENTRYPOINT") place = one;
  }
  return place;
}

const placid: ReadonlySet<string> = new Set<string>([
  "CMD",
  "ENTRYPOINT",
  "EXPOSE",
  "HEALTHCHECK",
  "LABEL",
  "ENV",
  "ARG",
  "STOPSIGNAL",
  "SHELL",
  "ONBUILD",
  "MAINTAINER",
]);

/** The RUNs of all stages, with what each creates; for names that USER says. */
export function creationsBefore(dockerfile: Dockerfile, stage: number, before: number): readonly UserCreation[] {
  const stages = new Set(chainOf(dockerfile, stage).map(({ index }) => index));
  return instructionsOf(dockerfile, "RUN")
    .filter((run) => stages.has(run.stage) && run.index < before)
    .flatMap(({ script: { commands } }) => commands.flatMap((command) => readCreation(command) ?? []));
}
