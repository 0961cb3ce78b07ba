export { readBesideProgram } from "./beside-program.ts";
export { cacheDirectory, makeWorkDirectory } from "./directories.ts";
export { type FetchedFile, fetchFile, type FetchRequest } from "./fetch-file.ts";
export { createFileWriter, type FileWriter } from "./file-writer.ts";
export { findFiles } from "./find-files.ts";
export { findDockerfiles, isDockerfileName } from "./find-dockerfiles.ts";
export { takeLock } from "./lock-file.ts";
export { removeLeftovers, removePath } from "./remove-files.ts";
export { listFiles } from "./list-files.ts";
export { readDocument } from "./read-document.ts";
export { readOfficialImages } from "./official-images.ts";
export { displayPath, findUpwards, kindOf, pathExists } from "./paths.ts";
export { openRandomFile, type RandomFile } from "./random-file.ts";
export { decodeText, readBounded, readTextFile } from "./text-file.ts";
export { writeFileAtomically } from "./write-file.ts";
export { defaultWalkLimits, readSmallText, type WalkFilter, type WalkLimits, walkContext } from "./walk.ts";
export {
  type HttpAnswer,
  HttpClient,
  HttpFailure,
  type HttpOptions,
  type HttpRequest,
  type HttpTimes,
} from "./http.ts";
export { connectBySsh, readSshAddress, type SshDestination } from "./ssh-connection.ts";
export { runProgram } from "./run-program.ts";
export { decodeBytes, nameBytes, pathBelow } from "./file-names.ts";
export { FilesBelow } from "./files-below.ts";
export { writeTemporary } from "./temporary-file.ts";
export { type Janitor, type LabelledThings, startJanitor } from "./janitor.ts";
export { isDeadRun, newRunId } from "./run-identity.ts";
export { killGroup, runTool, type ToolOptions, type ToolRun } from "./run-tool.ts";
export {
  type CopyLimits,
  copyFileBelow,
  copyTree,
  makeScratchDirectory,
  removeBelow,
  removeDirectory,
  sweepScratchDirectories,
  writeBelow,
} from "./scratch-directory.ts";
