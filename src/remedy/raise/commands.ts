import type { Raise } from "./raise.ts";

const joined = (raises: readonly Raise[], one: (raise: Raise) => string, between = " "): string =>
  raises.map(one).join(between);

/** What people run where a lock file is, by the lock file's name. */
const commands: readonly (readonly [RegExp, (raises: readonly Raise[]) => string])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, (all) => `npm install --package-lock-only ${joined(all, at("@"))}`],
  [/^yarn\.lock$/, (all) => `yarn up ${joined(all, at("@"))}`],
  [/^pnpm-lock\.yaml$/, (all) => `pnpm update --lockfile-only ${joined(all, at("@"))}`],
  [/^bun\.lock$/, (all) => `bun add ${joined(all, at("@"))}`],
  [/^uv\.lock$/, (all) => `uv lock ${joined(all, ({ name, to }) => `-P ${name}==${to}`)}`],
  [/^poetry\.lock$/, (all) => `poetry update --lock ${joined(all, named)}`],
  [/^pdm\.lock$/, (all) => `pdm update --no-sync ${joined(all, named)}`],
  [/^Pipfile\.lock$/, (all) => `pipenv upgrade ${joined(all, at("=="))}`],
  [/^go\.mod$/, (all) => `go get ${joined(all, ({ name, to }) => `${name}@v${to.replace(/^v/, "")}`)} && go mod tidy`],
  [/^Cargo\.lock$/, (all) => joined(all, ({ name, to }) => `cargo update -p ${name} --precise ${to}`, " && ")],
  [/^Gemfile\.lock$/, (all) => `bundle lock --conservative --update ${joined(all, named)}`],
  [/^composer\.lock$/, (all) => `composer update --no-install ${joined(all, at(":"))}`],
  [/^mix\.lock$/, (all) => `mix deps.update ${joined(all, named)}`],
  [/^pubspec\.lock$/, (all) => `dart pub upgrade ${joined(all, named)}`],
];

function at(between: string): (raise: Raise) => string {
  return ({ name, to }) => `${name}${between}${to}`;
}

function named({ name }: Raise): string {
  return name;
}

/** The command that raises packages in a lock file; undefined where none is known. */
export function raiseCommand(path: string, raises: readonly Raise[]): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const command = raises.length > 0 ? commands.find(([form]) => form.test(name))?.[1](raises) : undefined;
  return command === undefined ? undefined : `run: ${command}`;
}
