import { expect, test } from "vitest";
import { farewell } from "./farewell";

/** Time passes when it is told to. */
function setting() {
  let now = 0;
  const pauses: { ms: number; end: () => void }[] = [];
  const pause = (ms: number) => new Promise<void>((end) => pauses.push({ ms, end }));
  const door = farewell(() => now, pause);
  const pass = (ms: number) => {
    now += ms;
  };
  return { door, pauses, pass };
}
const turn = () => new Promise(setImmediate);

test("nobody who asks is waited for where nobody asks", async () => {
  const { door, pauses } = setting();
  await door.leave();
  const later = setting();
  later.door.asked();
  later.pass(15_001);
  await later.door.leave();
  expect([...pauses, ...later.pauses]).toEqual([]);
});

test("a balancer is told that we leave, and we stay until what it sent before has come", async () => {
  const { door, pauses } = setting();
  expect(door.asked()).toBe(true);
  let left = false;
  const leaving = door.leave().then(() => {
    left = true;
  });
  await turn();
  expect(left).toBe(false);
  expect(door.asked()).toBe(false);
  await turn();
  expect(left).toBe(false);
  expect(pauses.map(({ ms }) => ms)).toEqual([5_000, 500]);
  pauses[1]?.end();
  await leaving;
  expect(door.asked()).toBe(false);
});

test("one that does not come back is not waited for for ever", async () => {
  const { door, pauses } = setting();
  door.asked();
  const leaving = door.leave();
  await turn();
  pauses[0]?.end();
  await turn();
  pauses[1]?.end();
  await leaving;
});

test("who asked before anybody was served does not count", async () => {
  const { door, pauses } = setting();
  door.asked();
  door.forget();
  await door.leave();
  expect(pauses).toEqual([]);
});
