import { newOrderId } from "~/core/ids";
import { msat, type Sats, sats, toMsat } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import { openingBalance, operatorDeposit, operatorWithdrawal } from "~/modules/ledger/ledger";
import { balanceSheet, post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import { provenWrong, unexplainedMsat } from "./books";
import { booksProof, type ProofDeps } from "./books-proof";
import {
  claimOpening,
  deleteReadingsBefore,
  isOpened,
  keepReading,
  lockWithdrawals,
  newestReading,
  newestReadings,
} from "./books-store";

type Deps = ProofDeps & { clock: Clock };

export type WithdrawalError = { code: "notFree"; freeSats: Sats };

const MOST_READINGS = 20;
const KEEP_READINGS_MS = 30 * 86_400_000;

/** The books as a whole: proof, readings, opening, and what the operator moves by hand. */
export function booksService(deps: Deps) {
  const { db, invoices, clock } = deps;
  const prove = booksProof(deps);

  /** Takes a reading and keeps it. Whether the books are now proven wrong, or null when the wallet does not answer. */
  async function takeReading(): Promise<{ ok: boolean; provenWrong: boolean } | null> {
    await openIfNew();
    const proof = await prove();
    if (!proof.ok) return null;
    await keepReading(db, proof.value.terms, proof.value.ok);
    await deleteReadingsBefore(db, new Date(clock.now().getTime() - KEEP_READINGS_MS));
    // Nobody else may ask for them for a long time: a late payment is booked as soon as it is seen here.
    for (const hash of proof.value.unbooked) await invoices.lookUp(hash);
    return { ok: proof.value.ok, provenWrong: await areProvenWrong() };
  }

  const areProvenWrong = async () => provenWrong(await newestReadings(db, MOST_READINGS));

  /**
   * Books what the wallet already held when the books were begun, once in their life. Payments come in meanwhile, so
   * two readings must agree on it; until two do, it is not booked.
   */
  async function openIfNew(): Promise<void> {
    if (await isOpened(db)) return;
    const [first, second] = [await prove(), await prove()];
    if (!first.ok || !second.ok) return;
    const { terms } = second.value;
    const held = unexplainedMsat(terms);
    const before = first.value.terms;
    const agree =
      unexplainedMsat(before) === held &&
      before.walletMsat === terms.walletMsat &&
      before.ledgerMsat === terms.ledgerMsat;
    if (!agree) return;
    await db.inTx(async (tx) => {
      if (!(await claimOpening(tx, terms.walletMsat)) || held <= 0n) return;
      await post(tx, { key: "opening", lines: [openingBalance(msat(held))] });
    });
  }

  /** The operator has put sats into the wallet. */
  async function deposit(amount: Sats, reason: string): Promise<void> {
    await db.inTx((tx) =>
      post(tx, { key: `operator:${newOrderId()}`, lines: [operatorDeposit(amount)], memo: reason }),
    );
  }

  /** The operator has taken sats out of the wallet: at most what belongs to nobody else. */
  function withdraw(amount: Sats, reason: string): Promise<Result<null, WithdrawalError>> {
    return db.inTx(async (tx) => {
      await lockWithdrawals(tx);
      const sheet = await balanceSheet((work) => work(tx));
      const free = sheet.walletMsat - sheet.liabilitiesMsat;
      if (toMsat(amount) > free) return err({ code: "notFree", freeSats: sats(free > 0n ? free / 1000n : 0n) });
      await post(tx, { key: `operator:${newOrderId()}`, lines: [operatorWithdrawal(amount)], memo: reason });
      return ok(null);
    });
  }

  return {
    prove,
    takeReading,
    areProvenWrong,
    newestReading: () => newestReading(db),
    openIfNew,
    deposit,
    withdraw,
  };
}
export type BooksService = ReturnType<typeof booksService>;
