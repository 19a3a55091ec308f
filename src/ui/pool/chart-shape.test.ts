import { expect, test } from "vitest";
import { barsOf, HEIGHT, lineOf, scaleOf, WIDTH } from "./chart-shape";

test("more is higher, and all of it is within the box", () => {
  const { y } = scaleOf([10, 40, 20]);
  expect(y(40)).toBeLessThan(y(20));
  expect(y(40)).toBeGreaterThan(0);
  expect(y(10)).toBeLessThan(HEIGHT);
});

test.each([[[0, 0]], [[7]], [[10_000, 10_000, 10_000]]])("a flat line of %j has a place", (values) => {
  const { line, area } = lineOf(values);
  expect(`${line}${area}`).not.toMatch(/NaN|Infinity/);
});

test("bars in stand on each other above the middle, those out hang below it, nothing leaves the box", () => {
  const { above, below } = barsOf(1, 2, 100, { above: [60, 40], below: 100 });
  expect(above[1] && above[0] && above[1].y + above[1].height).toBeCloseTo(above[0]?.y ?? -1);
  expect(below.y).toBe(HEIGHT / 2);
  expect(Math.min(...above.map(({ y }) => y))).toBeGreaterThanOrEqual(0);
  expect(below.y + below.height).toBeLessThanOrEqual(HEIGHT);
  expect(below.x + below.width).toBeLessThanOrEqual(WIDTH);
});

test("what is little can still be seen, and nothing is nothing", () => {
  const { above, below } = barsOf(0, 1, 1_000_000, { above: [1], below: 0 });
  expect(above[0]?.height).toBeGreaterThan(1);
  expect(below.height).toBe(0);
});
