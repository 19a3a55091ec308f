import { z } from "zod";

/** What the answers about every kind of order share: jobs, sessions and nodes. */

/** Whole satoshis on the wire. */
export const SatsOnWire = z.int().min(0);
export const OwedSats = SatsOnWire.meta({ description: "What belongs to the payer and has not been paid out yet" });
export const Instant = z.iso.datetime().meta({ description: "ISO 8601, UTC", example: "2026-11-22T12:00:00.000Z" });

export const InvoiceOnWire = z
  .object({
    paymentRequest: z.string().meta({ description: "BOLT11 invoice" }),
    paymentHash: z.string().meta({ description: "64 hex digits" }),
    amountSats: SatsOnWire,
    expiresAt: Instant,
  })
  .meta({ id: "Invoice" });

/** The newest payout of an order: where the change is on its way to its payer. */
export const PayoutOnWire = z
  .object({
    state: z.enum(["pending", "paid", "failed"]),
    method: z.enum(["invoice", "lightningAddress", "lnurl", "session"]),
    amountSats: SatsOnWire,
  })
  .meta({ id: "Payout" });

/** The ways out for what is owed; exactly one is named. */
export const RefundTarget = z.object({
  invoice: z.string().max(4096).optional().meta({ description: "BOLT11 of exactly the amount owed" }),
  lightningAddress: z.string().max(320).optional().meta({ example: "you@wallet.example" }),
  sessionId: z.uuid().optional().meta({ description: "An active session: its balance is credited at once" }),
  lnurl: z.literal(true).optional().meta({ description: "Answer with a withdraw code (LUD-03)" }),
});
export const RefundAnswer = z
  .union([
    z.object({
      refundState: z.enum(["pending", "paid"]),
      amountSats: SatsOnWire,
      paymentHash: z.string(),
      owedSats: SatsOnWire,
    }),
    z.object({ refundState: z.literal("paid"), amountSats: SatsOnWire, sessionId: z.uuid(), owedSats: SatsOnWire }),
    z.object({ lnurl: z.string(), expiresAt: Instant, amountSats: SatsOnWire }),
  ])
  .meta({ id: "RefundAnswer" });
export type RefundAnswer = z.infer<typeof RefundAnswer>;

/** For one live connection: the credential itself goes into no URL. */
export const StreamTicket = z.object({ ticket: z.string(), expiresAt: Instant });
