import { expect, test } from "vitest";
import { AGENT_IDS, coinsToFly, levelOf, RESTING_WORLD } from "./scene-state";

test("everybody is in the room and rests", () => {
  expect(Object.keys(RESTING_WORLD.agents)).toEqual([...AGENT_IDS]);
  expect(new Set(Object.values(RESTING_WORLD.agents))).toEqual(new Set(["idle"]));
});

test.each([
  [0, 1, 1],
  [3, 5, 2],
  [5, 5, 0],
  [9, 0, 0],
  [0, 400, 12],
])("from %i to %i fly %i coins", (before, after, flying) => {
  expect(coinsToFly(before, after)).toBe(flying);
});

test.each([
  [0.3, 0.3],
  [-1, 0],
  [7, 1],
  [Number.NaN, 0],
])("a level of %d is drawn as %d", (poolLevel, drawn) => {
  expect(levelOf({ ...RESTING_WORLD, poolLevel })).toBe(drawn);
});
