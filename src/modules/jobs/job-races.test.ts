import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sats, toMsat } from "~/core/money";
import { freeTierFaults, regular } from "~/testing/free-tier";
import { type Call, makeCalls, type OtherProcess, type Outcome, otherProcess } from "~/testing/other-process";
import { outsideInvoice } from "~/testing/outside-node";
import { unwrap } from "~/testing/unwrap";
import { k1Of } from "~/testing/withdraw-code";
import { type Workshop, workshop } from "~/testing/workshop";
import type { CreatedJob } from "./job-schema";

// Every race here is run from two processes on one database: this one and another.
let shop: Workshop;
let other: OtherProcess;
beforeAll(async () => {
  shop = await workshop();
  await shop.services.books.openIfNew();
  other = await otherProcess(shop.db.url);
});
afterAll(async () => {
  await other?.stop();
  await shop?.close();
});

const FEE = 10;
const ROUNDS = Array.from({ length: 4 }, (_, n) => n);

/** All of it at once, half here and half there. Nothing may throw: a race that is lost is an answer. */
async function race(here: Call[], there: Call[]): Promise<unknown[]> {
  const outcomes = (await Promise.all([makeCalls(shop.services, shop.work, here), other.call(...there)])).flat();
  return outcomes.map((outcome: Outcome) => {
    if ("threw" in outcome) throw new Error(outcome.threw);
    return outcome.returned;
  });
}
const both = (...calls: Call[]) => race(calls, calls);
const succeeded = (answers: unknown[]) => answers.filter((answer) => (answer as { ok?: boolean }).ok === true);
const codesOf = (answers: unknown[]) =>
  answers.map((answer) => (answer as { error?: { code: string } }).error?.code ?? "ok").sort();

const order = async (): Promise<CreatedJob> =>
  unwrap(await shop.services.jobs.create({ request: "a haiku", clientKey: "me", pubkey: null }));
const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));
const jobRow = (jobId: string) => shop.db.prisma.job.findUnique({ where: { id: jobId } });
const statesSeen = (jobId: string) => shop.db.prisma.jobEvent.count({ where: { jobId, type: "state" } });
const payoutsOf = (jobId: string) => shop.db.prisma.payout.findMany({ where: { orderId: jobId } });
const accountsOf = async (owner: string) => {
  const rows = await shop.db.prisma.ledgerAccount.findMany({ where: { owner } });
  return { escrow: 0n, owed: 0n, in_flight: 0n, ...Object.fromEntries(rows.map((row) => [row.kind, row.balanceMsat])) };
};
/** How often each business event of a job is in the books. */
const postedTimes = async (keys: string[]) =>
  Promise.all(keys.map((eventKey) => shop.db.prisma.ledgerTransfer.count({ where: { eventKey, line: 1 } })));
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
const target = (amountSats = FEE) => outsideInvoice({ amountMsat: toMsat(sats(amountSats)) }).paymentRequest;

async function owedJob(): Promise<CreatedJob> {
  const job = await order();
  unwrap(await shop.services.jobs.cancel(job.jobId, job.refundToken));
  await shop.payOutside(job.evalInvoice.paymentHash);
  unwrap(await shop.services.invoices.lookUp(job.evalInvoice.paymentHash));
  return job;
}

describe("one payment", () => {
  test.each(ROUNDS)(
    "noticed by five polls, three webhooks and two workers is one evaluation and one work (round %s)",
    async () => {
      const { jobId, evalInvoice } = await order();
      const poll = { path: "jobs.view", args: [jobId] };
      const hint = (hash: string) => ({ path: "invoices.lookUp", args: [hash] });
      const rush = (hash: string) =>
        race(
          [{ ...poll, times: 3 }, { ...hint(hash), times: 1 }, { path: "work" }],
          [{ ...poll, times: 2 }, { ...hint(hash), times: 2 }, { path: "work" }],
        );

      await shop.payOutside(evalInvoice.paymentHash);
      await rush(evalInvoice.paymentHash);
      await both({ path: "work" });
      const quoted = await view(jobId);
      expect(quoted.state).toBe("awaiting_work_payment");
      expect((await jobRow(jobId))?.attempt).toBe(1);
      expect(await statesSeen(jobId)).toBe(3);

      const workHash = quoted.workInvoice?.paymentHash ?? "";
      await shop.payOutside(workHash);
      await rush(workHash);
      await both({ path: "work" });
      expect(await view(jobId)).toMatchObject({ state: "complete", costLedger: { refundState: "pending" } });
      expect((await jobRow(jobId))?.attempt).toBe(2);
      expect(await statesSeen(jobId)).toBe(5);
      const events = [
        `settled:${evalInvoice.paymentHash}`,
        `settled:${workHash}`,
        `job:${jobId}:judged`,
        `job:${jobId}:work-done`,
      ];
      expect(await postedTimes(events)).toEqual([1, 1, 1, 1]);
      expect(await accountsOf(jobId)).toMatchObject({ escrow: 0n, in_flight: 0n });
      await theBooksBalance();
    },
  );

  test("judged and worked by eight attempts at once has one judgement, one result and one price", async () => {
    const { jobId, evalInvoice } = await order();
    await shop.payOutside(evalInvoice.paymentHash);
    await both({ path: "invoices.lookUp", args: [evalInvoice.paymentHash] });
    const attempts = (task: string) => both({ path: `tasks.${task}`, args: [{ jobId }], times: 4 });
    await attempts("evaluate");
    const quoted = await view(jobId);
    expect(quoted.state).toBe("awaiting_work_payment");
    expect(await shop.db.prisma.invoice.count({ where: { orderId: jobId } })).toBe(2);
    await shop.payOutside(quoted.workInvoice?.paymentHash ?? "");
    await both({ path: "invoices.lookUp", args: [quoted.workInvoice?.paymentHash] });
    await attempts("work");
    expect((await view(jobId)).state).toBe("complete");
    expect(await postedTimes([`job:${jobId}:judged`, `job:${jobId}:work-done`])).toEqual([1, 1]);
    expect(await statesSeen(jobId)).toBe(5);
    await theBooksBalance();
  });

  const MANY = Array.from({ length: 12 }, (_, n) => n);
  const paidOutside = () =>
    Promise.all(
      MANY.map(async () => {
        const job = await order();
        await shop.payOutside(job.evalInvoice.paymentHash);
        return { ...job, hash: job.evalInvoice.paymentHash };
      }),
    );
  /** Either it moved the job, and is held for it, or it came too late, and is owed. */
  const eitherWay = async (jobId: string, hash: string, end: string) => {
    const { state } = (await jobRow(jobId)) ?? {};
    const { escrow, owed } = await accountsOf(jobId);
    expect([state, escrow, owed]).toEqual(state === end ? [end, 0n, 10_000n] : ["evaluating", 10_000n, 0n]);
    expect(await postedTimes([`settled:${hash}`])).toEqual([1]);
    expect(await statesSeen(jobId)).toBe(state === end ? 3 : 2);
    return state;
  };

  test.each(ROUNDS)(
    "that meets a cancellation is worked for or owed, never both, never neither (round %s)",
    async () => {
      const jobs = await paidOutside();
      const cancels = jobs.map(({ jobId, refundToken }) => ({ path: "jobs.cancel", args: [jobId, refundToken] }));
      const hints = jobs.map(({ hash }) => ({ path: "invoices.lookUp", args: [hash] }));
      await race([...hints, ...cancels], [...cancels, ...hints]);
      for (const { jobId, hash } of jobs) await eitherWay(jobId, hash, "cancelled");
      await theBooksBalance();
    },
  );

  test.each(ROUNDS)("that meets the invoice's expiry is worked for or owed (round %s)", async () => {
    const jobs = await paidOutside();
    const settles = jobs.map(({ hash }) => ({ path: "invoices.settle", args: [hash, 10_000n] }));
    const expires = jobs.map(({ hash }) => ({ path: "invoices.expire", args: [hash] }));
    await race([...settles, ...expires], [...expires, ...settles]);
    for (const { jobId, hash } of jobs) {
      await eitherWay(jobId, hash, "expired");
      expect(await shop.services.invoices.find(hash)).toMatchObject({ state: "settled", creditedMsat: 10_000n });
    }
    await theBooksBalance();
  });
});

describe("what is owed once", () => {
  const claim = ({ jobId, refundToken }: CreatedJob, paymentRequest: string): Call => ({
    path: "jobs.refund",
    args: [jobId, refundToken, { invoice: paymentRequest }],
  });
  const code = async ({ jobId, refundToken }: CreatedJob): Promise<string> => {
    const made = unwrap(
      await shop.services.payouts.refund(
        { orderKind: "job", orderId: jobId },
        { lnurl: true, origin: "https://t.example" },
      ),
    );
    expect(refundToken).toBeTruthy();
    if (made.kind !== "withdrawCode") throw new Error("no code");
    return k1Of(made.lnurl);
  };
  const callBack = (k1: string, paymentRequest: string): Call => ({
    path: "payouts.withdraw",
    args: [k1, paymentRequest],
  });
  const onePayout = async (job: CreatedJob) => {
    expect(await payoutsOf(job.jobId)).toHaveLength(1);
    expect(await accountsOf(job.jobId)).toMatchObject({ owed: 0n, in_flight: 10_000n });
    await theBooksBalance();
  };
  const fresh = (count: number) => Array.from({ length: count }, () => target());

  test("claimed by 20 with an invoice each is one payout", async () => {
    const job = await owedJob();
    const answers = await race(
      fresh(10).map((invoice) => claim(job, invoice)),
      fresh(10).map((invoice) => claim(job, invoice)),
    );
    expect(codesOf(answers)).toEqual(["ok", ...Array.from({ length: 19 }, () => "payoutInFlight")]);
    await onePayout(job);
  });

  test("claimed by 20 with the same invoice is one payout, and the same answer for all", async () => {
    const job = await owedJob();
    const same = { ...claim(job, target()), times: 10 };
    const answers = await both(same);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(succeeded(answers)).toHaveLength(20);
    await onePayout(job);
  });

  test.each(ROUNDS)(
    "is not paid to an invoice that another order's claim names at the same time (round %s)",
    async () => {
      const [one, two] = [await owedJob(), await owedJob()];
      const invoice = target();
      const answers = await race([claim(one, invoice)], [claim(two, invoice)]);
      expect(codesOf(answers)).toEqual(["ok", "refundTargetReused"]);
      const payouts = [...(await payoutsOf(one.jobId)), ...(await payoutsOf(two.jobId))];
      expect(payouts).toHaveLength(1);
      await theBooksBalance();
    },
  );

  test("a withdraw code called back by ten wallets of their own pays one", async () => {
    const job = await owedJob();
    const k1 = await code(job);
    const calls = () => fresh(5).map((invoice) => callBack(k1, invoice));
    expect(succeeded(await race(calls(), calls()))).toHaveLength(1);
    await onePayout(job);
  });

  test("a withdraw code called back twice by one wallet is fine twice and pays once", async () => {
    const job = await owedJob();
    const k1 = await code(job);
    expect(succeeded(await both({ ...callBack(k1, target()), times: 1 }))).toHaveLength(2);
    await onePayout(job);
  });

  test.each(ROUNDS)("by code and by invoice at the same time is one payout (round %s)", async () => {
    const job = await owedJob();
    const k1 = await code(job);
    const answers = await race([callBack(k1, target())], [claim(job, target())]);
    expect(succeeded(answers)).toHaveLength(1);
    await onePayout(job);
  });

  test.each(ROUNDS)("claimed while more comes in late: every sat is in flight or still owed (round %s)", async () => {
    const job = await owedJob();
    const amountSats = sats(FEE);
    const issued = unwrap(await shop.services.invoices.issue({ amountSats, memo: "m", expirySeconds: 600 }));
    await shop.db.inTx((tx) =>
      shop.services.invoices.record(tx, issued, amountSats, { orderKind: "job", orderId: job.jobId, purpose: "other" }),
    );
    await shop.payOutside(issued.paymentHash);
    const late = { path: "invoices.lookUp", args: [issued.paymentHash], times: 2 };
    await race([late, claim(job, target())], [late, claim(job, target(2 * FEE))]);
    const { owed, in_flight: inFlight } = await accountsOf(job.jobId);
    expect(owed + inFlight).toBe(20_000n);
    expect((await payoutsOf(job.jobId)).length).toBeLessThanOrEqual(1);
    await theBooksBalance();
  });

  test("sent by eight workers at once is paid once and booked once", async () => {
    const job = await owedJob();
    unwrap(await shop.services.jobs.refund(job.jobId, job.refundToken, { invoice: target() }));
    const [payout] = await payoutsOf(job.jobId);
    await both({ path: "payouts.run", args: [payout?.id], times: 4 });
    await shop.work();
    expect(await payoutsOf(job.jobId)).toMatchObject([{ state: "paid", sends: 1 }]);
    expect(await postedTimes([`payout:${payout?.id}:started`, `payout:${payout?.id}:paid`])).toEqual([1, 1]);
    expect(await accountsOf(job.jobId)).toEqual({ escrow: 0n, owed: 0n, in_flight: 0n });
    await theBooksBalance();
  });
});

describe("the pool and a budget of the day", () => {
  const MOST = 1_000n; // of the elite, a day
  const orders = Array.from({ length: 60 }, (_, n) => n);

  test("60 jobs of one identity judged at once, then paid for, worked on and settled at once: not one sat over", async () => {
    const { pool } = shop.services;
    await pool.seedIfNew();
    const seeded = await pool.balanceSats();
    const pubkey = await regular(shop, "ab".repeat(32), { score: 500, chargedSats: 100_000n });
    const jobs: CreatedJob[] = [];
    for (const _ of orders) {
      const job = unwrap(await shop.services.jobs.create({ request: "a haiku", clientKey: "me", pubkey }));
      await shop.payOutside(job.evalInvoice.paymentHash);
      unwrap(await shop.services.invoices.lookUp(job.evalInvoice.paymentHash));
      jobs.push(job);
    }
    const rush = (task: string) => {
      const calls = jobs.map(({ jobId }) => ({ path: `tasks.${task}`, args: [{ jobId }] }));
      return race(calls, calls.toReversed());
    };
    const usedToday = () => pool.usedToday(shop.db.prisma, pubkey);

    await rush("evaluate");
    const views = await Promise.all(jobs.map(({ jobId }) => view(jobId)));
    const free = views.filter(({ state }) => state === "executing");
    const unpaid = views.filter(({ state }) => state === "awaiting_work_payment");
    const [quoteSats = 0] = unpaid.map(({ pricingBreakdown }) => pricingBreakdown?.quoteSats ?? 0);
    expect(free.length + unpaid.length).toBe(jobs.length);
    expect(free.length).toBe(Math.floor(Number(MOST) / quoteSats));
    const pledged = unpaid
      .map(({ pricingBreakdown }) => pricingBreakdown?.absorbedSats ?? 0)
      .filter((part) => part > 0);
    expect(pledged).toEqual([Number(MOST) % quoteSats]);
    expect(await usedToday()).toBe(MOST);
    expect(await pool.balanceSats()).toBe(seeded - BigInt(free.length * quoteSats));

    await Promise.all(unpaid.map(({ workInvoice }) => shop.payOutside(workInvoice?.paymentHash ?? "")));
    const hints = unpaid.map(({ workInvoice }) => ({ path: "invoices.lookUp", args: [workInvoice?.paymentHash] }));
    await race(hints, hints.toReversed());
    expect(await usedToday()).toBe(MOST);
    expect(await pool.balanceSats()).toBe(seeded - MOST);

    await rush("work");
    const done = await Promise.all(jobs.map(({ jobId }) => view(jobId)));
    expect(done.filter(({ state }) => state === "complete")).toHaveLength(jobs.length);
    const absorbed = done.reduce((sum, { absorbed_sats: sats = 0 }) => sum + sats, 0);
    const shares = done.map(({ costLedger }) => Math.floor((costLedger?.actualAmountSats ?? 0) / 10));
    expect(await pool.balanceSats()).toBe(seeded - BigInt(absorbed) + BigInt(shares.reduce((a, b) => a + b, 0)));
    expect(await usedToday()).toBe(BigInt(absorbed));
    const paidFor = done.filter(({ costLedger }) => (costLedger?.actualAmountSats ?? 0) > 0);
    expect(await shop.db.prisma.identity.findUnique({ where: { pubkey } })).toMatchObject({
      score: 500 + paidFor.length,
      interactionCount: jobs.length,
      absorbedSats: BigInt(absorbed),
      chargedSats: 100_000n + BigInt(paidFor.reduce((sum, job) => sum + (job.costLedger?.actualAmountSats ?? 0), 0)),
    });
    expect(await freeTierFaults(shop)).toEqual([]);
    await theBooksBalance();
  });
});
