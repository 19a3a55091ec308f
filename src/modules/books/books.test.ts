import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds, type ProofTerms, provenWrong, type Reading, unexplainedMsat } from "./books";

const TERMS: ProofTerms = {
  walletMsat: 100_000n,
  ledgerMsat: 100_000n,
  settledUnbookedMsat: 0n,
  sentUnbookedMsat: 0n,
  reservedMsat: 0n,
  faults: [],
};

describe("the proof", () => {
  test.each([
    ["nothing is on its way", {}, 0n],
    ["a payment came that is not booked", { walletMsat: 110_000n, settledUnbookedMsat: 10_000n }, 0n],
    ["a payment went that is not booked", { walletMsat: 89_999n, sentUnbookedMsat: 10_001n }, 0n],
    ["the wallet reserved for a payout", { walletMsat: 80_000n, reservedMsat: 20_000n }, 0n],
    ["a msat too much", { walletMsat: 100_001n }, 1n],
    ["a msat too little", { walletMsat: 99_999n }, -1n],
    ["a payment is said to have come, and has not", { settledUnbookedMsat: 5n }, -5n],
    ["a payment is said to have gone, and has not", { sentUnbookedMsat: 5n }, 5n],
  ])("when %s", (_, change, off) => {
    const terms = { ...TERMS, ...change };
    expect(unexplainedMsat(terms)).toBe(off);
    expect(holds(terms)).toBe(off === 0n);
  });

  test("fails on a fault of the books themselves, though the wallet agrees", () => {
    expect(holds({ ...TERMS, faults: ["owed: the accounts hold 1 msat, the transfers say 0 msat"] })).toBe(false);
  });

  test("explains any wallet that holds what is booked, less what went and is reserved, more what came", () => {
    const some = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(some, some, some, some, fc.bigInt({ min: -9n, max: 9n }), (ledger, came, went, reserved, off) => {
        const walletMsat = ledger + came - went - reserved + off;
        const terms = { ledgerMsat: ledger, settledUnbookedMsat: came, sentUnbookedMsat: went, reservedMsat: reserved };
        expect(unexplainedMsat({ ...terms, walletMsat, faults: [] })).toBe(off);
      }),
    );
  });
});

describe("the books are proven wrong", () => {
  const at = (second: number, offMsat: bigint, ok = offMsat === 0n): Reading => ({
    takenAt: new Date(Date.UTC(2026, 10, 22, 12, 0, second)),
    ok,
    offMsat,
  });
  test.each([
    ["by nothing read yet", [], false],
    ["by three readings that agree over 30 s", [at(30, 7n), at(15, 7n), at(0, 7n)], true],
    ["by more of them", [at(60, 7n), at(45, 7n), at(15, 7n), at(0, 7n)], true],
    ["not over 29 s", [at(29, 7n), at(15, 7n), at(0, 7n)], false],
    ["not by two, however far apart", [at(300, 7n), at(0, 7n)], false],
    ["not by readings that disagree", [at(30, 7n), at(15, 8n), at(0, 7n)], false],
    ["not once the newest is right", [at(45, 0n), at(30, 7n), at(15, 7n), at(0, 7n)], false],
    ["not across one that was right", [at(60, 7n), at(45, 7n), at(30, 0n), at(15, 7n), at(0, 7n)], false],
    ["by a fault inside the books that stays", [at(30, 0n, false), at(15, 0n, false), at(0, 0n, false)], true],
    ["by what agrees in the end, whatever differed before", [at(60, 7n), at(40, 7n), at(30, 7n), at(0, 9n)], true],
  ])("%s", (_, readings, wrong) => {
    expect(provenWrong(readings)).toBe(wrong);
  });
});
