import { createHash } from "node:crypto";
import { randomHex } from "~/core/ids";
import { type Sats, wireSats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { owedWithInFlight } from "~/modules/ledger/ledger-service";
import type { DecodedInvoice, DecodeInvoice } from "~/ports/bolt11";
import type { Clock } from "~/ports/clock";
import type { LightningAddressFailure, ResolveLightningAddress } from "~/ports/lightning-address";
import type { LightningWallet } from "~/ports/lightning-wallet";
import type { Order, Payout, PayoutMethod, UnusableTarget } from "./payout";
import { type ByHandError, payoutByHand } from "./payout-by-hand";
import { type ClaimDeps, type ClaimError, claimable, claimInTx, creditInTx, sameClaim } from "./payout-claim";
import { type PayoutGate, payoutSending } from "./payout-sending";
import { ownPaymentRequest, payoutsInFlight, triedPayouts } from "./payout-store";
import { encodeLnurl } from "./withdraw-code";
import { markUsed, readCode, replaceCode, type WithdrawCode } from "./withdraw-store";

/** Exactly one way to be paid. */
export type RefundWay =
  | { invoice: string }
  | { lightningAddress: string }
  | { sessionId: string }
  | { lnurl: true; origin: string };

export type Refund =
  | { kind: "payout"; payout: Payout; owedSats: Sats }
  | { kind: "withdrawCode"; lnurl: string; amountSats: Sats; expiresAt: Date };

/** Why a payout was not settled by hand. */
export type SettleByHandError = ByHandError;
export type RefundError = ClaimError | LightningAddressFailure;
/** The code is unknown, expired, used, or replaced by a newer one. */
export type WithdrawCodeInvalid = { code: "withdrawCodeInvalid" };
type Keep = (tx: Tx, refund: Refund) => Promise<void>;
const keepNothing = async () => {};

/** What each kind of order does when money owed on it moves. Called inside that transaction. */
export type PayoutOwner = {
  /** Called first: whoever moves an order and its money locks the order before the money, lest two wait for each other. */
  lockOrder(tx: Tx, orderId: string): Promise<void>;
  onPayoutChanged(tx: Tx, orderId: string): Promise<void>;
};

type Deps = ClaimDeps & {
  db: Database;
  wallet: LightningWallet;
  clock: Clock;
  enqueue: Enqueue;
  decode: DecodeInvoice;
  resolveAddress: ResolveLightningAddress;
  gate: PayoutGate;
  owners: Readonly<Record<string, PayoutOwner>>;
  /** Locks a balance of ours that can be spent from, and says whether it takes credit now. */
  lockBalance: (tx: Tx, id: string) => Promise<boolean>;
  withdrawCodeSeconds: number;
  onSending?: (tx: Tx) => void;
  onPaid?: (tx: Tx, amountSats: Sats) => void;
};

const WITHDRAW_PATH = "/api/lnurl/withdraw";

/** Refunds (spec §3): the ways to claim what is owed, their sending, and what becomes of it. */
export function payoutService(deps: Deps) {
  const { db, clock, decode } = deps;
  const onChanged = async (tx: Tx, payout: Order) => deps.owners[payout.orderKind]?.onPayoutChanged(tx, payout.orderId);
  const lockOrder = async (tx: Tx, order: Order) => deps.owners[order.orderKind]?.lockOrder(tx, order.orderId);
  const sending = payoutSending({ ...deps, lockOrder, onChanged });

  /** Pays what is owed on an order out, by the way its payer names. The caller has checked the refund token. */
  async function refund(order: Order, way: RefundWay, keep: Keep = keepNothing): Promise<Result<Refund, RefundError>> {
    if ("lnurl" in way) return offerCode(order, way.origin, keep);
    // An id may be written in capitals. The accounts of the books know it as it was given out, and as nothing else.
    if ("sessionId" in way) return credit(order, way.sessionId.toLowerCase(), keep);
    if ("invoice" in way) {
      const invoice = readTarget(way.invoice);
      return invoice.ok ? claim(order, "invoice", invoice.value.paymentRequest, invoice.value, keep) : invoice;
    }
    const address = way.lightningAddress.trim().toLowerCase();
    const amountSats = await db.inTx((tx) => claimable(tx, order.orderId));
    // Asked again for the same address: no second invoice is fetched for it.
    if (!amountSats.ok) return (await sameAgain(order, address, keep)) ?? amountSats;
    const resolved = await deps.resolveAddress(address, amountSats.value);
    if (!resolved.ok) return resolved;
    const invoice = readTarget(resolved.value.paymentRequest);
    return invoice.ok ? claim(order, "lightningAddress", address, invoice.value, keep) : invoice;
  }

  function readTarget(text: string): Result<DecodedInvoice, UnusableTarget> {
    const invoice = decode(text);
    if (invoice.ok) return invoice;
    return err({ code: "refundTargetUnusable", detail: "This is not a readable Lightning invoice (BOLT11)." });
  }

  function claim(order: Order, method: PayoutMethod, target: string, invoice: DecodedInvoice, keep: Keep) {
    return rollBackOnError(db, async (tx): Promise<Result<Refund, RefundError>> => {
      await lockOrder(tx, order);
      const network = await ownNetwork(tx, order.orderId);
      const made = await claimInTx(tx, { order, method, target, invoice, network, now: clock.now() }, deps);
      if (!made.ok) return made;
      if (made.value.isNew) await onChanged(tx, order);
      const answer = await claimed(tx, made.value.payout);
      await keep(tx, answer.value);
      return answer;
    });
  }

  /** Into a balance of ours: owed by one order, credited to another, or to itself, in one posting. */
  function credit(order: Order, target: string, keep: Keep): Promise<Result<Refund, RefundError>> {
    return rollBackOnError(db, async (tx): Promise<Result<Refund, RefundError>> => {
      let takesCredit = false;
      // Two that credit each other lock in the same order: that of their ids.
      const locks = [
        { id: order.orderId, lock: () => lockOrder(tx, order) },
        { id: target, lock: async () => (takesCredit = await deps.lockBalance(tx, target)) },
      ];
      for (const { lock } of locks.sort((a, b) => (a.id < b.id ? -1 : 1))) await lock();
      // Play money stays play money, whichever way it takes.
      takesCredit &&= (await ownNetwork(tx, target)) === (await ownNetwork(tx, order.orderId));
      const made = await creditInTx(tx, order, target, takesCredit, clock.now());
      if (!made.ok) return made;
      if (made.value.isNew) await onChanged(tx, order);
      const answer = await claimed(tx, made.value.payout);
      await keep(tx, answer.value);
      return answer;
    });
  }

  /** The answer to a claim that was made before; null when it was not. */
  function sameAgain(order: Order, target: string, keep: Keep): Promise<Result<Refund, RefundError> | null> {
    return db.inTx(async (tx) => {
      const same = await sameClaim(tx, order.orderId, target);
      if (!same) return null;
      const answer = await claimed(tx, same);
      await keep(tx, answer.value);
      return answer;
    });
  }

  async function ownNetwork(tx: Tx, orderId: string): Promise<string> {
    const own = decode((await ownPaymentRequest(tx, orderId)) ?? "");
    if (!own.ok) throw new Error("an order that is owed money has no readable invoice of ours");
    return own.value.network;
  }

  const claimed = async (tx: Tx, payout: Payout) =>
    ok({ kind: "payout" as const, payout, owedSats: await owedWithInFlight(tx, payout.orderId) });

  /** LUD-03: a code for what is owed just now. It locks nothing before a wallet calls back. */
  function offerCode(order: Order, origin: string, keep: Keep): Promise<Result<Refund, RefundError>> {
    return db.inTx(async (tx) => {
      const amountSats = await claimable(tx, order.orderId);
      if (!amountSats.ok) return amountSats;
      const k1 = randomHex(32);
      const expiresAt = new Date(clock.now().getTime() + deps.withdrawCodeSeconds * 1000);
      await replaceCode(tx, order, hashOf(k1), amountSats.value, expiresAt);
      const lnurl = encodeLnurl(`${origin}${WITHDRAW_PATH}?k1=${k1}`);
      const offer = { kind: "withdrawCode" as const, lnurl, amountSats: amountSats.value, expiresAt };
      await keep(tx, offer);
      return ok(offer);
    });
  }

  /** LUD-03, first step: what the code is good for. Null when it is unknown, used, replaced or expired. */
  async function describeWithdraw(k1: string): Promise<{ amountMsat: number; description: string } | null> {
    const code = await readCode(db.prisma, hashOf(k1));
    if (!code || code.usedAt || code.expiresAt <= clock.now()) return null;
    return { amountMsat: wireSats(code.amountSats) * 1000, description: "Change from Timmy's Workshop" };
  }

  /** LUD-03, callback: decides the payout; paying happens after the answer. The same invoice again is fine again. */
  async function withdraw(
    k1: string,
    paymentRequest: string,
  ): Promise<Result<Refund, RefundError | WithdrawCodeInvalid>> {
    const k1Hash = hashOf(k1);
    const code = await readCode(db.prisma, k1Hash);
    if (!code || code.expiresAt <= clock.now()) return err({ code: "withdrawCodeInvalid" });
    const invoice = readTarget(paymentRequest);
    if (!invoice.ok) return invoice;
    if (code.usedAt) {
      const same = await sameAgain(code.order, invoice.value.paymentRequest, keepNothing);
      return same ?? err({ code: "withdrawCodeInvalid" });
    }
    return claimWithCode(code, invoice.value);
  }

  function claimWithCode(
    { order, k1Hash, amountSats }: WithdrawCode,
    invoice: DecodedInvoice,
  ): Promise<Result<Refund, RefundError | WithdrawCodeInvalid>> {
    const target = invoice.paymentRequest;
    return rollBackOnError(db, async (tx): Promise<Result<Refund, RefundError | WithdrawCodeInvalid>> => {
      await lockOrder(tx, order);
      const network = await ownNetwork(tx, order.orderId);
      const now = clock.now();
      const made = await claimInTx(tx, { order, method: "lnurl", target, invoice, network, amountSats, now }, deps);
      if (!made.ok) return made;
      if (made.value.isNew) {
        // Used, or replaced by a newer code, since it was read.
        if (!(await markUsed(tx, k1Hash, now))) return err({ code: "withdrawCodeInvalid" });
        await onChanged(tx, order);
      }
      return claimed(tx, made.value.payout);
    });
  }

  return {
    refund,
    describeWithdraw,
    withdraw,
    run: sending.run,
    /** For an operator, where one is stuck. */
    settleByHand: payoutByHand({ ...deps, lockOrder, onChanged }),
    /** Payouts whose outcome is not known. */
    inFlight: (limit: number) => payoutsInFlight(db, limit),
    /** Those of them that the wallet may have heard of. */
    tried: (limit: number) => triedPayouts(db, limit),
  };
}
export type PayoutService = ReturnType<typeof payoutService>;

const hashOf = (k1: string) => createHash("sha256").update(k1).digest("hex");

/** A refused claim leaves nothing behind, whatever the transaction had written before it was refused. */
async function rollBackOnError<T, E>(db: Database, work: (tx: Tx) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  class Refused extends Error {
    constructor(readonly result: Result<T, E>) {
      super("refused");
    }
  }
  try {
    return await db.inTx(async (tx) => {
      const result = await work(tx);
      if (!result.ok) throw new Refused(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return error.result;
    throw error;
  }
}
