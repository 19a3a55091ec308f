import { z } from "zod";
import { type Msat, msat } from "~/core/money";

/** What LNbits 1.x answers. The fields that could give a preimage away are not read where nobody needs them. */

const PaymentHash = z.string().regex(/^[0-9a-f]{64}$/);

/** A row of LNbits' books. Amounts are msat; `amount` is negative for what went out, `fee` of either sign. */
export const PaymentRow = z.object({
  payment_hash: PaymentHash,
  amount: z.int(),
  fee: z.int(),
  status: z.enum(["pending", "success", "failed"]),
  expiry: z.string().nullish(),
});
export type PaymentRow = z.infer<typeof PaymentRow>;

export const PaymentPage = z.object({ data: z.array(PaymentRow) });
/** GET /payments/{hash}. Without `details` LNbits did not take the key for one of a wallet that knows the payment. */
export const SinglePayment = z.object({ paid: z.boolean(), details: PaymentRow.optional() });
/** Who has paid has the preimage: GET /payments/{hash} names it here once it is paid, and only then. */
export const PaidPreimage = z.object({ paid: z.literal(true), preimage: PaymentHash });
export const CreatedPayment = z.object({ payment_hash: PaymentHash, bolt11: z.string() });
/** Msat. */
export const WalletState = z.object({ balance: z.int() });
export const Trouble = z.object({ detail: z.string(), status: z.string().optional() });
export const Settlement = z.object({ payment: z.object({ payment_hash: PaymentHash, amount: z.int() }) });

/** LNbits counts what we pay as negative, in msat. */
export const isIncoming = (row: { amount: number }): boolean => row.amount > 0;

/** What a settled invoice brought: LNbits books a fee for receiving against the wallet. */
export const creditedMsat = (row: PaymentRow): Msat => msat(Math.max(0, row.amount - Math.abs(row.fee)));
/** The routing fee, which LNbits gives as a negative number of msat. */
export const feeMsat = (row: PaymentRow): Msat => msat(Math.abs(row.fee));
/** A pending payment already weighs on the balance, with the reserve for its fee. */
export const reservedMsat = (row: PaymentRow): Msat => msat(Math.abs(row.amount) + Math.abs(row.fee));
