/** A chart in a box of 0…WIDTH by 0…HEIGHT, stretched to its place: words stand beside it, not in it. */
export const WIDTH = 1000;
export const HEIGHT = 100;

export type Bar = { x: number; y: number; width: number; height: number };

/** The middle of a day's column. */
const middleOf = (at: number, count: number): number => ((at + 0.5) * WIDTH) / count;

/** From the least to the most, a little room above and below; a flat line runs through the middle. */
export function scaleOf(values: readonly number[]): { least: number; most: number; y: (value: number) => number } {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = (most - least || most || 1) * 0.08;
  const [bottom, top] = [least - room, most + room];
  return { least, most, y: (value) => HEIGHT - ((value - bottom) / (top - bottom)) * HEIGHT };
}

/** A line through the days, and the area under it. */
export function lineOf(values: readonly number[]): { line: string; area: string } {
  const { y } = scaleOf(values);
  const points = values.map((value, at) => `${round(middleOf(at, values.length))} ${round(y(value))}`);
  const line = `M${points.join("L")}`;
  const [first, last] = [middleOf(0, values.length), middleOf(values.length - 1, values.length)];
  return { line, area: `${line}L${round(last)} ${HEIGHT}L${round(first)} ${HEIGHT}Z` };
}

/** In upwards from the middle, out downwards, on one scale. What is there at all can be seen. */
export function barsOf(at: number, count: number, most: number, amounts: { above: number[]; below: number }) {
  const column = WIDTH / count;
  const width = column * 0.64;
  const x = middleOf(at, count) - width / 2;
  const half = HEIGHT / 2;
  const tall = (amount: number) => (amount === 0 ? 0 : Math.max(1.5, (amount / most) * (half - 2)));
  let foot = half;
  const above: Bar[] = amounts.above.map((amount) => {
    const height = tall(amount);
    foot -= height;
    return { x, y: foot, width, height };
  });
  const below: Bar = { x, y: half, width, height: tall(amounts.below) };
  return { above, below };
}

const round = (value: number): number => Math.round(value * 100) / 100;
