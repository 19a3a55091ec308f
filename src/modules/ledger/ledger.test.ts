import fc from "fast-check";
import { expect, test } from "vitest";
import { msat, sats } from "~/core/money";
import { type Line, paymentReceived, payoutPaid } from "./ledger";

const amountInto = (lines: readonly Line[], kind: string) =>
  lines.reduce((sum, { credit, amount }) => (credit.kind === kind ? sum + amount : sum), 0n);
const amounts = fc.bigInt({ min: 0n, max: 10n ** 15n }).map(msat);

test("a payment is booked to the msat; its order gets the whole sats of it, never more", () => {
  fc.assert(
    fc.property(amounts, fc.constantFrom("escrow" as const, "owed" as const), (credited, to) => {
      const lines = paymentReceived("an order", credited, to);
      expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(credited);
      expect(lines.every(({ debit }) => debit.kind === "wallet")).toBe(true);
      expect(amountInto(lines, to)).toBe((credited / 1000n) * 1000n);
      expect(amountInto(lines, "routing_fees")).toBeLessThan(1000n);
    }),
  );
});

test("a payout takes the amount from what is in flight and its fee from us", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), amounts, (amount, fee) => {
      const lines = payoutPaid("an order", sats(amount), fee);
      expect(lines.map(({ debit, amount }) => [debit.kind, amount])).toEqual([
        ["in_flight", amount * 1000n],
        ["routing_fees", fee],
      ]);
      expect(amountInto(lines, "wallet")).toBe(amount * 1000n + fee);
    }),
  );
});
