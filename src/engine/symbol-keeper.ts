import { type Keeper, keptView, type LayerScan, type Merged } from "../image/index.ts";
import { type ElfSymbols, readElfSymbols, wantsBinary } from "../packages/index.ts";
import { numberOf, objectOf, parseJson } from "./json-value.ts";

/** Keeps of each program what of it only a debugger reads. */
export const symbolKeeper: Keeper = {
  id: "elf-symbols/1",
  wants: wantsBinary,
  condense(_path, file) {
    const found = readElfSymbols(file);
    return found && Buffer.from(JSON.stringify(found));
  },
};

/** What the keeper kept of the programs a container sees, by path; empty where it was not among the keepers. */
export function symbolsIn(merged: Merged, scans: readonly Pick<LayerScan, "kept">[]): ReadonlyMap<string, ElfSymbols> {
  const kept = keptView(merged, scans, symbolKeeper.id);
  return new Map(
    kept.paths.flatMap((path): [string, ElfSymbols][] => {
      const file = kept.open(path);
      const said = file && objectOf(parseJson(Buffer.from(file.read(0, file.size)).toString("utf8")));
      const [symbols, debug] = [numberOf(said?.["symbols"]), numberOf(said?.["debug"])];
      return symbols === undefined || debug === undefined
        ? []
        : [[path, { symbols, debug, go: said?.["go"] === true }]];
    }),
  );
}
