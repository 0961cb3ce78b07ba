import type { BuildContext } from "../../core/index.ts";
import { type Dockerfile, mountsOf, type RunInstruction, type ShellCommand } from "../../syntax/index.ts";
import { certainOperands, literal, type Unpinned, unpinnedCheck } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

export const goUnpinned: Rule<"dockerfile"> = {
  id: "go-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "go fetches a package without a version",
  why: `\`@latest\`, and \`go get\` without a version, mean what is newest on the day of the build: two builds of one Dockerfile differ, and the
layer's cache keeps an old one for as long as the line does not change. The proxy keeps every version, so a pin holds: \`go install
golang.org/x/tools/gopls@v0.16.2\`; a commit or a branch counts as said. In a module, \`go install\` and \`go run\` without a version take the one
that \`go.mod\` requires, which is as good; where nothing can have brought a module, there is none, and the rule speaks.`,
  aliases: ["DL3062"],
  check: unpinnedCheck(/\bgo\b/, find, "or require it in go.mod"),
  examples: [
    {
      title: "the newest, by name",
      text: 'FROM golang:1.23\nRUN go install «golang.org/x/tools/gopls@latest» github.com/a/b/cmd/b@v1.2.3\nRUN go get -u «github.com/a/c@upgrade» && CGO_ENABLED=0 go install -v «"github.com/a/d/...@latest"»\n',
    },
    {
      title: "no version, and no module that could say it",
      text: "FROM golang:1.23\nRUN go install «github.com/go-delve/delve/cmd/dlv»\nRUN go run «github.com/a/b» serve github.com/c/d\n",
    },
    {
      title: "go get moves a module's requirement",
      text: "FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go get -d «github.com/gorilla/mux» && go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n",
      context: { "go.mod": "module github.com/me/app\n\ngo 1.23\n" },
    },
    { title: "none", text: "FROM golang:1.23\nRUN go get «github.com/a/b@none»\n" },
    {
      title: "behind options with values",
      text: "FROM golang:1.23\nRUN go install -ldflags '-s -w' -tags netgo «github.com/a/b@latest»\n",
    },
    {
      title: "a version, a commit, a branch, also out of a variable",
      text: 'FROM golang:1.23\nARG V=latest\nRUN go install github.com/a/b@v1.2 && go install github.com/a/c@0a1b2c3 && go install github.com/a/d@$V "github.com/a/e@${V}" && go get github.com/a/f@master $TOOLS\n',
    },
    {
      title: "the module's own packages and the standard library's",
      text: "FROM golang:1.23\nCOPY . .\nRUN go install . ./... ./cmd/app ../x /src/y && go get -d -v ./... && go get -u && go run main.go example.com/x && go run ./cmd/gen && go install cmd/vet std\n",
    },
    {
      title: "go.mod says which",
      text: "FROM golang:1.23 AS base\nWORKDIR /src\nCOPY go.mod go.sum ./\nFROM base\nRUN go install github.com/a/b/cmd/b && go run github.com/a/c -x\n",
    },
    {
      title: "a module that is made or fetched, or mounted",
      text: "FROM golang:1.23\nRUN go mod init x && go get github.com/a/b@v1.2 && go install github.com/a/b\nFROM golang:1.23\nRUN git clone https://github.com/a/b && cd b && go install github.com/a/b/cmd/x\nFROM golang:1.23\nRUN --mount=type=bind,target=. go install github.com/a/b\n",
    },
    {
      title: "the project's own path",
      text: "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN go get github.com/me/app/cmd/x\n",
      context: { "go.mod": "module github.com/me/app\n" },
    },
    {
      title: "the project's own path below GOPATH",
      text: "FROM golang:1.10\nCOPY . /go/src/github.com/me/app\nRUN go get github.com/me/app/...\n",
      context: { "main.go": "package main\n" },
    },
    { title: "not known what the project is", text: "FROM golang:1.23\nCOPY . .\nRUN go get github.com/a/b\n" },
    {
      title: "words for the program, other commands",
      text: "FROM golang:1.23\nRUN go run github.com/a/b@v1 github.com/c/d@latest && go mod download && go build github.com/a/b && go version && cargo install x\n",
    },
  ],
};

/** Options without a value. */
const alone = /^-(?:a|n|v|x|u|t|d|f|race|msan|asan|work|trimpath|modcacherw|insecure|linkshared|cover|buildvcs)$/;

/** A package that comes from elsewhere: its path begins with the name of a host. */
const remote = /^([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\/[^@\s]+?)(?:@(\S*))?$/;

function* find(
  run: RunInstruction,
  { dockerfile, context }: { readonly dockerfile: Dockerfile; readonly context?: BuildContext },
): Generator<Unpinned> {
  for (const command of run.script.named("go")) {
    const [verb, ...words] = certainOperands(command.args, alone);
    const does = verb?.value ?? "";
    if (!/^(?:install|get|run)$/.test(does)) continue;
    // Behind the package that is run stand the program's own words.
    for (const word of does === "run" ? words.slice(0, 1) : words) {
      const name = literal(word);
      const [, path, version] = remote.exec(name ?? "") ?? [];
      if (name === undefined || path === undefined) continue;
      const moves =
        version === undefined
          ? does === "get"
            ? !mayBeOwn(dockerfile, run, path, context)
            : !mayHaveModule(dockerfile, run)
          : /^(?:latest|upgrade|patch)$/.test(version);
      const pinned = `${path}@VERSION`;
      if (version === "none") yield { command, word, name, pinned, because: `${path}@none asks for no version at all` };
      else if (moves) yield { command, word, name, pinned };
    }
  }
}

/** Whether a path may be the project's own, which is then not fetched at all. */
function mayBeOwn(
  dockerfile: Dockerfile,
  run: RunInstruction,
  path: string,
  context: BuildContext | undefined,
): boolean {
  const repository = path.split("/").slice(0, 3).join("/");
  const { text } = dockerfile.source;
  if (text.includes(`/src/${repository}`) || text.includes(`://${repository}`)) return true;
  if (!context) return mayHaveModule(dockerfile, run);
  return context.files.some((file) => {
    if (!/(?:^|\/)go\.mod$/.test(file.path)) return false;
    const module = /^module[ \t]+"?([^\s"]+)/m.exec(context.text(file.path) ?? "")?.[1];
    return module !== undefined && `${path}/`.startsWith(`${module}/`);
  });
}

/** Whether there may be a go.mod where a step works: copied, mounted, fetched, or made. */
function mayHaveModule(dockerfile: Dockerfile, run: RunInstruction): boolean {
  if (mountsOf(run).some(({ type }) => type === "bind")) return true;
  let stage = dockerfile.stages[run.stage];
  while (stage) {
    for (const one of stage.instructions) {
      if (one.index > run.index) break;
      if (one.keyword === "COPY" || one.keyword === "ADD") return true;
      if (one.keyword === "RUN" && one.script.commands.some(mayBringModule)) return true;
    }
    stage = stage.base.kind === "stage" ? dockerfile.stages[stage.base.index] : undefined;
  }
  return false;
}

function mayBringModule(command: ShellCommand): boolean {
  return (
    /^(?:|git|curl|wget|tar|unzip|\.|source|.*\.sh)$/.test(command.name) ||
    (command.name === "go" && /^(?:mod|get|work)$/.test(command.args[0]?.raw ?? ""))
  );
}
