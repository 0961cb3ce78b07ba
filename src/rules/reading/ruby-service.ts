import { type Dockerfile, instructionsOf, type ShellCommand, type Stage, subcommandOf } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { type Installer, installedApart } from "./installed-apart.ts";
import type { Split } from "./split-stage.ts";

/** Where the official images tell gem and bundler to install to. */
const directory = "/usr/local/bundle";
/** Options and settings by which gems go elsewhere, or what is set is forgotten with the stage. */
const elsewhere =
  /^(?:--path|--deployment|--system|--global|-g|--install-dir|-i|--bindir|-n|--user-install|--standalone|--binstubs|--prefix|path|deployment|bin|shebang)(?:[.=]|$)/;

function isInstall({ name, args, assignments, ...command }: ShellCommand): boolean {
  if (assignments.some(({ raw }) => /^(?:BUNDLE_(?!JOBS|RETRY|WITHOUT)|GEM_)/.test(raw))) return false;
  if (args.some(({ raw }) => elsewhere.test(raw))) return false;
  const verb = subcommandOf({ name, args, assignments, ...command });
  return (name === "bundle" && (verb === "install" || verb === undefined)) || (name === "gem" && verb === "install");
}

function isSetting({ name, args }: ShellCommand): boolean {
  return (
    (name === "bundle" && args[0]?.value === "config" && !args.some(({ value = "path" }) => elsewhere.test(value))) ||
    (name === "rm" && args.every(({ raw }) => /^-|^~?\/[\w./-]*(?:\.bundle|bundle\/[\w./*-]*cache|\.gem)\b/.test(raw)))
  );
}

const bundler: Installer = {
  takes: ({ official }, dockerfile) =>
    official === "ruby" &&
    !instructionsOf(dockerfile, "ENV").some((one) =>
      one.pairs.some(
        ({ name, value }) =>
          /^(?:GEM_(?:HOME|PATH)|BUNDLE_(?:APP_CONFIG|BIN|DEPLOYMENT|FROZEN_PATH|USER_\w+))$/.test(name.raw) ||
          (name.raw === "BUNDLE_PATH" && value?.value !== directory),
      ),
    ),
  calls: (run) => run.script.commands.filter(isInstall),
  serves: isSetting,
  directory,
  // Bundler reads its files whenever the program starts.
  manifests: /^\b$/,
  elsewhere: /(?<!\S)\/var\/lib\/gems\b|\/usr\/local\/lib\/ruby\b|\bvendor\/bundle\b/,
  ownHeaders: /^ruby[\d.]*-dev$/,
  before: [],
  settings: [],
  title:
    "Install the gems in a stage of their own and ship them without compiler and headers, if they need no other library of the system",
};

/** Cuts a Ruby service in two: the second stage takes over the gems, without the compiler and the headers that built them. */
export function rubySplit(dockerfile: Dockerfile, stage: Stage, known: Known): Split | undefined {
  return installedApart(dockerfile, stage, known, bundler);
}
