import { unexplainedMsat } from "~/modules/books/books";
import type { Proof } from "~/modules/books/books-proof";
import type { Invoice } from "~/modules/invoices/invoice";
import type { Payout } from "~/modules/payouts/payout";

/** What the wallet may have paid and the books do not know of yet: payouts, and our own invoices by the dev route. */
type Unbooked = { payouts: readonly Payout[]; devPays: readonly Invoice[] };

export function printProof({ terms, ok, sheet }: Proof, { payouts, devPays }: Unbooked, json: boolean): void {
  if (json) {
    const figures = {
      walletMsat: terms.walletMsat,
      ledgerMsat: terms.ledgerMsat,
      settledUnbookedMsat: terms.settledUnbookedMsat,
      sentUnbookedMsat: terms.sentUnbookedMsat,
      reservedMsat: terms.reservedMsat,
      unexplainedMsat: unexplainedMsat(terms),
      faults: terms.faults,
      accounts: Object.fromEntries(sheet.lines.map((line) => [line.kind, line.balanceMsat])),
      ok,
    };
    console.log(JSON.stringify(figures, (_, value) => (typeof value === "bigint" ? Number(value) : value), 2));
    return;
  }
  console.log("Balance sheet, in sats");
  for (const group of ["asset", "liability", "equity", "revenue", "expense"]) {
    const lines = sheet.lines.filter((line) => line.class === group);
    if (lines.length > 0) console.log(`  ${group}`);
    for (const line of lines) row(`    ${line.kind.replaceAll("_", " ")}`, line.balanceMsat);
  }
  console.log("\nProof: what the wallet holds, and what explains it, in sats");
  row("  wallet account of the books", terms.ledgerMsat);
  row("  + settled, not yet booked", terms.settledUnbookedMsat);
  row("  − sent, not yet booked", terms.sentUnbookedMsat);
  row("  − reserves of payouts in flight", terms.reservedMsat);
  row("  = explained", terms.walletMsat - unexplainedMsat(terms));
  row("  the wallet holds", terms.walletMsat);
  row("  unexplained", unexplainedMsat(terms));
  if (payouts.length > 0) console.log("\nPayouts in flight");
  for (const { id, createdAt, amountSats, state, note } of payouts) {
    console.log(
      `  ${id.slice(0, 8)}  ${createdAt.toISOString()}  ${amountSats} sats  ${state}${note ? `: ${note}` : ""}`,
    );
  }
  if (devPays.length > 0)
    console.log("\nInvoices of ours that the dev route may have paid from this wallet, not booked yet");
  for (const { paymentHash, createdAt, amountSats, state } of devPays) {
    console.log(`  ${paymentHash.slice(0, 8)}  ${createdAt.toISOString()}  ${amountSats} sats  ${state}`);
  }
  for (const fault of terms.faults) console.log(`  FAULT in the books: ${fault}`);
  console.log(
    ok
      ? "\nThe books hold."
      : "\nTHE BOOKS DO NOT HOLD. Where three readings of the running app agree on this, payouts stand still until they do.",
  );
}

const row = (name: string, msat: bigint) => console.log(`${name.padEnd(40)}${inSats(msat).padStart(20)}`);

/** Sats with up to three decimals: a msat is a thousandth. */
function inSats(msat: bigint): string {
  const sign = msat < 0n ? "−" : "";
  const size = msat < 0n ? -msat : msat;
  const fraction = size % 1000n;
  return `${sign}${size / 1000n}${fraction ? `.${fraction.toString().padStart(3, "0")}` : ""}`;
}
