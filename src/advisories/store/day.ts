import { damaged } from "./damaged.ts";
import { wholeIn } from "./json-value.ts";

/** To the year 2300, so that what is remembered of days stays small whatever a store holds. */
const maximumDays = 120_500;
const dates = new Map<number, string>();

/** One more than the days since 1970 of YYYY-MM-DD. */
export function dayValue(date: string | undefined): number {
  if (date === undefined) return 0;
  const days = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  return 1 + Math.min(maximumDays, Math.max(0, days));
}

export function readDay(value: unknown): string {
  const day = wholeIn(value);
  if (day < 1 || day > maximumDays + 1) throw damaged("a date lies too far away");
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date((day - 1) * 86_400_000).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}
