import { percentile, type Spread, spreadOf } from "./spread";

/** What a figure should be at most or at least. */
export type Aim = { atMost: number } | { atLeast: number };

const NAME_WIDTH = 58;
const VALUE_WIDTH = 14;

export function title(text: string): void {
  console.log(`\n${text}`);
}

export function note(text: string): void {
  console.log(`      ${text}`);
}

/** One line: the median, how far the others lie, and what was aimed at. `unit` follows each number. */
export function figure(name: string, values: readonly number[], unit: string, aim?: Aim): void {
  const { median, min, max, count } = spreadOf(values);
  const spread = `min ${number(min)}, max ${number(max)}, n ${count}`;
  line(name, `${number(median)}${unit}`, spread, aim && verdict(median, aim, unit));
}

/** The same for latencies: the 99th percentile instead of the bounds. */
export function latency(name: string, millis: readonly number[]): void {
  const { median, min, count } = spreadOf(millis);
  line(name, `${number(median)} ms`, `min ${number(min)}, p99 ${number(percentile(millis, 0.99))}, n ${count}`);
}

function line(name: string, value: string, spread: string, verdict = ""): void {
  console.log(`  ${name.padEnd(NAME_WIDTH)}${value.padStart(VALUE_WIDTH)}   (${spread})${verdict && `   ${verdict}`}`);
}

function verdict(median: Spread["median"], aim: Aim, unit: string): string {
  const met = "atMost" in aim ? median <= aim.atMost : median >= aim.atLeast;
  const words = "atMost" in aim ? `≤ ${aim.atMost}${unit}` : `≥ ${aim.atLeast}${unit}`;
  return `aim ${words}: ${met ? "met" : "MISSED"}`;
}

/** Three digits that count, none of them after the point for what is large. */
function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}
