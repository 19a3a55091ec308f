import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreatedJob } from "~/modules/jobs/job-schema";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

const SECOND = 1000;
let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

const invoices = () => shop.services.invoices;
const stateOf = async ({ jobId }: CreatedJob) =>
  (await shop.db.prisma.job.findUniqueOrThrow({ where: { id: jobId } })).state;
const invoiceOf = ({ evalInvoice }: CreatedJob) =>
  shop.db.prisma.invoice.findUniqueOrThrow({ where: { paymentHash: evalInvoice.paymentHash } });
const lookUp = ({ evalInvoice }: CreatedJob) => invoices().lookUp(evalInvoice.paymentHash);
const payOutside = ({ evalInvoice }: CreatedJob) => shop.payOutside(evalInvoice.paymentHash);
const EXPIRY = 600 * SECOND;
const asked = (call: string, hash?: string) =>
  shop.wallet.calls.filter((made) => made.call === call && (!hash || made.hash === hash)).length;

describe("a hint", () => {
  test("about an invoice of somebody else changes nothing and asks nobody", async () => {
    const before = shop.wallet.calls.length;
    expect(await invoices().lookUp("ab".repeat(32))).toEqual({ ok: true, value: "notOurs" });
    expect(shop.wallet.calls).toHaveLength(before);
  });

  test("that is early changes nothing, repeated changes nothing more", async () => {
    const job = await shop.order();
    expect(await lookUp(job)).toEqual({ ok: true, value: "open" });
    expect(await stateOf(job)).toBe("awaiting_eval_payment");
    await payOutside(job);
    for (const _ of ["first", "second", "third"]) expect(await lookUp(job)).toEqual({ ok: true, value: "settled" });
    expect(await stateOf(job)).toBe("evaluating");
    const posted = await shop.db.prisma.ledgerTransfer.count({
      where: { eventKey: `settled:${job.evalInvoice.paymentHash}` },
    });
    expect(posted).toBe(1);
  });

  test("while the wallet is down is an error, changes nothing, and the sweep finds the payment later", async () => {
    const job = await shop.order();
    await payOutside(job);
    shop.wallet.down();
    expect(await lookUp(job)).toMatchObject({ ok: false, error: { code: "walletDown" } });
    await invoices().sweep();
    expect(await stateOf(job)).toBe("awaiting_eval_payment");
    shop.wallet.up();
    shop.clock.advance(60 * SECOND);
    await invoices().sweep();
    expect(await stateOf(job)).toBe("evaluating");
  });
});

describe("an invoice that nobody pays", () => {
  test("is over when the wallet says so after the expiry, not before", async () => {
    const job = await shop.order();
    shop.wallet.sayExpiredOnce(job.evalInvoice.paymentHash);
    await lookUp(job);
    expect(await invoiceOf(job)).toMatchObject({ state: "open" });
    shop.clock.advance(EXPIRY);
    expect(await stateOf(job)).toBe("awaiting_eval_payment");
    await lookUp(job);
    expect(await invoiceOf(job)).toMatchObject({ state: "expired" });
    expect(await stateOf(job)).toBe("expired");
  });

  test("is over by the sweep alone, within a minute of its expiry", async () => {
    const job = await shop.order();
    shop.clock.advance(EXPIRY + 60 * SECOND);
    await invoices().sweep();
    expect(await stateOf(job)).toBe("expired");
  });

  test("is over too when the wallet has forgotten it by then; before, a wallet that knows nothing is not believed", async () => {
    const job = await shop.order();
    await shop.db.pool.query("DELETE FROM simulated_invoice WHERE payment_hash = $1", [job.evalInvoice.paymentHash]);
    expect(await lookUp(job)).toEqual({ ok: true, value: "unknown" });
    expect(await stateOf(job)).toBe("awaiting_eval_payment");
    shop.clock.advance(EXPIRY);
    await lookUp(job);
    expect(await stateOf(job)).toBe("expired");
  });

  test("is asked for again 1 minute, 1 hour, 24 hours and 7 days after its expiry, and then never", async () => {
    const job = await shop.order();
    shop.clock.advance(EXPIRY);
    await invoices().sweep();
    const expiry = (await invoiceOf(job)).expiresAt.getTime();
    const checks: number[] = [];
    for (;;) {
      const { nextCheckAt } = await invoiceOf(job);
      if (!nextCheckAt) break;
      checks.push((nextCheckAt.getTime() - expiry) / SECOND);
      shop.clock.advance(nextCheckAt.getTime() - shop.clock.now().getTime() + 1);
      await invoices().sweep();
    }
    expect(checks).toEqual([60, 3_600, 86_400, 604_800]);
  });

  test("and that the wallet, by another clock, calls open for a while longer is over within a minute of its word", async () => {
    const job = await shop.order();
    const { paymentHash } = job.evalInvoice;
    const longer = 300 * SECOND;
    await shop.db.pool.query(
      "UPDATE simulated_invoice SET expires_at = expires_at + interval '300 seconds' WHERE payment_hash = $1",
      [paymentHash],
    );
    const expiry = (await invoiceOf(job)).expiresAt.getTime();
    while ((await stateOf(job)) === "awaiting_eval_payment") {
      const { nextCheckAt } = await invoiceOf(job);
      const next = nextCheckAt?.getTime() ?? Number.POSITIVE_INFINITY;
      expect(next).toBeLessThanOrEqual(expiry + longer + 60 * SECOND);
      shop.clock.advance(next - shop.clock.now().getTime() + 1);
      await invoices().sweep();
    }
    expect(await stateOf(job)).toBe("expired");
  });

  test("and that the wallet calls open for ever is asked about ever more rarely, and never forgotten", async () => {
    const job = await shop.order();
    await shop.db.pool.query(
      "UPDATE simulated_invoice SET expires_at = expires_at + interval '10 years' WHERE payment_hash = $1",
      [job.evalInvoice.paymentHash],
    );
    for (const days of [1, 7, 60]) {
      shop.clock.advance(days * 86_400 * SECOND);
      await invoices().sweep();
      const { nextCheckAt, state } = await invoiceOf(job);
      expect(state).toBe("open");
      const pauseMs = (nextCheckAt?.getTime() ?? 0) - shop.clock.now().getTime();
      expect(pauseMs).toBeGreaterThan(days * 1_000 * SECOND);
      expect(pauseMs).toBeLessThan(days * 86_400 * SECOND);
    }
    await payOutside(job);
    await lookUp(job);
    expect(await stateOf(job)).toBe("evaluating");
  });

  test("and is paid all the same an hour later is owed", async () => {
    const job = await shop.order();
    shop.clock.advance(EXPIRY);
    shop.wallet.sayExpiredOnce(job.evalInvoice.paymentHash);
    await lookUp(job);
    await payOutside(job);
    shop.clock.advance(3_600 * SECOND);
    await invoices().sweep();
    expect(unwrap(await shop.services.jobs.view(job.jobId))).toMatchObject({ state: "expired", owedSats: 10 });
  });
});

describe("the sweep", () => {
  test("asks for many in one call, and singly for what the list did not cover", async () => {
    await sweepClean();
    const jobs = await Promise.all(Array.from({ length: 5 }, () => shop.order()));
    const [hidden] = jobs;
    const hiddenHash = hidden?.evalInvoice.paymentHash ?? "";
    for (const job of jobs) await payOutside(job);
    const list = shop.wallet.lookUpInvoices;
    shop.wallet.lookUpInvoices = async (asked) => list(asked.filter(({ paymentHash }) => paymentHash !== hiddenHash));
    const before = { list: asked("lookUpInvoices"), single: asked("lookUpInvoice") };
    shop.clock.advance(6 * SECOND);
    await invoices().sweep();
    shop.wallet.lookUpInvoices = list;
    for (const job of jobs) expect(await stateOf(job)).toBe("evaluating");
    expect(asked("lookUpInvoices") - before.list).toBe(1);
    expect(asked("lookUpInvoice") - before.single).toBe(1);
  });

  test("of two processes at once asks for each invoice once", async () => {
    await sweepClean();
    const jobs = await Promise.all(Array.from({ length: 6 }, () => shop.order()));
    shop.clock.advance(6 * SECOND);
    const before = new Map<string, number>();
    const list = shop.wallet.lookUpInvoices;
    shop.wallet.lookUpInvoices = async (asked) => {
      for (const { paymentHash } of asked) before.set(paymentHash, (before.get(paymentHash) ?? 0) + 1);
      return list(asked);
    };
    await Promise.all([invoices().sweep(), invoices().sweep(), invoices().sweep()]);
    shop.wallet.lookUpInvoices = list;
    for (const { evalInvoice } of jobs) expect(before.get(evalInvoice.paymentHash)).toBe(1);
  });

  test("goes on with the others when one order cannot be moved", async () => {
    await sweepClean();
    const jobs = await Promise.all(Array.from({ length: 6 }, () => shop.order()));
    for (const job of jobs) await payOutside(job);
    const broken = await shop.db.prisma.invoice.updateMany({
      where: { orderId: { in: jobs.slice(0, 2).map(({ jobId }) => jobId) } },
      data: { orderKind: "a kind nobody knows" },
    });
    expect(broken.count).toBe(2);
    shop.clock.advance(6 * SECOND);
    await expect(invoices().sweep()).rejects.toThrow();
    for (const job of jobs.slice(2)) expect(await stateOf(job)).toBe("evaluating");
    await shop.db.prisma.invoice.updateMany({
      where: { orderKind: "a kind nobody knows" },
      data: { orderKind: "job" },
    });
  });

  test("says when the next one will be due", async () => {
    await sweepClean();
    const job = await shop.order();
    const due = await invoices().sweep();
    expect(due?.getTime()).toBeLessThanOrEqual((await invoiceOf(job)).nextCheckAt?.getTime() ?? 0);
  });

  test("asks on when a clock that was ahead is put back; what waits for its time, or is asked rarely, goes on waiting", async () => {
    const late = await shop.order();
    await shop.db.pool.query(
      "UPDATE simulated_invoice SET expires_at = expires_at + interval '10 years' WHERE payment_hash = $1",
      [late.evalInvoice.paymentHash],
    );
    shop.clock.advance(10 * EXPIRY);
    await sweepClean();
    const rescue = () => shop.services.tasks["rescue-invoices"]();
    const rarely = (await invoiceOf(late)).nextCheckAt;
    await rescue();
    expect((await invoiceOf(late)).nextCheckAt).toEqual(rarely);

    shop.clock.advance(3_600 * SECOND);
    const job = await shop.order();
    await sweepClean();
    shop.clock.advance(-3_600 * SECOND);
    const waits = await shop.order();
    const inTime = (await invoiceOf(waits)).nextCheckAt;
    await payOutside(job);
    await rescue();
    expect((await invoiceOf(waits)).nextCheckAt).toEqual(inTime);
    await invoices().sweep();
    expect(await stateOf(job)).toBe("evaluating");
  });

  const sweepClean = () => invoices().sweep();
});

describe("polls of one job", () => {
  const view = ({ jobId }: CreatedJob) => shop.services.jobs.view(jobId);

  test("share a look-up for two seconds, and notice the payment themselves", async () => {
    const job = await shop.order();
    const hash = job.evalInvoice.paymentHash;
    await Promise.all(Array.from({ length: 10 }, () => view(job)));
    expect(asked("lookUpInvoice", hash)).toBe(1);
    await payOutside(job);
    await view(job);
    expect(asked("lookUpInvoice", hash)).toBe(1);
    shop.clock.advance(2_001);
    expect(unwrap(await view(job))).toMatchObject({ state: "evaluating" });
    expect(asked("lookUpInvoice", hash)).toBe(2);
    await view(job);
    expect(asked("lookUpInvoice", hash)).toBe(2);
  });

  test("ask on when a clock that was ahead is put back", async () => {
    const job = await shop.order();
    shop.clock.advance(300 * SECOND);
    await view(job);
    shop.clock.advance(-300 * SECOND);
    await payOutside(job);
    shop.clock.advance(3 * SECOND);
    expect(unwrap(await view(job))).toMatchObject({ state: "evaluating" });
  });

  test("do not wait for a slow wallet, and the look-up goes on without them", async () => {
    const job = await shop.order();
    await payOutside(job);
    let answer = () => {};
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    shop.wallet.next("lookUpInvoice", { kind: "slow", until });
    expect(unwrap(await view(job))).toMatchObject({ state: "awaiting_eval_payment" });
    answer();
    await expect.poll(() => stateOf(job)).toBe("evaluating");
  });

  test("are answered while the wallet is down", async () => {
    const job = await shop.order();
    shop.wallet.down();
    expect(unwrap(await view(job))).toMatchObject({ state: "awaiting_eval_payment" });
    expect(await shop.services.jobs.create({ request: "x", clientKey: "me", pubkey: null })).toMatchObject({
      error: { code: "walletDown" },
    });
    shop.wallet.up();
  });

  test("creating keeps nothing half-made when the wallet's answer is lost", async () => {
    const before = await shop.db.prisma.job.count();
    shop.wallet.next("createInvoice", { kind: "timesOutAfter" }, { kind: "timesOutBefore" }, { kind: "nonsense" });
    for (const _ of ["after", "before", "nonsense"]) {
      expect(await shop.services.jobs.create({ request: "x", clientKey: "me", pubkey: null })).toMatchObject({
        ok: false,
      });
    }
    expect(await shop.db.prisma.job.count()).toBe(before);
    expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
  });
});
