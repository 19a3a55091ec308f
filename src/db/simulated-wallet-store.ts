import { z } from "zod";
import type { KeptInvoice, SimulatedWalletStore } from "~/adapters/simulated-wallet/store";
import { assert } from "~/core/assert";
import { type Msat, msat } from "~/core/money";
import type { Database } from "./client";
import { listen } from "./listen";

const CHANNEL = "simulated_wallet_settled";

/** Bigints come as text from the driver. */
const StoredMsat = z.string().transform((text): Msat => msat(BigInt(text)));
const InvoiceRow = z.object({
  payment_hash: z.string(),
  state: z.enum(["open", "settled", "expired"]),
  amount_msat: StoredMsat,
  due: z.boolean(),
});
const PayingResult = z.enum(["paid", "alreadyPaid", "notPayable", "insufficient"]);

/** Where the simulated wallet keeps its invoices and payments: tables of its own, which no business reads. */
export function simulatedWalletStore({ pool, url }: Pick<Database, "pool" | "url">): SimulatedWalletStore {
  async function rows<T>(shape: z.ZodType<T>, name: string, text: string, values: unknown[]): Promise<T[]> {
    const answer = await pool.query({ name: `simulated_wallet_${name}`, text, values });
    return z.array(shape).parse(answer.rows);
  }
  async function run(name: string, text: string, values: unknown[]): Promise<void> {
    await pool.query({ name: `simulated_wallet_${name}`, text, values });
  }

  const readInvoiceRows = (hashes: readonly string[], now: Date) =>
    rows(
      InvoiceRow,
      "read_invoices",
      `SELECT payment_hash, state, amount_msat::text, state = 'open' AND expires_at <= $2 AS due
       FROM simulated_invoice WHERE payment_hash = ANY($1::text[])`,
      [hashes, now],
    );

  return {
    open: (openingMsat) =>
      run("open", "INSERT INTO simulated_wallet (id, balance_msat) VALUES (1, $1) ON CONFLICT (id) DO NOTHING", [
        openingMsat.toString(),
      ]),
    addInvoice: (invoice) =>
      run(
        "add_invoice",
        `INSERT INTO simulated_invoice
           (payment_hash, preimage, payment_request, amount_msat, reference, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          invoice.paymentHash,
          invoice.preimage,
          invoice.paymentRequest,
          invoice.amountMsat.toString(),
          invoice.reference,
          invoice.createdAt,
          invoice.expiresAt,
        ],
      ),
    async readInvoices(hashes, now) {
      let found = await readInvoiceRows(hashes, now);
      const due = found.filter((row) => row.due).map((row) => row.payment_hash);
      if (due.length > 0) {
        // Written down before it is said: a payment that comes at the same moment is either seen here or refused.
        await run(
          "expire_invoices",
          `UPDATE simulated_invoice SET state = 'expired'
           WHERE payment_hash = ANY($1::text[]) AND state = 'open' AND expires_at <= $2`,
          [due, now],
        );
        found = await readInvoiceRows(hashes, now);
      }
      return found.map(
        (row): KeptInvoice => ({ paymentHash: row.payment_hash, state: row.state, amountMsat: row.amount_msat }),
      );
    },
    async settle(hash, now) {
      const Preimage = z.object({ preimage: z.string().nullable() });
      const [row] = await rows(Preimage, "settle", "SELECT simulated_wallet_settle($1, $2) AS preimage", [hash, now]);
      return row?.preimage ? { preimage: row.preimage } : null;
    },
    async pay({ paymentHash, paymentRequest, amountMsat, reference }, now) {
      const [row] = await rows(
        z.object({ result: PayingResult }),
        "pay",
        "SELECT simulated_wallet_pay($1, $2, $3, $4, $5) AS result",
        [paymentHash, paymentRequest, amountMsat.toString(), reference, now],
      );
      return PayingResult.parse(row?.result);
    },
    async readPayment(hash) {
      const Payment = z.object({ fee_msat: StoredMsat });
      const text = "SELECT fee_msat::text FROM simulated_payment WHERE payment_hash = $1";
      const [row] = await rows(Payment, "read_payment", text, [hash]);
      return row ? { feeMsat: row.fee_msat } : null;
    },
    async readBalance() {
      const Balance = z.object({ balance_msat: StoredMsat });
      const [row] = await rows(Balance, "read_balance", "SELECT balance_msat::text FROM simulated_wallet", []);
      assert(row, "the wallet was opened before it is asked");
      return row.balance_msat;
    },
    listen: (hint) => listen(url, CHANNEL, hint),
  };
}
