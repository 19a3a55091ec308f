import { newOrderId } from "~/core/ids";
import { creditSats, msat, sats, wireSats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { BooksService } from "~/modules/books/books-service";
import { type BalanceSheet, balanceSheet } from "~/modules/ledger/ledger-service";
import { type Keep, keepNothing } from "~/modules/orders/kept-answer-service";
import type { PayoutService, SettleByHandError } from "~/modules/payouts/payout-service";
import type { PoolService } from "~/modules/pool/pool-service";
import type { Clock } from "~/ports/clock";
import type { LightningWallet } from "~/ports/lightning-wallet";
import type { PriceOracle } from "~/ports/price-oracle";
import type { LookBehindWallet } from "~/ports/wallet-backend";
import { ALIVE_MS, isStuck, problemsOf, shownError } from "./operator";
import type { NodeStatus, RetriedTask, SettledPayout, ToppedUpPool } from "./operator-schema";
import {
  failingTasks,
  keepAct,
  lastSettlementAt,
  newestActs,
  processes,
  retryNow,
  sightings,
  walletCalls,
} from "./operator-store";

export type OperatorSettings = {
  payoutsOff: boolean;
  payoutMaxSatsPerHour: number;
  walletCallsPerMinute: number;
  publicUrlSet: boolean;
  agentKind: "anthropic" | "canned";
  warnings: readonly string[];
};

type Deps = {
  db: Database;
  wallet: LightningWallet;
  behindWallet: LookBehindWallet;
  clock: Clock;
  oracle: PriceOracle;
  books: Pick<BooksService, "newestReading" | "areProvenWrong">;
  payouts: Pick<PayoutService, "inFlight" | "settleByHand">;
  pool: Pick<PoolService, "topUp">;
  queue: () => Promise<{ ready: number; running: number; later: number; oldestReadySeconds: number }>;
  modelCalls: () => Promise<{ purpose: string; outcome: string; count: number }[]>;
  settings: OperatorSettings;
};

export type TaskNotWaiting = { code: "taskNotWaiting" };

const MOST = { payouts: 50, tasks: 50, processes: 50, acts: 20 };

/** The operator's room: what there is to see, and what there is to do by hand. */
export function operatorService(deps: Deps) {
  const { db, wallet, clock, books, payouts, pool, settings } = deps;

  async function status(): Promise<NodeStatus> {
    const now = clock.now();
    const [balance, behind, calls, sheet, reading, provenWrong, seen, settledAt, queue, failing] = await Promise.all([
      wallet.balance(),
      deps.behindWallet(),
      walletCalls(db, now),
      balanceSheet(db.inTx),
      books.newestReading(),
      books.areProvenWrong(),
      sightings(db),
      lastSettlementAt(db),
      deps.queue(),
      failingTasks(db, MOST.tasks),
    ]);
    const [living, price, modelCalls, inFlight, acts] = await Promise.all([
      processes(db, MOST.processes),
      deps.oracle.btcUsd(),
      deps.modelCalls(),
      payouts.inFlight(MOST.payouts),
      newestActs(db, MOST.acts),
    ]);

    const [webhook, answered, failed] = ["webhook", "model answer", "model error"].map((name) => seen.get(name));
    const held = (kind: string) => heldSats(sheet, kind);
    const shown: Omit<NodeStatus, "ok" | "problems"> = {
      checkedAt: now.toISOString(),
      wallet: {
        kind: wallet.kind,
        reachable: balance.ok || balance.error.code !== "walletDown",
        keyValid: balance.ok ? true : balance.error.code === "walletRefused" ? false : null,
        detail: balance.ok ? null : balance.error.detail,
        balanceSats: balance.ok ? wireSats(creditSats(balance.value)) : null,
        floatSats: balance.ok ? floorSats(balance.value - sheet.liabilitiesMsat) : null,
        callsThisMinute: calls,
        callsPerMinute: settings.walletCallsPerMinute,
      },
      node: {
        visible: behind.node !== null,
        synced: behind.node?.synced ?? null,
        blockHeight: behind.node?.blockHeight ?? null,
        activeChannels: behind.node?.activeChannels ?? null,
        peers: behind.node?.peers ?? null,
      },
      webhook: { publicUrlSet: settings.publicUrlSet, lastSeenAt: isoOrNull(webhook?.seenAt) },
      lastSettlementAt: isoOrNull(settledAt),
      queue: {
        ...queue,
        failing: failing.map(({ lastError, nextTryAt, ...task }) => ({
          ...task,
          lastError: shownError(lastError),
          nextTryAt: nextTryAt.toISOString(),
        })),
      },
      processes: living.map(({ id, side, startedAt, seenAt, hearsWallet, ageMs }) => ({
        id: id.slice(0, 8),
        side,
        startedAt: startedAt.toISOString(),
        lastSeenAt: seenAt.toISOString(),
        alive: ageMs < ALIVE_MS,
        hearsWallet,
      })),
      price: {
        usd: price.usd,
        source: price.source,
        ageSeconds:
          price.source === "fallback" ? null : Math.max(0, Math.round((now.getTime() - price.asOf.getTime()) / 1000)),
      },
      models: {
        kind: settings.agentKind,
        lastAnswerAt: isoOrNull(answered?.seenAt),
        lastErrorAt: isoOrNull(failed?.seenAt),
        lastError: failed?.detail ?? null,
        calls: modelCalls,
      },
      books: {
        ok: reading?.ok ?? null,
        provenWrong,
        readAt: isoOrNull(reading?.takenAt),
        offMsat: reading ? Number(reading.offMsat) : null,
        terms: reading?.terms ?? null,
        accounts: sheet.lines.map((line) => ({
          kind: line.kind,
          class: line.class,
          balanceMsat: Number(line.balanceMsat),
        })),
      },
      money: {
        owedSats: held("owed"),
        inFlightSats: held("in_flight"),
        escrowSats: held("escrow"),
        prepaidSats: held("prepaid") + held("held"),
        poolSats: held("pool"),
      },
      payouts: {
        switchedOff: settings.payoutsOff,
        maxSatsPerHour: settings.payoutMaxSatsPerHour,
        inFlight: inFlight.map((payout) => ({
          payoutId: payout.id,
          orderKind: payout.orderKind,
          order: payout.orderId.slice(0, 8),
          method: payout.method,
          amountSats: wireSats(payout.amountSats),
          state: payout.state === "sending" ? "sending" : "queued",
          createdAt: payout.createdAt.toISOString(),
          sentAt: isoOrNull(payout.sentAt),
          expiresAt: payout.expiresAt.toISOString(),
          note: payout.note,
          stuck: isStuck(payout, now),
        })),
      },
      settings: { warnings: [...settings.warnings] },
      acts: acts.map(({ kind, subject, sats: amount, reason, doneAt }) => ({
        kind,
        subject,
        sats: amount === null ? null : Number(amount),
        reason,
        doneAt: doneAt.toISOString(),
      })),
    };
    const problems = problemsOf({
      now: now.getTime(),
      wallet: { ...shown.wallet, mayPay: behind.mayPay },
      node: shown.node,
      webhook: { publicUrlSet: settings.publicUrlSet, lastSeenAt: msOrNull(webhook?.seenAt) },
      lastSettlementAt: msOrNull(settledAt),
      queue: shown.queue,
      processes: shown.processes,
      price: shown.price,
      models: {
        lastAnswerAt: msOrNull(answered?.seenAt),
        lastErrorAt: msOrNull(failed?.seenAt),
        lastError: shown.models.lastError,
      },
      books: { ok: shown.books.ok, provenWrong, readAt: msOrNull(reading?.takenAt) },
      claimableSats: shown.money.owedSats + shown.money.inFlightSats,
      payouts: shown.payouts,
      warnings: settings.warnings,
    });
    return { ok: problems.length === 0, problems, ...shown };
  }

  /** Settles a stuck payout on the operator's word, as far as the wallet does not contradict it. */
  async function settlePayout(
    given: {
      payoutId: string;
      outcome: "paid" | "failed";
      preimage?: string | undefined;
      feeSats?: number | undefined;
      reason: string;
    },
    keep: Keep<SettledPayout> = keepNothing,
  ): Promise<Result<SettledPayout, SettleByHandError>> {
    const { payoutId, outcome, preimage, reason } = given;
    let answer: SettledPayout | null = null;
    const done = await payouts.settleByHand(
      { payoutId, word: outcome, preimage: preimage?.toLowerCase(), feeSats: sats(given.feeSats ?? 0), reason },
      async (tx, { payout, settled }) => {
        const amountSats = wireSats(payout.amountSats);
        const paidBy = settled === "paidByWallet" ? "wallet" : settled === "paidByOperator" ? "operator" : null;
        answer = { payoutId: payout.id, state: paidBy === null ? "failed" : "paid", paidBy, amountSats };
        const kind = paidBy === null ? "payout_failed" : "payout_paid";
        await keepAct(tx, { kind, subject: payout.id.slice(0, 8), sats: payout.amountSats, reason });
        await keep(tx, answer);
      },
    );
    if (!done.ok) return done;
    if (!answer) throw new Error("a payout was settled without telling of it");
    return ok(answer);
  }

  /** Appropriates more to the generosity pool. */
  function topUpPool(
    { amountSats, reason }: { amountSats: number; reason: string },
    keep: Keep<ToppedUpPool> = keepNothing,
  ): Promise<ToppedUpPool> {
    const id = newOrderId();
    return db.inTx(async (tx) => {
      const poolSats = wireSats(await pool.topUp(tx, id, sats(amountSats), reason));
      const answer = { amountSats, poolSats };
      await keepAct(tx, { kind: "pool_topup", subject: id.slice(0, 8), sats: BigInt(amountSats), reason });
      await keep(tx, answer);
      return answer;
    });
  }

  /** Retries a failed task now. */
  function retryTask(
    { taskId, reason }: { taskId: string; reason: string },
    keep: Keep<RetriedTask> = keepNothing,
  ): Promise<Result<RetriedTask, TaskNotWaiting>> {
    return db.inTx(async (tx) => {
      const task = await retryNow(tx, taskId);
      if (task === null) return err({ code: "taskNotWaiting" });
      const answer = { taskId, task };
      await keepAct(tx, { kind: "task_retry", subject: `${task} ${taskId}`, sats: null, reason });
      await keep(tx, answer);
      return ok(answer);
    });
  }

  return { status, settlePayout, topUpPool, retryTask };
}
export type OperatorService = ReturnType<typeof operatorService>;

const heldSats = ({ lines }: BalanceSheet, kind: string): number =>
  floorSats(lines.find((line) => line.kind === kind)?.balanceMsat ?? 0n);

/** Also of what is below zero: a float can be. */
const floorSats = (amountMsat: bigint): number =>
  Number(amountMsat >= 0n ? creditSats(msat(amountMsat)) : -((-amountMsat + 999n) / 1000n));

const isoOrNull = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
const msOrNull = (at: Date | null | undefined): number | null => at?.getTime() ?? null;
