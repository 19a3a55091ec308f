import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setSpareKey, spareKeyOf, takeSpareKey } from "~/ui/kept/spare-keys";
import { refundTokenOf, rememberJobKey } from "./known-jobs";
import { withRefundKey } from "./with-refund-key";

const ID = "3f0f6a4e-58a5-4c58-9d2e-0a4f1c9f7b11";
const RIGHT = "r".repeat(43);
const WRONG = "w".repeat(43);
const refusal = (code: string, status: number) => ({ data: { code, status, detail: "no" } });
/** What the server does: it knows one key. */
const server = vi.fn(async (key: string, _again: boolean) => {
  if (key !== RIGHT) throw refusal("REFUND_TOKEN_WRONG", 403);
  return "done";
});

beforeEach(() => {
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  vi.stubGlobal("window", { localStorage, addEventListener() {}, removeEventListener() {} });
  server.mockClear();
});
afterEach(() => {
  takeSpareKey(ID, "");
  vi.unstubAllGlobals();
});

test("a wrong key that came first makes way for the right one that a link brought later", async () => {
  rememberJobKey(ID, WRONG);
  setSpareKey(ID, RIGHT);
  expect(await withRefundKey(ID, WRONG, server)).toBe("done");
  expect(server.mock.calls).toEqual([
    [WRONG, false],
    [RIGHT, true],
  ]);
  expect(refundTokenOf(ID)).toBe(RIGHT);
  expect(spareKeyOf(ID)).toBeNull();
});

test("a right key is never replaced by what a link brought", async () => {
  rememberJobKey(ID, RIGHT);
  setSpareKey(ID, WRONG);
  expect(await withRefundKey(ID, RIGHT, server)).toBe("done");
  expect(refundTokenOf(ID)).toBe(RIGHT);
});

test.each([
  ["another refusal", refusal("NOTHING_OWED", 409)],
  ["no answer at all", new Error("network")],
])("%s says nothing against the key", async (_, error) => {
  rememberJobKey(ID, WRONG);
  setSpareKey(ID, RIGHT);
  const act = vi.fn(async () => {
    throw error;
  });
  await expect(withRefundKey(ID, WRONG, act)).rejects.toBe(error);
  expect(act).toHaveBeenCalledTimes(1);
  expect(refundTokenOf(ID)).toBe(WRONG);
  expect(spareKeyOf(ID)).toBe(RIGHT);
});

test("a refused key without another one, or with the same, is refused", async () => {
  rememberJobKey(ID, WRONG);
  await expect(withRefundKey(ID, WRONG, server)).rejects.toMatchObject({ data: { status: 403 } });
  setSpareKey(ID, WRONG);
  await expect(withRefundKey(ID, WRONG, server)).rejects.toMatchObject({ data: { status: 403 } });
  expect(server).toHaveBeenCalledTimes(2);
});
