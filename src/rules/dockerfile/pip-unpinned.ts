import type { Dockerfile, RunInstruction } from "../../syntax/index.ts";
import { pipInstalls } from "../reading/pip.ts";
import { argsBehind, certainOperands, type Unpinned, unpinnedCheck, unpinnedWord } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

export const pipUnpinned: Rule<"dockerfile"> = {
  id: "pip-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "pip installs a package without a version",
  why: `What is newest on the day of the build is installed: two builds of one Dockerfile differ, and a release that breaks something
breaks the next build, whatever was changed. PyPI keeps every version, so a pin holds. Say it in the command (\`flask==3.0.3\`,
\`flask~=3.0\`) or, better, list all packages with their versions in a file (\`-r requirements.txt\`, \`-c constraints.txt\`) that a tool
keeps current. Any version operator counts as said; so does a branch, tag or commit behind an \`@\` in an address of version control. pip
itself is a package like others: the base brings one that fits, so upgrade it only to a version you name.`,
  aliases: ["DL3013"],
  check: unpinnedCheck(/pip/, find, "or list it in a requirements file"),
  examples: [
    {
      title: "each package without a version",
      text: "FROM python:3.12\nRUN pip install --no-cache-dir «flask» gunicorn==22.0.0 «uvicorn[standard]»\n",
    },
    { title: "pip itself", text: "FROM python:3.12\nRUN pip install --upgrade «pip» «setuptools» wheel~=0.43\n" },
    {
      title: "as a module, quoted, out of a virtual environment",
      text: "FROM python:3.12\nRUN python3 -m pip install -U «'flask'» && /venv/bin/pip3.12 install «\"django\"»\n",
    },
    {
      title: "in a build stage, behind options with values",
      text: "FROM python:3.12 AS build\nRUN pip install --prefix /install --index-url https://a.example/simple -t /x «flask»\nFROM python:3.12\nCOPY --from=build /install /usr/local\n",
    },
    {
      title: "what is newest in version control",
      text: "FROM python:3.12\nRUN pip install «git+https://github.com/a/b.git» «git+ssh://git@github.com/a/b#egg=b»\n",
    },
    {
      title: "a condition is no version, and one without quotes is a file",
      text: "FROM python:3.12\nRUN pip install «\"tomli; python_version<'3.11'\"» «flask»>=2\n",
    },
    {
      title: "any version operator",
      text: "FROM python:3.12\nRUN pip install flask==3.0.3 'django>=5,<6' \"celery~=5.4\" 'redis != 5.0.2' \"uvicorn[standard]<1\" 'a===1'\n",
    },
    {
      title: "a version or packages out of a variable",
      text: 'FROM python:3.12\nARG V=3.0.3\nARG PACKAGE=flask\nRUN pip install flask==$V "poetry==${POETRY_VERSION:-1.8}" "$PACKAGE" $EXTRA "${PACKAGE}==${V}" airflow[$EXTRAS]\n',
    },
    {
      title: "files, directories, addresses",
      text: "FROM python:3.12\nRUN pip install . .[dev] ./lib /app dist/*.whl a-1.0.tar.gz b.zip https://a.example/c-1.0.tar.gz 'd @ https://a.example/d.whl' file:///e\n",
    },
    {
      title: "a commit, a tag, a branch",
      text: "FROM python:3.12\nRUN pip install git+https://github.com/a/b@v1.2 'b @ git+ssh://git@github.com/a/b.git@0a1b2c3#egg=b' git+https://$TOKEN@github.com/a/c\n",
    },
    {
      title: "a file says which",
      text: "FROM python:3.12\nRUN pip install -r requirements.txt gunicorn && pip install -Ur a.txt && pip install --requirement=b.txt && pip install -c constraints.txt flask && pip install --constraint c.txt flask\n",
    },
    {
      title: "wheels that lie there",
      text: "FROM python:3.12\nRUN pip install --no-index --find-links=/wheels app\n",
    },
    {
      title: "constraints in the environment",
      text: "FROM python:3.12\nENV PIP_CONSTRAINT=/c.txt\nRUN pip install flask\n",
    },
    {
      title: "editable, values of options",
      text: "FROM python:3.12\nRUN pip install -e . --editable git+https://github.com/a/b && pip install --no-binary lxml lxml==5.2 --trusted-host a.example --progress-bar off\n",
    },
    {
      title: "other commands",
      text: "FROM python:3.12\nRUN pip uninstall -y flask && pip download flask && pipx install --python python3 poetry==1.8 && pip --version && echo pip install flask\n",
    },
  ],
};

/** Options without a value. */
const alone =
  /^(?:-[UIqvh]+|--(?:no-(?!binary$).*|upgrade|pre|user|force-reinstall|ignore-installed|ignore-requires-python|quiet|verbose|isolated|require-virtualenv|require-hashes|compile|break-system-packages|disable-pip-version-check|prefer-binary|use-pep517|check-build-dependencies|dry-run|debug|egg))$/;

/** Options that let files say which versions there are. */
const versionsInFiles = /^(?:-[A-Za-z]*[rc]|--(?:requirement|constraint|group|no-index)(?:=|$))/;

function* find(run: RunInstruction, { dockerfile }: { dockerfile: Dockerfile }): Generator<Unpinned> {
  if (/PIP_(?:CONSTRAINT|REQUIREMENT|NO_INDEX)\b/.test(dockerfile.source.text)) return;
  for (const { command, verb } of pipInstalls(run)) {
    const args = argsBehind(command, verb);
    if (args.some(({ raw }) => versionsInFiles.test(raw))) continue;
    for (const word of certainOperands(args, alone))
      for (const one of unpinnedWord(command, word, pin)) yield { ...one, name: one.name.replace(/\s*;.*$/, "") };
  }
}

function pin(text: string): string | undefined {
  const repository = /^((?:[\w.-]+\s*@\s*)?(?:git|hg|bzr)\+(?:https?|ssh|git):\/\/[^/]+\/[^@#]+)(?:#.*)?$/.exec(
    text,
  )?.[1];
  if (repository !== undefined) return `${repository}@COMMIT`;
  if (/\.(?:whl|zip|egg|tgz|tbz2?|txz|tar(?:\.\w+)?|txt)$/.test(text)) return undefined;
  const name = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?:\[[^\]]*\])?)\s*(?:;.*)?$/.exec(text)?.[1];
  return name && `${name}==VERSION`;
}
