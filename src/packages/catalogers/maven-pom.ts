import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";
import { readXml } from "../lockfiles/xml.ts";

/** Maven's project file: dependencies written in it, with versions it states itself. Parents and imported versions are elsewhere. */
export const mavenPom: Cataloger = lockFile({
  id: "maven-pom",
  summary: "Maven: pom.xml, dependencies whose version the file itself resolves",
  type: "maven",
  path: /(?:^|\/)(?:pom\.xml|[^/]+\.pom)$/,
  *read(text, _path, damaged) {
    const project = readProject(text);
    if (!project.whole) damaged("it is no whole project element");
    const resolve = (written = ""): string | undefined => resolveProperties(written, project.properties);
    const managed = new Map<string, string>();
    for (const one of project.managed) {
      const [key, version] = [`${resolve(one.groupId)}:${resolve(one.artifactId)}`, resolve(one.version)];
      if (version !== undefined) managed.set(key, version);
    }
    for (const one of project.dependencies) {
      const [group, artifact] = [resolve(one.groupId), resolve(one.artifactId)];
      const name = `${group}:${artifact}`;
      const version = one.version === undefined ? managed.get(name) : resolve(one.version);
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
  readonly dependencies: Dependency[];
  readonly managed: Dependency[];
  /** Whether the element of the project was there and ended. */
  whole: boolean;
}

const deepest = 64;
const longestValue = 512;

function readProject(text: string): Project {
  const project: Project = { properties: new Map(), dependencies: [], managed: [], whole: false };
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
        setProjectProperty(project.properties, parent, last, event.text);
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
