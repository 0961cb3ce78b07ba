import { resolve } from "node:path";
import {
  type Advisory,
  type AdvisoryStore,
  buildStore,
  builtInFeeds,
  type ChosenStore,
  chooseStore,
  exportStore,
  importStore,
  requireAge,
  storeAge,
  type StoreInfo,
  storePlaces,
  unpackStarterStore,
  updateStore,
  verifyStore,
  warnFromDays,
} from "../../../advisories/index.ts";
import { PlimsollError } from "../../../core/index.ts";
import { pullStore, pushStore } from "../../../engine/index.ts";
import { cacheDirectory, kindOf, openRandomFile } from "../../../host/index.ts";
import { defaultLimits, type SourceJob } from "../../../image/index.ts";
import { escapeControls, formatBytes } from "../../../report/index.ts";
import type { Terminal } from "../terminal.ts";

interface StoreOptions {
  readonly store?: string;
  readonly format: string;
  readonly quiet?: boolean;
}

export interface UpdateOptions extends StoreOptions {
  readonly ecosystem: readonly string[];
  readonly mirror?: string;
  readonly feed: readonly string[];
}

export interface BuildCommandOptions extends StoreOptions {
  readonly from: string;
  readonly output?: string;
  readonly ecosystem: readonly string[];
  readonly prose: boolean;
}

export interface StatusOptions extends StoreOptions {
  readonly maxAge?: string;
  readonly verify?: boolean;
}

/** What is fetched when nothing was asked for, now or before: what images are most often made of. */
const usual = [
  "Alpine",
  "Debian",
  "Go",
  "Maven",
  "NuGet",
  "Packagist",
  "PyPI",
  "RubyGems",
  "Ubuntu",
  "Wolfi",
  "crates.io",
  "npm",
  "runtimes",
];

/** `plimsoll db update`. */
export async function update(options: UpdateOptions, terminal: Terminal): Promise<number> {
  const cache = cacheDirectory();
  const places = storePlaces(cache);
  const store = givenPath(options) ?? places.store;
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const base = unpackStarterStore(cache);
  const asked = options.ecosystem.length > 0 ? options.ecosystem : (knownEcosystems(store) ?? usual);
  const { replaced, info, gaps } = await updateStore({
    store,
    cache: places.feeds,
    ecosystems: asked,
    addresses: feedAddresses(options.feed),
    signal: stop.signal,
    ...(base === undefined ? {} : { base }),
    ...(options.mirror === undefined ? {} : { mirror: options.mirror }),
    ...(options.quiet ? {} : { progress: terminal.progress }),
  });
  for (const { subject, reason } of gaps)
    terminal.note(`not fetched: ${escapeControls(subject)}: ${escapeControls(reason)}`);
  if (options.format === "json") terminal.out(json({ replaced, path: store, ...info, gaps }));
  else if (!options.quiet) terminal.out(`${replaced ? "updated" : "nothing newer than"} ${store}\n${described(info)}`);
  return gaps.length > 0 ? 3 : 0;
}

/** `plimsoll db build`. */
export function build(options: BuildCommandOptions, terminal: Terminal): number {
  const output = options.output ?? givenPath(options);
  if (output === undefined)
    throw new PlimsollError("usage.unknown-option", "there is no place for the store", { hint: "add --output FILE" });
  buildStore(resolve(options.from), resolve(output), {
    withoutProse: !options.prose,
    ...(options.ecosystem.length > 0 ? { ecosystems: options.ecosystem } : {}),
  });
  const { store } = chooseStore({ path: resolve(output), cache: cacheDirectory() });
  store.close();
  if (options.format === "json") terminal.out(json({ path: output, ...store.info }));
  else if (!options.quiet) terminal.out(`made ${output}\n${described(store.info)}`);
  return 0;
}

/** `plimsoll db status`. */
export function status(options: StatusOptions, terminal: Terminal): number {
  const most = options.maxAge === undefined ? undefined : Number(options.maxAge);
  if (most !== undefined && !(most >= 0))
    throw new PlimsollError("usage.unknown-option", `--max-age ${options.maxAge} is no number of days`, {
      hint: "write it like --max-age 5",
    });
  const { store, path, kind } = choose(options);
  store.close();
  if (options.verify) verifyAll(path);
  const age = storeAge(store.info.asOf, today());
  if (options.format === "json") terminal.out(json({ path, kind, ageDays: age, ...store.info }));
  else
    terminal.out(
      `${path}${kind === "starter" ? " (came with Plimsoll)" : ""}\n${described(store.info)}${listed(store.info)}`,
    );
  if (most !== undefined) requireAge(store.info.asOf, today(), most);
  else if (age > warnFromDays) terminal.note(`it is ${age} days old: plimsoll db update`);
  return 0;
}

/** `plimsoll db import FILE`. */
export async function importFrom(file: string, options: StoreOptions, terminal: Terminal): Promise<number> {
  const store = givenPath(options) ?? storePlaces(cacheDirectory()).store;
  const info = await importStore(resolve(file), store);
  if (options.format === "json") terminal.out(json({ path: store, ...info }));
  else if (!options.quiet) terminal.out(`imported to ${store}\n${described(info)}`);
  return 0;
}

/** `plimsoll db export FILE`. */
export async function exportTo(file: string, options: StoreOptions, terminal: Terminal): Promise<number> {
  const { store, path } = choose(options);
  store.close();
  const info = await exportStore(path, resolve(file));
  if (options.format === "json") terminal.out(json({ path: file, ...info }));
  else if (!options.quiet) terminal.out(`exported to ${file}\n${described(info)}`);
  return 0;
}

/** `plimsoll db push NAME`. */
export async function push(name: string, options: StoreOptions, terminal: Terminal): Promise<number> {
  const { store, path } = choose(options);
  store.close();
  const { reference, info } = await pushStore(path, name, cacheDirectory(), registryJob(options, terminal));
  if (options.format === "json") terminal.out(json({ reference, ...info }));
  else if (!options.quiet) terminal.out(`pushed ${reference}\n${described(info)}`);
  return 0;
}

/** `plimsoll db pull NAME`. */
export async function pull(name: string, options: StoreOptions, terminal: Terminal): Promise<number> {
  const store = givenPath(options) ?? storePlaces(cacheDirectory()).store;
  const { reference, info } = await pullStore(name, store, registryJob(options, terminal));
  if (options.format === "json") terminal.out(json({ path: store, reference, ...info }));
  else if (!options.quiet) terminal.out(`pulled ${reference} to ${store}\n${described(info)}`);
  return 0;
}

function registryJob({ quiet }: StoreOptions, terminal: Terminal): SourceJob {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return {
    limits: defaultLimits,
    env: process.env,
    signal: stop.signal,
    ...(quiet ? {} : { progress: terminal.progress }),
  };
}

/** `plimsoll db lookup CVE-… | ECOSYSTEM/PACKAGE`. */
export function lookup(subject: string, options: StoreOptions, terminal: Terminal): number {
  const { store } = choose(options);
  try {
    const slash = subject.indexOf("/");
    const facts = store.facts(subject);
    const places = facts || slash < 1 ? store.named(subject) : [];
    const advisories =
      facts || slash < 1
        ? places.flatMap(({ ecosystem, name }) =>
            store.find(ecosystem, name).filter((advisory) => names(advisory, subject)),
          )
        : packagesLike(store, subject.slice(0, slash)).flatMap((one) => store.find(one, subject.slice(slash + 1)));
    if (options.format === "json") terminal.out(json({ subject, facts: facts ?? null, advisories }));
    else if (advisories.length === 0 && !facts) terminal.out(`nothing is known of ${escapeControls(subject)}\n`);
    else {
      if (facts?.exploited) terminal.out(`known to be exploited since ${facts.exploited.since}\n`);
      if (facts?.epss) terminal.out(`EPSS ${(facts.epss.probability * 100).toFixed(2)} %\n`);
      for (const { source, vector, score } of facts?.severities ?? [])
        terminal.out(`${source}: ${escapeControls(vector ?? String(score ?? ""))}\n`);
      for (const advisory of advisories) terminal.out(shown(advisory));
    }
    return 0;
  } finally {
    store.close();
  }
}

function names({ id, aliases, upstream }: Advisory, subject: string): boolean {
  return id === subject || aliases.includes(subject) || upstream.includes(subject);
}

/** An ecosystem with its releases: "Debian" stands for each of Debian's. */
function packagesLike(store: AdvisoryStore, ecosystem: string): readonly string[] {
  return store.info.ecosystems
    .map(({ name }) => name)
    .filter((name) => name === ecosystem || name.startsWith(`${ecosystem}:`));
}

function shown({ id, affected, withdrawn, summary }: Advisory): string {
  const note = [withdrawn === undefined ? "" : `withdrawn ${withdrawn}`, summary ?? ""].filter(Boolean).join("; ");
  const lines = affected.map((one) => {
    const ranges = one.ranges.map(({ events }) =>
      events.map((event) => Object.entries(event).flat().join(" ").replace("lastAffected", "up to")).join(", "),
    );
    const listed = one.versions.length > 0 ? [`${one.versions.length} listed versions`] : [];
    return `  ${one.ecosystem} ${one.name}: ${[...ranges, ...listed, ...(one.state ? [one.state] : [])].join("; ")}\n`;
  });
  return escapeControls(`${id}${note ? `  ${note}` : ""}\n${lines.join("")}`);
}

function described({ asOf, advisories, packages, ecosystems, bytes, revision }: StoreInfo): string {
  return `as of ${asOf}, ${advisories} advisories on ${packages} packages of ${ecosystems.length} ecosystems, ${formatBytes(bytes)}, revision ${revision}\n`;
}

function listed({ ecosystems, feeds }: StoreInfo): string {
  const width = Math.max(0, ...ecosystems.map(({ name }) => name.length));
  const rows = ecosystems.map(
    ({ name, advisories, packages, asOf }) =>
      `  ${name.padEnd(width)}  ${String(advisories).padStart(7)} on ${String(packages).padStart(6)}  ${asOf}\n`,
  );
  const sources = feeds.map(({ id, file, publisher, licence }) => `  ${id}: ${file}, ${publisher} (${licence})\n`);
  return escapeControls(`${rows.join("")}from\n${sources.join("")}`);
}

function choose(options: StoreOptions): ChosenStore {
  const path = givenPath(options);
  return chooseStore({ cache: cacheDirectory(), ...(path === undefined ? {} : { path }) });
}

function givenPath({ store }: StoreOptions): string | undefined {
  const given = store ?? process.env["PLIMSOLL_STORE"];
  return given === undefined || given === "" ? undefined : resolve(given);
}

/** The ecosystems of the store in place, without releases unless all that it has are single ones. */
function knownEcosystems(path: string): readonly string[] | undefined {
  if (kindOf(path) !== "file") return undefined;
  try {
    const { store } = chooseStore({ path, cache: cacheDirectory() });
    store.close();
    const families = new Set(store.info.ecosystems.map(({ name }) => name.split(":")[0] ?? name));
    return families.size > 0 ? [...families] : undefined;
  } catch {
    // A damaged store is about to be replaced.
    return undefined;
  }
}

function feedAddresses(given: readonly string[]): Readonly<Record<string, string>> {
  const addresses: Record<string, string> = {};
  for (const text of given) {
    const [, id = "", address = ""] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
    if (!builtInFeeds.some((feed) => feed.id === id))
      throw new PlimsollError("usage.unknown-option", `--feed ${text} names no feed`, {
        hint: `feeds are ${builtInFeeds.map((feed) => feed.id).join(", ")}: --feed kev=off`,
      });
    addresses[id] = address;
  }
  return addresses;
}

function verifyAll(path: string): void {
  const file = openRandomFile(path);
  try {
    verifyStore(file);
  } finally {
    file.close();
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
