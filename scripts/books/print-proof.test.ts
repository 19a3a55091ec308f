import { afterEach, expect, test, vi } from "vitest";
import { printProof } from "./print-proof";

afterEach(() => vi.restoreAllMocks());

/** What is printed of a wallet that holds so much more than the books know of. */
function printed(unexplainedMsat: bigint): string {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const terms = {
    walletMsat: 100_000n + unexplainedMsat,
    ledgerMsat: 100_000n,
    ...{ settledUnbookedMsat: 0n, sentUnbookedMsat: 0n, reservedMsat: 0n, faults: [] },
  };
  const sheet = { lines: [], walletMsat: 100_000n, liabilitiesMsat: 0n, faults: [] };
  printProof({ terms, ok: unexplainedMsat === 0n, sheet, unbooked: [] }, { payouts: [], devPays: [] }, false);
  return log.mock.calls.map(([line]) => String(line)).join("\n");
}

test("what differs is not said to hold payouts back: that takes three readings of the running app that agree", () => {
  expect(printed(0n)).toContain("The books hold.");
  const wrong = printed(-5_000n);
  expect(wrong).toContain("DO NOT HOLD");
  expect(wrong).not.toMatch(/are on hold/i);
  expect(wrong).toMatch(/three readings/);
});
