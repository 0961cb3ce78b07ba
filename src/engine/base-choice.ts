import {
  type BaseCandidate,
  baseCandidates,
  baseFacts,
  openOfficialImages,
  parseReference,
  suiteEnds,
  type TextParts,
} from "../bases/index.ts";
import { type Gap, PlimsollError } from "../core/index.ts";
import type { Choice } from "../image/index.ts";
import type { BaseOption } from "../remedy/index.ts";
import type { BaseDocument } from "../report/index.ts";
import type { ExamineJob } from "./examine-image.ts";
import { type Measurement, type MeasureRequest, measureBase, type NotMeasured } from "./measure-base.ts";
import { rankBases, recommendBase } from "./rank-bases.ts";
import type { ScanOptions } from "./scan.ts";

export interface BaseRequest {
  /** The base as FROM names it. */
  readonly reference: string;
  /** Where a Dockerfile says so. */
  readonly place?: { readonly path: string; readonly line: number };
  /** The text of the table of official images; without it nothing but a refresh is offered. */
  readonly officialImages?: TextParts;
  readonly choice: Choice;
  readonly scan: ScanOptions;
  /** This registry has the official images; Docker Hub is not asked. */
  readonly registry?: string;
  /** Milliseconds that measuring one image may take. */
  readonly timeout: number;
  /** False asks nobody: all rows are offline knowledge. */
  readonly measure: boolean;
}

export interface BaseChoice {
  readonly document: BaseDocument;
  /** What is open in each option that was measured, by reference: see `openKey`. */
  readonly open: ReadonlyMap<string, ReadonlySet<string>>;
}

const atOnce = 2;

const distributions = /^(?:(?:docker\.io\/)?library\/)?(?:alpine|debian|ubuntu):/;

/**
 * What an image could stand on in place of its base: the candidates of the official-images table, each read where it can be,
 * ranked by what was measured. What cannot be read keeps what the table knows, and says that it is no more than that.
 */
export async function chooseBase(request: BaseRequest, job: ExamineJob): Promise<BaseChoice> {
  const { reference, scan } = request;
  const images = request.officialImages && openOfficialImages(request.officialImages);
  const parsed = parseReference(reference);
  if (!parsed)
    throw new PlimsollError("image.not-found", `${reference} is not the name of an image`, {
      hint: "name a base like python:3.12-slim, or a Dockerfile",
    });
  const tag = parsed.tag ?? "latest";
  const known =
    parsed.official !== undefined && images !== undefined && images.repository(parsed.official) !== undefined
      ? baseCandidates(images, parsed.official, tag, scan.today)
      : undefined;
  const current: BaseCandidate = { ...(known?.current ?? unknownBase(reference, scan.today)), names: [reference] };
  const refresh: BaseCandidate = {
    ...current,
    names: [parsed.digest === undefined ? reference : reference.slice(0, reference.indexOf("@"))],
  };
  const candidates = [refresh, ...(known?.candidates ?? [])];
  const answers = await measureAll([current, ...candidates], request, job);
  const [own] = answers;
  const options: BaseOption[] = [optionOf("current", current, current, own)];
  for (const [index, candidate] of candidates.entries()) {
    const answer = answers[index + 1];
    if (candidate !== refresh || isNews(own, answer))
      options.push(optionOf(candidate.kind, candidate, current, answer));
  }
  const ranked = rankBases(options, scan.today);
  const recommended = recommendBase(ranked, scan.today);
  const { asOf, revision } = scan.store.store.info;
  return {
    open: new Map(answers.flatMap((one) => (one && "open" in one ? [[one.reference, one.open] as const] : []))),
    document: {
      schemaVersion: 1,
      tool: { name: "plimsoll", version: scan.version },
      reference,
      day: scan.today,
      ...(request.place ? { place: request.place } : {}),
      store: { asOf, revision, kind: scan.store.kind },
      ...(images ? { tableAsOf: images.asOf } : {}),
      options: ranked,
      ...(recommended ? { recommended: recommended.reference } : {}),
      gaps: gapsOf(request, options),
    },
  };
}

/** A base that no table knows: it can be refreshed and measured, and nothing else is known of it. */
function unknownBase(reference: string, asOf: string): BaseCandidate {
  const { suite, family } = baseFacts(reference);
  return {
    kind: "refresh",
    names: [reference],
    line: "",
    musl: family === "alpine",
    ...(suite === undefined ? {} : { suite }),
    asOf,
  };
}

/** All candidates, a few at a time, in the order given. */
async function measureAll(
  candidates: readonly BaseCandidate[],
  request: BaseRequest,
  job: ExamineJob,
): Promise<readonly (Measurement | NotMeasured)[]> {
  const answers: (Measurement | NotMeasured)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < candidates.length; index = next++) {
      const candidate = candidates[index];
      if (!candidate) continue;
      answers[index] = request.measure
        ? await measureBase(measureRequest(candidate, index, request), job)
        : { reason: "it was not asked for" };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}

/** The base as it is lies in the engine as a rule; what could take its place is asked of the registry, which has the newest. */
function measureRequest({ names }: BaseCandidate, index: number, request: BaseRequest): MeasureRequest {
  const { registry, choice, scan, timeout } = request;
  const places = (): MeasureRequest["places"] => {
    if (index === 1) return ["registry"];
    return index === 0 && registry === undefined ? ["engine", "registry"] : ["registry", "engine"];
  };
  return { names, places: places(), choice, scan, timeout, ...(registry === undefined ? {} : { registry }) };
}

/** Whether the registry has another image under the same tag than the one that is used; unknown is no news. */
function isNews(own: Measurement | NotMeasured | undefined, refreshed: Measurement | NotMeasured | undefined): boolean {
  if (!refreshed || !("layers" in refreshed)) return false;
  return !own || !("layers" in own) || own.layers.join() !== refreshed.layers.join();
}

function optionOf(
  kind: BaseOption["kind"],
  candidate: BaseCandidate,
  current: BaseCandidate,
  answer: Measurement | NotMeasured | undefined,
): BaseOption {
  const measured = answer && "measured" in answer ? answer : undefined;
  const supportEnd = measured?.supportEnd ?? (candidate.suite === undefined ? undefined : suiteEnds[candidate.suite]);
  const isSame = candidate === current;
  return {
    kind,
    reference: measured?.reference ?? candidate.names[0] ?? "",
    changes: isSame ? [] : changesOf(candidate, current),
    dropIn:
      candidate.musl === current.musl &&
      (candidate.line === current.line || current.line === "") &&
      kind !== "distroless",
    ...(candidate.live === undefined ? {} : { rebuilt: candidate.live }),
    ...(candidate.frozenSince === undefined ? {} : { frozenSince: candidate.frozenSince }),
    ...(supportEnd === undefined ? {} : { supportEnd }),
    ...(measured
      ? { measured: measured.measured }
      : { offline: { asOf: candidate.asOf, reason: answer && "reason" in answer ? answer.reason : "" } }),
  };
}

function changesOf(candidate: BaseCandidate, current: BaseCandidate): readonly string[] {
  const changes: string[] = [];
  const change = (what: string, from: string, to: string): void => {
    if (from !== to && from !== "" && to !== "") changes.push(`${what}: ${from} → ${to}`);
  };
  // A distribution's own version is the release that is told below.
  if (!distributions.test(candidate.names[0] ?? "")) change("version", current.line, candidate.line);
  change("libc", current.musl ? "musl" : "glibc", candidate.musl ? "musl" : "glibc");
  change("distribution", current.suite ?? "", candidate.suite ?? "");
  if (candidate.needs !== undefined) changes.push(candidate.needs);
  return changes;
}

function gapsOf({ reference }: BaseRequest, [current]: readonly BaseOption[]): readonly Gap[] {
  return current?.offline ? [{ subject: reference, reason: `not measured: ${current.offline.reason}` }] : [];
}
