import type { BuildContext, Fix } from "../../core/index.ts";
import { parseReference } from "../../bases/index.ts";
import { type Dockerfile, insertLineAfter, insertLineBefore, shippedInstructions } from "../../syntax/index.ts";
import { likelyFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { contextTexts } from "../reading/context-texts.ts";
import { placeForUser } from "../reading/service-user.ts";
import type { Known } from "../rule.ts";

/** Settings under which nginx reads or writes what only root may. */
const needsRoot =
  /^\s*(?:ssl_certificate_key|user\s+root|pid\s|proxy_cache_path|fastcgi_cache_path|client_body_temp_path|proxy_temp_path|dav_methods)\b|^\s*(?:access_log|error_log)\s+(?!off\b|\/dev\/|\/var\/log\/nginx\/(?:access|error)\.log\b)/m;

/**
 * The official nginx as its own user: its caches and the file with its process id are given to that user. Ports below 1024 need
 * no root in a container of Docker 20.10 or later. Nothing where a setting of the project may need root.
 */
export function nginxAsUser(dockerfile: Dockerfile, context: BuildContext | undefined, known: Known): { fix?: Fix } {
  if (!context || !dockerfile.source.text.includes("nginx")) return {};
  const stage = dockerfile.stages.at(-1);
  const base = stage && baseOf(dockerfile, stage, known);
  if (!base?.reference || parseReference(base.reference)?.official !== "nginx") return {};
  const [user] = base.readyUsers;
  const own = (["ENTRYPOINT", "CMD"] as const).flatMap((keyword) => shippedInstructions(dockerfile, keyword));
  if (!user || own.some(({ script }) => script.commands.length !== 1 || script.commands[0]?.name !== "nginx"))
    return {};
  const texts = contextTexts(context);
  if (!texts || texts.some(({ path, text }) => /\.(?:conf|template)$|nginx/.test(path) && needsRoot.test(text)))
    return {};
  if (shippedInstructions(dockerfile, "VOLUME").length > 0) return {};
  const { escape, newline } = dockerfile;
  const directories = base.family === "alpine" ? "/var/cache/nginx" : "/var/cache/nginx /var/lib/nginx";
  const lines = [
    `RUN for directory in ${directories}; do if [ -d "$directory" ]; then chown -R ${user.name}:${user.name} "$directory"; fi; done ${escape}`,
    `    && touch /run/nginx.pid && chown ${user.name}:${user.name} /run/nginx.pid`,
    `USER ${user.uid}:${user.gid}`,
  ].join(newline);
  const place = placeForUser(dockerfile);
  const last = stage?.instructions.at(-1);
  if (!last) return {};
  return likelyFix(
    `Run as ${user.name} (${user.uid}:${user.gid}), if it is run by Docker 20.10 or later, or listens to no port below 1024`,
    place ? insertLineBefore(dockerfile, place, lines) : insertLineAfter(dockerfile, last, lines),
  );
}
