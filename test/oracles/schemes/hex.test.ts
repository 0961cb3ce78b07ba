import { expect, it } from "vitest";
import { hex } from "../../../src/advisories/schemes/hex.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf } from "./generate.ts";

const alphabet = {
  starts: [
    "1.2.3",
    "0.0.0",
    "1.0.0",
    "v1.0.0",
    "1.2",
    "01.0.0",
    "1.2.3-a",
    "1.2.3-rc",
    "1.0.0-0",
    "99999999999999999999.0.0",
  ],
  pieces: [...numbers.slice(0, 6), ".01", ".10", ".9", "-", "-", "+", "a", "b", "Z", "rc", ".1", ".x", "--", "+build"],
};

const elixir = `
IO.stream(:stdio, :line) |> Enum.each(fn line ->
  [a, b] = line |> String.trim_trailing("\\n") |> String.split("\\t")
  with {:ok, a} <- Version.parse(a), {:ok, b} <- Version.parse(b) do
    IO.puts(case Version.compare(a, b) do :lt -> "<"; :gt -> ">"; :eq -> "=" end)
  else
    _ -> IO.puts("!")
  end
end)`;

it.skipIf(!present("elixir", ["--version"], "Elixir"))(
  "Elixir's Version orders 120,000 pairs as we do, and accepts the same ones",
  { timeout: 120_000 },
  () => {
    const pairs = pairsOf(alphabet, 120_000, 13);
    expect(expectAgreement(hex, pairs, ask("elixir", ["-e", elixir], pairs))).toBeGreaterThan(20_000);
  },
);
