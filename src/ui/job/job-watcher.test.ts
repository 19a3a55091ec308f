import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobView } from "~/modules/jobs/job-schema";
import { type Connection, followJob, type JobSource } from "./job-watcher";

const JOB = { state: "executing" } as JobView;
type Feed = Parameters<JobSource["subscribe"]>[1] & { from: string | null; open: boolean };

/** A server on strings: the test plays what the connection does. */
function source() {
  const feeds: Feed[] = [];
  const view = vi.fn(async () => JOB);
  const connections: Connection[] = [];
  const events: string[] = [];
  const views: JobView[] = [];
  const unknownJob = vi.fn();
  const following = followJob(
    {
      view,
      subscribe(from, on) {
        const feed: Feed = { ...on, from, open: true };
        feeds.push(feed);
        return {
          unsubscribe() {
            feed.open = false;
            feed.ended(); // as tRPC does
          },
        };
      },
    },
    {
      view: (job) => views.push(job),
      event: (id) => events.push(id),
      connection: (state) => connections.push(state),
      unknownJob,
    },
  );
  const feed = () => {
    const last = feeds.at(-1);
    if (!last) throw new Error("nothing was subscribed to");
    return last;
  };
  return { ...following, feeds, feed, view, connections, events, views, unknownJob };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("while the feed lives nobody polls", async () => {
  const it = source();
  it.feed().connected();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(it.view).toHaveBeenCalledTimes(1);
  expect(it.connections.at(-1)).toBe("live");
  it.stop();
});

test("when the feed is lost polls step in with back-off, and leave when it is back", async () => {
  const it = source();
  it.feed().connected();
  it.feed().lost();
  await vi.advanceTimersByTimeAsync(60_000);
  const polls = it.view.mock.calls.length;
  expect(polls).toBeGreaterThan(4);
  expect(polls).toBeLessThan(12);
  expect(it.connections.at(-1)).toBe("polling");

  it.feed().connected();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(it.view).toHaveBeenCalledTimes(polls);
  expect(it.connections.at(-1)).toBe("live");
  it.stop();
});

test("a feed that ended is taken up again after the last event that arrived", async () => {
  const it = source();
  it.feed().connected();
  it.feed().event("7", { type: "restart" });
  it.feed().ended();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(it.feeds).toHaveLength(2);
  expect(it.feed().from).toBe("7");
  it.stop();
});

test("what a connection that was given up still says is no news", async () => {
  const it = source();
  const old = it.feed();
  it.lookNow();
  expect(old.open).toBe(false);
  old.event("9", { type: "restart" });
  old.ended();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(it.events).toEqual([]);
  expect(it.feeds).toHaveLength(2);
  it.stop();
});

test("a view that an event has overtaken is dropped, and so is one that a later view has overtaken", async () => {
  const it = source();
  await vi.advanceTimersByTimeAsync(0);
  it.feed().connected();
  const answers: ((job: JobView) => void)[] = [];
  it.view.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  const shown = it.views.length;
  it.lookNow();
  it.feed().event("8", { type: "state", job: { ...JOB, owedSats: 0 } });
  answers[0]?.({ ...JOB, owedSats: 20 });
  await vi.advanceTimersByTimeAsync(0);
  expect(it.views.slice(shown)).toEqual([]);

  it.lookNow();
  it.lookNow();
  answers[2]?.({ ...JOB, owedSats: 2 });
  answers[1]?.({ ...JOB, owedSats: 1 });
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(it.views.slice(shown)).toMatchObject([{ owedSats: 2 }]);
  it.stop();
});

test("a job that nobody knows is not asked for again", async () => {
  const it = source();
  it.view.mockRejectedValue({ data: { code: "JOB_NOT_FOUND", status: 404, detail: "none" } });
  it.lookNow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(it.unknownJob).toHaveBeenCalledTimes(1);
  expect(it.feed().open).toBe(false);
});

test("without any answer it says so and goes on trying", async () => {
  const it = source();
  it.view.mockRejectedValue(new TypeError("fetch failed"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(it.connections.at(-1)).toBe("offline");
  it.view.mockResolvedValue(JOB);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(it.connections.at(-1)).toBe("polling");
  it.stop();
});
