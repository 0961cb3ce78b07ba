import type { Edit, Fix } from "../../core/index.ts";
import { type Dockerfile, insertLineAfter, insertLineBefore } from "../../syntax/index.ts";
import { assistedFix, likelyFix } from "../problem.ts";
import { placeForUser, type ServiceUser } from "../reading/service-user.ts";

/** USER at the end of the last stage: to be applied where nothing speaks for root, else to be looked at. */
export function userFix(
  dockerfile: Dockerfile,
  user: ServiceUser | undefined,
  objection: string | undefined,
): { fix?: Fix } {
  if (!user) return assistedFix("End the last stage with USER and the number of a user without privileges");
  const edit = userLine(dockerfile, user);
  if (objection !== undefined) return assistedFix(`Run as ${user.label}; look first, ${objection}`, edit);
  return likelyFix(`Run as ${user.label}, if the program writes nowhere but in /tmp`, edit);
}

function userLine(dockerfile: Dockerfile, user: ServiceUser): Edit {
  const lines = user.create ? `${user.create}${dockerfile.newline}USER ${user.user}` : `USER ${user.user}`;
  const place = placeForUser(dockerfile);
  if (place) return insertLineBefore(dockerfile, place, lines);
  const last = dockerfile.stages.at(-1)?.instructions.at(-1) ?? dockerfile.instructions.at(-1);
  if (!last) throw new RangeError("a Dockerfile with a stage has an instruction");
  return insertLineAfter(dockerfile, last, lines);
}
