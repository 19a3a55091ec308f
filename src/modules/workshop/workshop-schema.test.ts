import { expect, test } from "vitest";
import { ChatLine, Say, WorkshopEvent } from "./workshop-schema";

const at = "2026-11-22T12:00:00.000Z";

test("every kind of event is known by its shape", () => {
  const events = [
    { event: "agent_state", agentId: "gamma", state: "working" },
    { event: "chat", agentId: "visitor", text: "Good evening", at, seq: 7 },
    { event: "chat", agentId: "delta", text: "Coins!", at },
    { event: "visitor_count", count: 3 },
    { event: "world", type: "visitor:reply" },
    { event: "world", type: "job:paid", count: 1, aboutSats: 10 },
    { event: "world", type: "pool:level", level: 0.5 },
  ];
  for (const event of events) expect(WorkshopEvent.parse(event)).toEqual(event);
});

test("what would tell of an order is not let through", () => {
  const slip = { event: "world", type: "job:paid", count: 1, aboutSats: 10, jobId: "secret" };
  expect(WorkshopEvent.parse(slip)).not.toHaveProperty("jobId");
  expect(WorkshopEvent.safeParse({ event: "world", type: "job:paid", count: 0, aboutSats: 10 }).success).toBe(false);
  expect(ChatLine.safeParse({ agentId: "somebody", text: "", at }).success).toBe(false);
});

test("a line is tidied before it is measured", () => {
  expect(Say.parse({ text: "  Good\u0000 evening\n" })).toEqual({ text: "Good evening" });
  expect(Say.parse({ text: "🧙".repeat(250) }).text).toHaveLength(500);
  expect(Say.safeParse({ text: "🧙".repeat(251) }).success).toBe(false);
  expect(Say.safeParse({ text: " \u200b\u202e " }).success).toBe(false);
  expect(Say.safeParse({ text: "\u0000".repeat(2001) }).success).toBe(false);
});
