import type { BuildContext } from "../../core/index.ts";
import { remembered } from "../../syntax/index.ts";

const maximumFiles = 500;
const maximumCharacters = 8 << 20;
const mayCall =
  /(?:^|\/)(?:[^./]+|\.?[\w-]*(?:rc|profile))$|\.(?:sh|bash|zsh|py|rb|pl|php|[cm]?[jt]sx?|go|rs|java|kt|cs|c|cc|cpp|h|lua|ya?ml|toml|json|cfg|conf|ini|service|mk|env|txt)$/i;
const dockerfiles = /(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$/i;
const others = /(?:^|\/)(?:\.git|node_modules|\.venv|venv|site-packages)\//;

interface Texts {
  readonly texts?: readonly { readonly path: string; readonly text: string }[];
}

const read = remembered<BuildContext, Texts>((context) => {
  if (!context.complete) return {};
  const files = context.files.filter(
    ({ path, type, ignored }) => !ignored && type === "file" && mayCall.test(path) && !others.test(path),
  );
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > maximumFiles || total > maximumCharacters) return {};
  const texts = files.flatMap(({ path }) => {
    const text = dockerfiles.test(path) ? undefined : context.text(path);
    return text === undefined ? [] : [{ path, text }];
  });
  return { texts };
});

/**
 * The project's own scripts, sources and settings among the files that are sent: what might call a program. Undefined where
 * not all of them are at hand, or there is too much to be read.
 */
export function contextTexts(
  context: BuildContext,
): readonly { readonly path: string; readonly text: string }[] | undefined {
  return read(context).texts;
}
