import { posix } from "node:path";
import type { FileView } from "../../core/index.ts";
import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";
import { readText } from "../documents.ts";
import { readXml } from "../lockfiles/xml.ts";

/**
 * Maven's project file: dependencies written in it, with versions that it or a parent in the same source tree states. Imported
 * versions and those of parents from a repository are elsewhere.
 */
export const mavenPom: Cataloger = lockFile({
  id: "maven-pom",
  summary: "Maven: pom.xml, dependencies whose version the file or its parents beside it resolve",
  type: "maven",
  path: /(?:^|\/)(?:pom\.xml|[^/]+\.pom)$/,
  *read(text, path, damaged, files) {
    const project = readProject(text);
    if (!project.whole) damaged("it is no whole project element");
    const line = [project, ...parentsOf(project, path, files)];
    const properties = new Map(line.toReversed().flatMap((one) => [...one.properties]));
    for (const [name, value] of project.own) properties.set(name, value);
    const resolve = (written = ""): string | undefined => resolveProperties(written, properties);
    const managed = new Map<string, string>();
    for (const one of line.flatMap((each) => each.managed)) {
      const [key, version] = [`${resolve(one.groupId)}:${resolve(one.artifactId)}`, resolve(one.version)];
      if (version !== undefined && !managed.has(key)) managed.set(key, version);
    }
    for (const one of project.dependencies) {
      const [group, artifact] = [resolve(one.groupId), resolve(one.artifactId)];
      const name = `${group}:${artifact}`;
      // "[1.2]" is a range of one version.
      const version = (one.version === undefined ? managed.get(name) : resolve(one.version))?.replace(
        /^\[([^\],]{1,200})\]$/,
        "$1",
      );
      if (group === undefined || artifact === undefined || version === undefined || !/^[\w.+-]+$/.test(version))
        continue;
      yield { name, version, dev: one.scope === "test" } satisfies Locked;
    }
  },
  examples: [
    {
      title: "a property, a managed version, one that only the parent knows",
      files: {
        "pom.xml":
          "<project>\n<groupId>com.example</groupId><artifactId>shop</artifactId><version>1.0</version>\n<properties><log4j.version>2.14.1</log4j.version></properties>\n<dependencyManagement><dependencies><dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version></dependency></dependencies></dependencyManagement>\n<dependencies>\n<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>${log4j.version}</version></dependency>\n<dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>\n<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency>\n</dependencies></project>\n",
      },
      purls: ["pkg:maven/junit/junit@4.13.2", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"],
    },
    {
      title: "versions and properties of the parent in the directory above, a range of one version",
      files: {
        "pom.xml":
          "<project>\n<groupId>com.example</groupId><artifactId>parent</artifactId><version>1.0</version><packaging>pom</packaging>\n<properties><netty.version>4.1.100.Final</netty.version><guava.version>30.0-jre</guava.version></properties>\n<dependencyManagement><dependencies><dependency><groupId>io.netty</groupId><artifactId>netty-codec</artifactId><version>${netty.version}</version></dependency></dependencies></dependencyManagement>\n</project>\n",
        "web/pom.xml":
          '<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n<parent><groupId>com.example</groupId><artifactId>parent</artifactId><version>1.0</version></parent>\n<artifactId>web</artifactId>\n<properties><guava.version>32.0-jre</guava.version></properties>\n<dependencies>\n<dependency><groupId>io.netty</groupId><artifactId>netty-codec</artifactId></dependency>\n<dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>${guava.version}</version></dependency>\n<dependency><groupId>org.yaml</groupId><artifactId>snakeyaml</artifactId><version>[1.26]</version></dependency>\n<dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId><version>${project.version}</version></dependency>\n</dependencies></project>\n',
      },
      purls: [
        "pkg:maven/com.example/core@1.0",
        "pkg:maven/com.google.guava/guava@32.0-jre",
        "pkg:maven/io.netty/netty-codec@4.1.100.Final",
        "pkg:maven/org.yaml/snakeyaml@1.26",
      ],
    },
  ],
});

interface Dependency {
  groupId?: string;
  artifactId?: string;
  version?: string;
  scope?: string;
}

interface Project {
  readonly properties: Map<string, string>;
  /** What it says of itself, or its parent of both: `project.version`, `project.parent.artifactId`. */
  readonly own: Map<string, string>;
  readonly dependencies: Dependency[];
  readonly managed: Dependency[];
  /** Whether the element of the project was there and ended. */
  whole: boolean;
}

/** Projects that stood as parents, of one tree; a parent has any number of children. */
const parsed = new WeakMap<FileView, Map<string, Project>>();
const mostParents = 16;

/** The parents in the same tree, nearest first: at `relativePath`, the directory above unless said otherwise. */
function parentsOf(project: Project, path: string, files: FileView): Project[] {
  const known = parsed.get(files) ?? new Map<string, Project>();
  parsed.set(files, known);
  const found: Project[] = [];
  let [child, at] = [project, path];
  while (found.length < mostParents && child.own.has("project.parent.artifactId")) {
    const written = child.own.get("project.parent.relativePath") ?? "../pom.xml";
    at = posix.join(posix.dirname(at), written.endsWith(".xml") ? written : `${written}/pom.xml`);
    const text = known.has(at) || at.startsWith("..") ? undefined : readText(files, at);
    if (text !== undefined) known.set(at, readProject(text));
    const parent = known.get(at);
    // Another project may stand there: then the parent comes from a repository.
    if (parent?.own.get("project.artifactId") !== child.own.get("project.parent.artifactId") || !parent) break;
    found.push(parent);
    child = parent;
  }
  return found;
}

const deepest = 64;
const longestValue = 512;

function readProject(text: string): Project {
  const project: Project = { properties: new Map(), own: new Map(), dependencies: [], managed: [], whole: false };
  const path: string[] = [];
  let current: Dependency = {};
  for (const event of readXml(text)) {
    if (event.kind === "open") {
      if (path.length >= deepest) return project;
      path.push(event.name);
      if (event.name === "dependency") current = {};
    } else if (event.kind === "close") {
      const place = path.join("/");
      if (place === "project") project.whole = true;
      if (place === "project/dependencies/dependency") project.dependencies.push(current);
      if (place === "project/dependencyManagement/dependencies/dependency") project.managed.push(current);
      path.pop();
    } else if (event.text.length <= longestValue) {
      const last = path.at(-1) ?? "";
      const parent = path.slice(0, -1).join("/");
      if (parent === "project/properties") project.properties.set(last, event.text);
      else if (parent === "project" || parent === "project/parent")
        setProjectProperty(project.own, parent, last, event.text);
      else if (path.at(-2) === "dependency" && isField(last)) current[last] = event.text;
    }
  }
  return project;
}

function isField(name: string): name is keyof Dependency {
  return name === "groupId" || name === "artifactId" || name === "version" || name === "scope";
}

/** `${project.version}` and its like; what a project does not say itself its parent says. */
function setProjectProperty(properties: Map<string, string>, parent: string, name: string, value: string): void {
  if (parent === "project/parent") {
    properties.set(`project.parent.${name}`, value);
    if (!properties.has(`project.${name}`)) properties.set(`project.${name}`, value);
  } else properties.set(`project.${name}`, value);
}

/** Properties may stand for others; undefined where one is not known, or they go round in a circle. */
function resolveProperties(written: string, properties: ReadonlyMap<string, string>): string | undefined {
  let text = written.trim();
  for (let round = 0; round < 8 && text.length <= longestValue; round++) {
    if (!text.includes("${")) return text === "" ? undefined : text;
    let known = true;
    text = text.replace(/\$\{([^{}]{1,200})\}/g, (whole, name: string) => {
      const value = properties.get(name) ?? properties.get(name.replace(/^pom\./, "project."));
      known &&= value !== undefined;
      return value ?? whole;
    });
    if (!known) return undefined;
  }
  return undefined;
}
