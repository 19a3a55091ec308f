import { expect, test } from "vitest";
import type { JobFeedEvent, JobView } from "~/modules/jobs/job-schema";
import { EMPTY_FEED, type JobFeed, withEvent, withView } from "./job-feed";

const view = (state: JobView["state"], updatedAt: string, owedSats = 0): JobView => ({
  jobId: "3f0f6a4e-58a5-4c58-9d2e-0a4f1c9f7b11",
  state,
  createdAt: "2026-11-22T12:00:00.000Z",
  updatedAt,
  trust_tier: "anonymous",
  owedSats,
});
const EARLY = "2026-11-22T12:00:01.000Z";
const LATE = "2026-11-22T12:00:02.000Z";
const delta = (text: string): JobFeedEvent => ({ type: "delta", text });
const after = (feed: JobFeed, ...events: [number, JobFeedEvent][]) =>
  events.reduce((so, [id, event]) => withEvent(so, String(id), event), feed);

test("pieces of the answer that come again after a lost connection are not doubled", () => {
  const once = after(EMPTY_FEED, [4, delta("one ")], [5, delta("two ")]);
  const again = after(once, [4, delta("one ")], [5, delta("two ")], [6, delta("three")]);
  expect(again.draft).toBe("one two three");
});

test("a new beginning voids what was written so far", () => {
  const feed = after(EMPTY_FEED, [4, delta("half an ans")], [5, { type: "restart" }], [6, delta("whole")]);
  expect(feed.draft).toBe("whole");
});

test("the state that a resumed feed begins with counts, though its number was seen", () => {
  const feed = after(EMPTY_FEED, [4, delta("one")], [4, { type: "state", job: view("executing", EARLY) }]);
  expect(feed).toMatchObject({ draft: "one", seen: 4, job: { state: "executing" } });
});

test("an older view, overtaken on its way, never turns the page back", () => {
  const done = withView(EMPTY_FEED, view("complete", LATE));
  expect(withView(done, view("executing", EARLY)).job?.state).toBe("complete");
});

test("news of the money come without a change of state", () => {
  const done = withView(EMPTY_FEED, view("complete", LATE, 20));
  expect(withView(done, view("complete", LATE, 0)).job?.owedSats).toBe(0);
});
