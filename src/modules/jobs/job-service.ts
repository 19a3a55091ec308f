import { isOrderId, newOrderId } from "~/core/ids";
import type { Sats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { InvoiceOwner, InvoiceService, Settlement } from "~/modules/invoices/invoice-service";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import { type Keep, keepNothing } from "~/modules/orders/kept-answer-service";
import type { OpenOrders, TooManyOpenOrders } from "~/modules/orders/open-order-service";
import { withPatience } from "~/modules/orders/poll-patience-service";
import type { RefundTokenError, RefundTokens } from "~/modules/orders/refund-token-service";
import type { PayoutOwner, PayoutService, RefundError, RefundWay } from "~/modules/payouts/payout-service";
import { refundAnswerOf } from "~/modules/payouts/refund-wire-service";
import type { WalletFailure } from "~/ports/lightning-wallet";
import { AWAITS, type IllegalMove, type InvoicePurpose, isEnd } from "./job";
import type { JobFeed } from "./job-feed";
import type { CreatedJob, JobRefund, JobView } from "./job-schema";
import { type StepDeps, step } from "./job-step";
import { appendEvent, eraseTexts, insertJob, lockJob } from "./job-store";
import { viewOf } from "./job-view";
import { type JobRecord, jobReader } from "./job-view-store";

export type JobNotFound = { code: "jobNotFound" };
export type CreateJobError = WalletFailure | TooManyOpenOrders;
type GuardError = JobNotFound | RefundTokenError;

export type JobServiceDeps = StepDeps & {
  db: Database;
  invoices: InvoiceService;
  payouts: PayoutService;
  feed: JobFeed;
  tokens: RefundTokens;
  openOrders: OpenOrders;
  settings: { evalFeeSats: Sats; invoiceExpirySeconds: number };
};

const WATCHED_LOOK_UP_MS = 10_000;

/** Jobs (spec §3) as a visitor has them: ordered, looked at, cancelled, refunded, watched. */
export function jobService(deps: JobServiceDeps) {
  const { db, invoices, payouts, feed, tokens, openOrders, settings, clock, trust } = deps;

  /** A new job and the invoice for judging it. Nothing is kept where the wallet gives none or the client has too many open. */
  async function create(
    input: { request: string; clientKey: string; pubkey: string | null },
    keep: Keep<CreatedJob> = keepNothing,
  ): Promise<Result<CreatedJob, CreateJobError>> {
    const room = await openOrders.room(db.prisma, input.clientKey);
    if (!room.ok) return room;

    const { pubkey } = input;
    const tier = pubkey === null ? ("anonymous" as const) : (await trust.visited(pubkey)).tier;
    const { evalFeeSats } = settings;
    const issued = await invoices.issue({
      amountSats: evalFeeSats,
      memo: "Timmy's Workshop: have a request judged",
      expirySeconds: settings.invoiceExpirySeconds,
    });
    if (!issued.ok) return issued;

    const id = newOrderId();
    const createdAt = clock.now();
    const created: CreatedJob = {
      jobId: id,
      state: "awaiting_eval_payment",
      createdAt: createdAt.toISOString(),
      refundToken: tokens.of(id),
      trust_tier: tier,
      evalInvoice: invoiceOnWire({ ...issued.value, amountSats: evalFeeSats }),
    };
    return db.inTx(async (tx) => {
      const stillRoom = await openOrders.lockedRoom(tx, input.clientKey);
      if (!stillRoom.ok) return stillRoom;
      await insertJob(tx, { ...input, id, evalFeeSats, createdAt });
      await invoices.record(tx, issued.value, evalFeeSats, { orderKind: "job", orderId: id, purpose: "eval" });
      await keep(tx, created);
      return ok(created);
    });
  }

  /** The job as it stands, after asking the wallet about the payment it waits for. */
  async function view(id: string): Promise<Result<JobView, JobNotFound>> {
    const job = await read(id);
    if (!job) return err({ code: "jobNotFound" });
    const noticed = await noticePayment(job);
    return ok(shown(noticed ? ((await read(id)) ?? job) : job));
  }

  const readJob = jobReader(db);
  const shown = (job: JobRecord) => viewOf(job, trust.tierNow);
  const read = async (id: string) => (isOrderId(id) ? readJob(id) : null);

  /** Asks the wallet about the invoice that the job waits for, unless another poll just did. True when it asked. */
  async function noticePayment(job: JobRecord): Promise<boolean> {
    const awaited = (Object.keys(AWAITS) as InvoicePurpose[]).find((purpose) => AWAITS[purpose] === job.state);
    const invoice = awaited && job[awaited];
    if (!invoice || invoice.state === "settled" || !invoices.isDue(invoice.lookedUpAt)) return false;
    return withPatience(invoices.lookUpShared(invoice.paymentHash));
  }

  /** Calls an unpaid job off; again, it stays so. */
  async function cancel(
    id: string,
    refundToken: string | undefined,
  ): Promise<Result<JobView, GuardError | IllegalMove>> {
    const guarded = await guard(id, refundToken);
    if (!guarded.ok) return guarded;
    const moved = await db.inTx(async (tx) => {
      const job = await lockJob(tx, id);
      if (!job) return err({ code: "jobNotFound" as const });
      return job.state === "cancelled" ? ok(job.state) : step(tx, job, "cancelled", {}, deps);
    });
    return moved.ok ? view(id) : moved;
  }

  /** Claims what is owed, for whoever has the refund token. */
  async function refund(
    id: string,
    refundToken: string | undefined,
    way: RefundWay,
    keep: Keep<JobRefund> = keepNothing,
  ): Promise<Result<JobRefund, GuardError | RefundError>> {
    const guarded = await guard(id, refundToken);
    if (!guarded.ok) return guarded;
    const trust_tier = trust.tierNow(guarded.value.score);
    const refunded = await payouts.refund({ orderKind: "job", orderId: id }, way, (tx, made) =>
      keep(tx, { ...refundAnswerOf(made), trust_tier }),
    );
    return refunded.ok ? ok({ ...refundAnswerOf(refunded.value), trust_tier }) : refunded;
  }

  /** Erases request and answer at once; the money rows stay. Only at an end: what is under way still needs them. */
  async function deleteText(
    id: string,
    refundToken: string | undefined,
  ): Promise<Result<JobView, GuardError | { code: "jobInProgress" }>> {
    const guarded = await guard(id, refundToken);
    if (!guarded.ok) return guarded;
    const erased = await db.inTx(async (tx) => {
      const job = await lockJob(tx, id);
      if (!job || !isEnd(job.state)) return err({ code: "jobInProgress" as const });
      await eraseTexts(tx, id);
      await appendEvent(tx, id);
      return ok(null);
    });
    return erased.ok ? view(id) : erased;
  }

  /** May this caller move the job's money? */
  async function guard(id: string, refundToken: string | undefined): Promise<Result<JobRecord, GuardError>> {
    const job = await read(id);
    if (!job) return err({ code: "jobNotFound" });
    const allowed = tokens.check(id, refundToken);
    return allowed.ok ? ok(job) : allowed;
  }

  /** How the job's invoices move it. */
  const owner: InvoiceOwner & PayoutOwner = {
    async onSettled(tx, { orderId, purpose }) {
      const job = await lockJob(tx, orderId);
      if (!job) throw new Error(`an invoice belongs to job ${orderId}, which does not exist`);
      const inTime = AWAITS[purpose as InvoicePurpose] === job.state;
      return {
        account: inTime ? "escrow" : "owed",
        async onBooked() {
          const moved = await step(tx, job, inTime ? eventOf(purpose) : "paidLate", {}, deps);
          if (!moved.ok) throw new Error(`a payment for ${purpose} reached a job in ${job.state}`);
        },
      };
    },
    async onExpired(tx, { orderId, purpose }) {
      const job = await lockJob(tx, orderId);
      if (job && AWAITS[purpose as InvoicePurpose] === job.state) await step(tx, job, "invoiceExpired", {}, deps);
    },
    lockOrder: async (tx, orderId) => void (await lockJob(tx, orderId)),
    onPayoutChanged: (tx, orderId) => appendEvent(tx, orderId),
  };

  /** Every event after `afterSeq`, until the signal; nothing for an unknown job. */
  async function* watch(id: string, afterSeq: number | null, signal: AbortSignal) {
    const known = await read(id);
    if (!known) return;
    // A watcher does not poll, so the wallet is asked on their behalf in case its announcements fail.
    const lookAgain = setInterval(() => void view(id).catch(() => undefined), WATCHED_LOOK_UP_MS);
    try {
      yield* feed.watch(id, afterSeq, signal, shown);
    } finally {
      clearInterval(lookAgain);
    }
  }

  return { create, view, cancel, refund, deleteText, watch, owner };
}
export type JobService = ReturnType<typeof jobService>;

const eventOf = (purpose: Settlement["purpose"]) => (purpose === "eval" ? "evalPaid" : "workPaid");
