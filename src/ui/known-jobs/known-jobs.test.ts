import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetTitle, knownJobs, refundTokenOf, rememberJob, watchKnownJobs } from "./known-jobs";
import { linkWithRefundKey, refundKeyIn } from "./refund-key";

const ID = "3f0f6a4e-58a5-4c58-9d2e-0a4f1c9f7b11";
const OTHER = "9b6e0d3c-6f0c-4a55-8a63-1f1d6f6f7c22";
const AT = "2026-11-22T12:00:00.000Z";
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  vi.stubGlobal("window", { localStorage, addEventListener() {}, removeEventListener() {} });
});
afterEach(() => void vi.unstubAllGlobals());

test("a key once known is not lost when the job is remembered again without it", () => {
  rememberJob({ jobId: ID, refundToken: "a".repeat(64), title: "A haiku", createdAt: AT });
  rememberJob({ jobId: ID, title: "", createdAt: "2027-01-01T00:00:00.000Z" });
  expect(refundTokenOf(ID)).toBe("a".repeat(64));
  expect(knownJobs()).toMatchObject([{ title: "A haiku", createdAt: AT }]);
});

test("an entry that is spoilt does not take the others' keys with it", () => {
  rememberJob({ jobId: ID, refundToken: "a".repeat(64), title: "A haiku", createdAt: AT });
  kept.set("timmy.jobs", JSON.stringify([{ jobId: "no uuid" }, ...JSON.parse(kept.get("timmy.jobs") ?? "[]"), null]));
  expect(knownJobs().map(({ jobId }) => jobId)).toEqual([ID]);
});

test("what is no list at all reads as nothing", () => {
  kept.set("timmy.jobs", "{");
  expect(knownJobs()).toEqual([]);
});

test("the newest comes first, titles are cut by characters, and a deleted one leaves the key", () => {
  rememberJob({ jobId: ID, title: "🧙".repeat(200), createdAt: AT, refundToken: "k".repeat(32) });
  rememberJob({ jobId: OTHER, title: "later", createdAt: "2026-11-23T12:00:00.000Z" });
  expect(knownJobs().map(({ jobId }) => jobId)).toEqual([OTHER, ID]);
  expect([...(knownJobs()[1]?.title ?? "")]).toHaveLength(80);
  forgetTitle(ID);
  expect(knownJobs()[1]).toMatchObject({ title: "", refundToken: "k".repeat(32) });
});

test("watchers hear of changes, and unchanged jobs stay the very same list", () => {
  const heard = vi.fn();
  const stop = watchKnownJobs(heard);
  rememberJob({ jobId: ID, title: "A haiku", createdAt: AT });
  stop();
  rememberJob({ jobId: OTHER, title: "x", createdAt: AT });
  expect(heard).toHaveBeenCalledTimes(1);
  expect(knownJobs()).toBe(knownJobs());
});

test("where storage is forbidden the page still knows its jobs", () => {
  const deny = () => {
    throw new Error("denied");
  };
  vi.stubGlobal("window", { localStorage: { getItem: deny, setItem: deny }, addEventListener() {} });
  rememberJob({ jobId: ID, refundToken: "t".repeat(32), title: "A haiku", createdAt: AT });
  expect(refundTokenOf(ID)).toBe("t".repeat(32));
});

test("a refund key travels in the fragment, and nothing that is none is taken from there", () => {
  const token = "0123456789abcdef".repeat(4);
  expect(refundKeyIn(new URL(linkWithRefundKey("http://x", ID, token)).hash)).toBe(token);
  for (const hash of ["", "#", "#refund=", "#refund=short", "#refund=<script>alert(1)</script>", "#other=1"]) {
    expect(refundKeyIn(hash)).toBeNull();
  }
});
