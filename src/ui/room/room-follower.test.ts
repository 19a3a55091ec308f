import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WorkshopEvent } from "~/modules/workshop/workshop-schema";
import { followRoom, type RoomConnection, type RoomSource } from "./room-follower";

type Handlers = Parameters<RoomSource>[1];
const LEVEL: WorkshopEvent = { event: "world", type: "pool:level", level: 0.5 };
const COUNT: WorkshopEvent = { event: "visitor_count", count: 1 };

let opened: { lastEventId: string | null; on: Handlers; open: boolean }[];
let states: RoomConnection[];
let heard: boolean[];
beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  states = [];
  heard = [];
});
afterEach(() => void vi.useRealTimers());

const follow = () =>
  followRoom(
    (lastEventId, on) => {
      const connection = { lastEventId, on, open: true };
      opened.push(connection);
      return { unsubscribe: () => (connection.open = false) };
    },
    { event: (_, fresh) => heard.push(fresh), connection: (state) => states.push(state) },
  );
const last = () => {
  const connection = opened.at(-1);
  if (!connection) throw new Error("nothing was opened");
  return connection;
};

test("goes on after the last line when it was cut off, later each time, and says how it stands", async () => {
  follow();
  last().on.connected();
  last().on.event("7", LEVEL);
  last().on.ended();
  expect(states).toEqual(["live", "lost"]);
  for (let tries = 0; tries < 6; tries += 1) {
    await vi.advanceTimersByTimeAsync(40_000);
    expect(last().lastEventId).toBe("7");
    last().on.ended();
  }
  expect(opened).toHaveLength(7);
});

test("what was said before one came is no news; what came after the level of the jar is", () => {
  follow();
  last().on.connected();
  for (const event of [COUNT, LEVEL, COUNT]) last().on.event("1", event);
  expect(heard).toEqual([false, false, true]);
});

test("rests while nobody looks, hears nothing then, and is back at once", async () => {
  const following = follow();
  const first = last();
  first.on.connected();
  following.wake();
  expect(opened).toHaveLength(1);
  following.rest();
  expect(first.open).toBe(false);
  first.on.event("9", COUNT);
  first.on.ended();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([]);
  expect(opened).toHaveLength(1);
  following.wake();
  expect(opened).toHaveLength(2);
});

test("an awakening does not wait for the next try", async () => {
  const following = follow();
  last().on.ended();
  following.wake();
  expect(opened).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toHaveLength(2);
});
