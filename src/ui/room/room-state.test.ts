import { expect, test } from "vitest";
import type { ChatLine, WorkshopEvent } from "~/modules/workshop/workshop-schema";
import { EMPTY_ROOM, type RoomState, withNews } from "./room-state";

const at = "2026-11-22T12:00:00.000Z";
const chat = (agentId: ChatLine["agentId"], text: string, seq?: number): WorkshopEvent => ({
  event: "chat",
  agentId,
  text,
  at,
  ...(seq !== undefined && { seq }),
});
const after = (...events: WorkshopEvent[]): RoomState =>
  events.reduce((room, event) => withNews(room, { event, fresh: true }), EMPTY_ROOM);
const texts = (room: RoomState) => room.lines.map(({ text }) => text);

test("a line that comes again is there once, and one that comes late in its place", () => {
  const room = after(chat("visitor", "one", 1), chat("timmy", "three", 3), chat("visitor", "one", 1));
  expect(texts(withNews(room, { event: chat("visitor", "two", 2), fresh: true }))).toEqual(["one", "two", "three"]);
});

test("an answer that arrives before the feed tells of it is not doubled by it", () => {
  const question = { agentId: "visitor" as const, text: "Hello", at, seq: 4 };
  const answer = { agentId: "timmy" as const, text: "Well met.", at, seq: 6 };
  const room = [chat("visitor", "Hello", 4), chat("visitor", "Other", 5), chat("timmy", "Well met.", 6)].reduce(
    (so, event) => withNews(so, { event, fresh: true }),
    withNews(EMPTY_ROOM, { said: { lines: [question, answer], alone: false } }),
  );
  expect(texts(room)).toEqual(["Hello", "Other", "Well met."]);
  expect(room.lines.map(({ mine }) => mine)).toEqual([true, false, false]);
});

test("a line of one's own that the feed told of first becomes one's own", () => {
  const room = withNews(after(chat("visitor", "Hello", 4)), {
    said: { lines: [{ agentId: "visitor", text: "Hello", at, seq: 4 }], alone: false },
  });
  expect(room.lines).toMatchObject([{ text: "Hello", mine: true }]);
});

test("a line is one's own as soon as the feed tells of it, and only that one", () => {
  const saying = withNews(EMPTY_ROOM, { saying: "Hello" });
  const room = [chat("visitor", "Well?", 1), chat("visitor", "Hello", 2), chat("visitor", "Hello", 3)].reduce(
    (so, event) => withNews(so, { event, fresh: true }),
    saying,
  );
  expect(room.lines.map(({ mine }) => mine)).toEqual([false, true, false]);
  expect(withNews(saying, { event: chat("visitor", "Hello", 1), fresh: false }).lines).toMatchObject([{ mine: false }]);
});

test("Timmy and his helpers speak into the bubble, visitors do not, and what was said before one came neither", () => {
  const old = withNews(EMPTY_ROOM, { event: chat("timmy", "long ago", 1), fresh: false });
  expect(old.bubble).toBeNull();
  expect(texts(old)).toEqual(["long ago"]);
  expect(after(chat("timmy", "Hm.", 1), chat("visitor", "Well?", 2)).bubble?.text).toBe("Hm.");
  expect(after(chat("timmy", "Hm.", 1), chat("delta", "Coins!")).bubble?.text).toBe("Coins!");
});

test("coins fly for what was paid, as many as were; the jar and the figures follow the feed", () => {
  const room = after(
    { event: "world", type: "job:paid", count: 2, aboutSats: 20 },
    { event: "world", type: "pool:credited", count: 1, aboutSats: 5 },
    { event: "world", type: "pool:level", level: 0.6 },
    { event: "world", type: "visitor:reply" },
    { event: "agent_state", agentId: "gamma", state: "working" },
    { event: "visitor_count", count: 3 },
  );
  expect(room.world).toMatchObject({ coins: 2, poolLevel: 0.6, agents: { gamma: "working", alpha: "idle" } });
  expect(room.visitors).toBe(3);
});

test("the log of a page is bounded", () => {
  const room = after(...Array.from({ length: 400 }, (_, n) => chat("visitor", String(n), n)));
  expect(room.lines).toHaveLength(150);
  expect(room.lines.at(-1)?.text).toBe("399");
});
