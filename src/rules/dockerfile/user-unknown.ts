import { chainOf, type Dockerfile, instructionsOf, type Stage } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { userOf } from "../reading/current-user.ts";
import { creationsBefore } from "../reading/service-user.ts";
import type { Known, Rule } from "../rule.ts";

export const userUnknown: Rule<"dockerfile"> = {
  id: "user-unknown",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "USER names a user that nothing makes",
  why: `Docker looks a name up in /etc/passwd of the image when a RUN or the container starts, and stops with "no matching
entries in passwd file" when it is not there. Make the user above, use one that the base has, or name a number, which
needs no entry.`,
  *check({ dockerfile }, known) {
    for (const instruction of instructionsOf(dockerfile, "USER")) {
      const user = userOf(instruction);
      const [word] = instruction.words;
      const stage = dockerfile.stages[instruction.stage];
      if (!user || !word || !stage || user === "root" || /^\d+$/.test(user) || !/^[\w.-]+$/.test(user)) continue;
      const doubt = mayBeMade(dockerfile, stage, instruction.index, user, known);
      if (doubt === true) continue;
      yield {
        message: `nothing here makes a user ${user}, and the base has none`,
        at: inSource(dockerfile, word.range),
        ...(doubt === undefined ? {} : { assumed: doubt }),
        ...assistedFix(`Make ${user} in a RUN above, or name a number (10001:10001)`),
      };
    }
  },
  examples: [
    { title: "never made", text: "FROM debian:12\nUSER «app»\n" },
    {
      title: "made in another stage only",
      text: "FROM alpine:3.20 AS a\nRUN adduser -D app\nFROM alpine:3.20\nUSER «app:app»\n",
    },
    { title: "no users at all", text: "FROM scratch\nCOPY --from=a /x /x\nUSER «nonroot»\n" },
    { title: "packages that make no such user", text: "FROM debian:12\nRUN apt-get install -y curl git\nUSER «app»\n" },
    {
      title: "made, of the base, of a package, a number, or copied in",
      text: "FROM node:20\nUSER node\nFROM debian:12\nRUN useradd -r app\nUSER app\nFROM debian:12\nRUN apt-get install -y nginx redis-server\nUSER www-data\nUSER nginx\nUSER redis\nFROM scratch\nCOPY --from=a /etc/passwd /etc/passwd\nUSER app\nFROM debian:12\nUSER 10001\n",
    },
    {
      title: "scripts and files that may make it, a base or a name that is not known",
      text: "FROM debian:12\nRUN ./setup.sh\nUSER app\nFROM debian:12\nRUN echo app:x:1:1::/:/bin/sh >> /etc/passwd\nUSER app\nFROM registry.example.com/x:1\nUSER app\nFROM debian:12\nARG U\nUSER $U\nFROM ubuntu:24.04\nUSER ubuntu\n",
    },
  ],
};

const harmlessCommands = new Set(
  "apt-get apt apk dnf yum microdnf zypper rm mkdir cp mv ln echo printf cd ls chmod chown touch test [ true set export npm yarn pnpm pip pip3 python python3 go cargo make curl wget tar unzip git sed grep groupadd addgroup useradd adduser usermod install cat find java mvn gradle node gem bundle poetry uv".split(
    " ",
  ),
);

/** true: it is there or may be; a text: it is not, if that assumption holds; undefined: it surely is not. */
function mayBeMade(
  dockerfile: Dockerfile,
  stage: Stage,
  before: number,
  user: string,
  known: Known,
): true | string | undefined {
  const base = baseOf(dockerfile, stage, known);
  if (!base.passwd || base.family === "windows" || base.family === "unknown") return true;
  if (base.passwd.includes(user) || base.readyUsers.some(({ name }) => name === user) || user === "ubuntu") return true;
  if (creationsBefore(dockerfile, stage.index, before).some(({ name }) => (name.value ?? user) === user)) return true;
  let packages = false;
  for (const one of chainOf(dockerfile, stage.index)) {
    for (const instruction of one.instructions) {
      if (instruction.index > before) break;
      if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
        const target = instruction.target.value ?? "/";
        if (/^\/(?:etc)?(?:\/|$)$|passwd/.test(target.replace(/\/+$/, "") || "/")) return true;
        if (instruction.keyword === "ADD" && target === "/") return true;
        continue;
      }
      if (instruction.keyword !== "RUN") continue;
      const { script } = instruction;
      if (script.broken || (script.dialect !== "posix" && script.dialect !== "bash")) return true;
      for (const command of script.commands) {
        if (!harmlessCommands.has(command.name) || /^\.?\.?\/(?!usr\/|bin\/|sbin\/)/.test(command.nameWord.raw))
          return true;
        if (command.redirects.some(({ target }) => target?.raw.includes("passwd"))) return true;
        for (const { value } of command.args) {
          if (value === undefined || value.includes("passwd")) return true;
          if (value === "install" || value === "add") packages = true;
          else if (value.length > 2 && (value.includes(user) || user.includes(value)) && /^[a-z]/.test(value))
            return true;
        }
      }
    }
  }
  if (!packages) return undefined;
  return daemons.test(user) ? true : "that no package installed above makes it";
}

/** Users that packages make under other names than their own. */
const daemons =
  /^(?:www-data|apache|http|nginx|mysql|postgres|redis|mongodb?|rabbitmq|elasticsearch|messagebus|sshd|tomcat\d*|jenkins|jetty|memcache\w*|_\w+|systemd-\w+|named|bind|ntp|chrony|haproxy|varnish|squid|proxy|zabbix|prometheus|grafana|vault|consul|nomad|postfix|dovecot|ldap|openldap|libvirt\S*|docker|git|gitea|squid|mosquitto|influxdb|telegraf|unbound|dnsmasq|icecast\d?|murmur|znc|munin|nagios|ceph|etcd|kafka|solr|cassandra)$/;
