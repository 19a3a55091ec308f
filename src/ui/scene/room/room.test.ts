import { expect, test } from "vitest";
import { join } from "../paint/piece";
import { hearth, onTheFloor, shelf, table } from "./furniture";
import { backWall, beams, floor } from "./walls";

/** Software graphics light each corner at every frame. */
const MOST_CORNERS = 40_000;

test("the still room is one mesh of bearable size, every corner of it in a place and with a colour", () => {
  const shape = join([
    ...backWall(),
    ...floor([[0, 0, 0.8]]),
    ...beams(),
    ...hearth(),
    ...table(),
    ...shelf(-1.12, 2.5, 1.3, 3),
    ...onTheFloor(),
  ]);
  const { position, normal, paint } = shape.attributes;
  expect(position?.count).toBeGreaterThan(10_000);
  expect(position?.count).toBeLessThan(MOST_CORNERS);
  expect(paint?.count).toBe(position?.count);
  expect(normal?.count).toBe(position?.count);
  for (const attribute of [position, paint]) expect([...(attribute?.array ?? [])].every(Number.isFinite)).toBe(true);
});

test("a room is the same at every visit", () => {
  const once = join(backWall()).attributes.position?.array;
  expect(once).toEqual(join(backWall()).attributes.position?.array);
});
