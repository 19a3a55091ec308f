import { describe, expect, test } from "vitest";
import { sats } from "~/core/money";
import { checkTarget, isInFlight, lookUpPauseMs, type PayoutState } from "./payout";

const NOW = new Date("2026-11-22T12:00:00Z");
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const wanted = { network: "bc", amountSats: sats(21n), now: NOW };
const good = { network: "bc", amountMsat: 21_000n, expiresAt: inSeconds(3600) };

describe("the target of a payout", () => {
  test.each([
    ["exactly what is owed", {}],
    ["expiring in just 60 s", { expiresAt: inSeconds(60) }],
  ])("may be an invoice %s", (_, change) => {
    expect(checkTarget({ ...good, ...change }, wanted)).toEqual({ ok: true, value: null });
  });

  test.each([
    ["of testnet", { network: "tb" }, /lntb.*lnbc/],
    ["of regtest", { network: "bcrt" }, /lnbcrt.*lnbc/],
    ["without an amount", { amountMsat: null }, /exactly 21 sats/],
    ["of nothing", { amountMsat: 0n }, /exactly 21 sats/],
    ["of a msat too much", { amountMsat: 21_001n }, /exactly 21 sats/],
    ["of a msat too little", { amountMsat: 20_999n }, /exactly 21 sats/],
    ["of msat taken for sats", { amountMsat: 21n }, /exactly 21 sats/],
    ["expiring in less than 60 s", { expiresAt: new Date(inSeconds(60).getTime() - 1) }, /60 seconds/],
    ["that has expired", { expiresAt: inSeconds(-1) }, /expired/],
  ])("may not be an invoice %s", (_, change, detail) => {
    expect(checkTarget({ ...good, ...change }, wanted)).toEqual({
      ok: false,
      error: { code: "refundTargetUnusable", detail: expect.stringMatching(detail) },
    });
  });
});

test("the outcome of a payout is asked for after as long as it is open, between a second and a minute", () => {
  const pauses = [0, 0.5, 1, 7, 59, 61, 86_400].map((seconds) => lookUpPauseMs(NOW, inSeconds(seconds)));
  expect(pauses).toEqual([1000, 1000, 1000, 7000, 59_000, 60_000, 60_000]);
});

test("money is in flight until the payment is known to have ended", () => {
  const states: PayoutState[] = ["queued", "sending", "paid", "failed"];
  expect(states.filter(isInFlight)).toEqual(["queued", "sending"]);
});
