import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newOrderId } from "~/core/ids";
import { sats } from "~/core/money";
import type { AgentFailure, Judgement, Work } from "~/ports/agent";
import { freeTier, regular } from "~/testing/free-tier";
import { expectFreeTierHolds } from "~/testing/free-tier-holds";
import { ACCEPTABLE, DONE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
  await shop.services.pool.seedIfNew();
});
afterAll(() => shop.close());

/** What the scripted agent's work is quoted and priced at. */
const QUOTE = 41;
const PRICE = 18;
const EVAL_FEE = 10;

const newKey = () => randomBytes(32).toString("hex");
/** An identity with a budget of 50 sats a day. */
const established = () => regular(shop, newKey(), { score: 10, chargedSats: 10_000n });
const balance = () => shop.services.pool.balanceSats();
const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));
const rowOf = (id: string) => shop.db.prisma.job.findUniqueOrThrow({ where: { id } });
const identityOf = (pubkey: string) => shop.db.prisma.identity.findUniqueOrThrow({ where: { pubkey } });
const useOf = (orderId: string) => shop.db.prisma.freeTierUse.findUnique({ where: { orderId } });
const grantOf = (orderId: string) => shop.db.prisma.poolGrant.findUnique({ where: { orderId } });
const judges = (said: Judgement | AgentFailure) => shop.agent.judges(async () => said);
const works = (did: Work | AgentFailure) => shop.agent.works(async () => did);
const runs = (task: "evaluate" | "work", jobId: string) =>
  shop.services.tasks[task]({ jobId }, { abortSignal: new AbortController().signal });
const dropTasks = () => shop.db.pool.query("DELETE FROM graphile_worker._private_jobs");

beforeEach(() => {
  judges(ACCEPTABLE);
  works(DONE);
});
const allHolds = () => expectFreeTierHolds(shop);

/** Ordered, paid for and waiting for its judge. */
async function evaluating(pubkey: string | null, request = "a haiku") {
  const job = await shop.order(request, pubkey);
  await shop.pay(job.evalInvoice.paymentHash);
  await dropTasks();
  return job;
}
/** Judged, with so much of its budget left that the pool covers only a part. */
async function partFree(coveredSats: bigint) {
  const pubkey = await established();
  await freeTier(shop).decide(pubkey, newOrderId(), 50n - coveredSats);
  const job = await evaluating(pubkey);
  await runs("evaluate", job.jobId);
  const shown = await view(job.jobId);
  expect(shown.state).toBe("awaiting_work_payment");
  return { pubkey, job, shown, hash: shown.workInvoice?.paymentHash ?? "" };
}

describe("free work", () => {
  test("is set aside in the step that decides, needs no invoice, and the pool pays its price", async () => {
    const pubkey = await established();
    const before = await balance();
    const job = await evaluating(pubkey, "a secret haiku");
    expect(job.trust_tier).toBe("established");
    await runs("evaluate", job.jobId);

    const executing = await view(job.jobId);
    expect(executing).toMatchObject({ state: "executing", trust_tier: "established", owedSats: 0 });
    expect(executing).not.toHaveProperty("workInvoice");
    expect(executing).not.toHaveProperty("free_tier");
    expect(await balance()).toBe(before - BigInt(QUOTE));
    expect(await useOf(job.jobId)).toMatchObject({ state: "reserved", sats: BigInt(QUOTE) });
    await allHolds();

    await shop.work();
    expect(await view(job.jobId)).toMatchObject({
      ...{ state: "complete", free_tier: true, absorbed_sats: PRICE, owedSats: 0 },
      costLedger: { actualAmountSats: 0, workAmountSats: 0, refundAmountSats: 0, refundState: "not_applicable" },
    });
    expect(await balance()).toBe(before - BigInt(PRICE));
    expect(await identityOf(pubkey)).toMatchObject({ score: 10, interactionCount: 1, absorbedSats: BigInt(PRICE) });
    const grant = await grantOf(job.jobId);
    expect(grant).toMatchObject({ orderKind: "job", pubkey, absorbedSats: BigInt(PRICE) });
    expect(grant?.requestHmac).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(grant, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      "secret",
    );
    await allHolds();
  });

  test.each([
    ["fails", { code: "agentEmpty", detail: "" }, 10],
    ["is refused by the model", { code: "agentRefused", detail: "" }, 8],
  ] as const)("that %s costs nobody anything: all of it is back in the pool", async (_, failure, score) => {
    const pubkey = await established();
    const before = await balance();
    const job = await evaluating(pubkey);
    works(failure);
    await runs("evaluate", job.jobId);
    await runs("work", job.jobId);
    expect(await view(job.jobId)).toMatchObject({ state: "failed", owedSats: 0 });
    expect(await balance()).toBe(before);
    expect([await useOf(job.jobId), await grantOf(job.jobId)]).toEqual([null, null]);
    expect(await identityOf(pubkey)).toMatchObject({ score, absorbedSats: 0n });
    await allHolds();
  });

  test("whose time is over gives all of it back", async () => {
    const before = await balance();
    const job = await evaluating(await established());
    await runs("evaluate", job.jobId);
    shop.clock.advance(1_800_001);
    await runs("work", job.jobId);
    expect(await view(job.jobId)).toMatchObject({ state: "failed" });
    expect(await balance()).toBe(before);
    await allHolds();
  });

  test("by four judges and four workers at once is set aside once, paid for once", async () => {
    const pubkey = await established();
    const before = await balance();
    const job = await evaluating(pubkey);
    await Promise.all(Array.from({ length: 4 }, () => runs("evaluate", job.jobId)));
    expect(await view(job.jobId)).toMatchObject({ state: "executing" });
    expect(await balance()).toBe(before - BigInt(QUOTE));
    await dropTasks();
    await Promise.all(Array.from({ length: 4 }, () => runs("work", job.jobId)));
    await runs("work", job.jobId);
    expect(await balance()).toBe(before - BigInt(PRICE));
    expect(await identityOf(pubkey)).toMatchObject({ interactionCount: 1, absorbedSats: BigInt(PRICE) });
    await allHolds();
  });
});

describe("part-free work", () => {
  test("is invoiced for the rest, set aside when that is paid, and its change is the visitor's", async () => {
    const before = await balance();
    const { pubkey, job, shown, hash } = await partFree(12n);
    expect(shown.pricingBreakdown).toMatchObject({ quoteSats: QUOTE, absorbedSats: 12, amountSats: QUOTE - 12 });
    expect(shown.workInvoice?.amountSats).toBe(QUOTE - 12);
    // Advice: it counts against the identity's own budget, not the pool.
    expect(await useOf(job.jobId)).toMatchObject({ state: "pledged", sats: 12n });
    expect(await balance()).toBe(before - 38n);

    await shop.pay(hash);
    expect(await useOf(job.jobId)).toMatchObject({ state: "reserved", sats: 12n });
    expect(await balance()).toBe(before - 50n);
    await shop.work();
    const charged = PRICE - 12;
    const change = QUOTE - 12 - charged;
    expect(await view(job.jobId)).toMatchObject({
      ...{ state: "complete", free_tier: true, absorbed_sats: 12, owedSats: change },
      costLedger: {
        actualAmountSats: charged,
        workAmountSats: QUOTE - 12,
        refundAmountSats: change,
        refundState: "pending",
      },
    });
    expect(await identityOf(pubkey)).toMatchObject({ score: 11, interactionCount: 1, chargedSats: 10_006n });
    // Six sats were charged: a tenth of that, rounded down, is nothing.
    expect(await balance()).toBe(before - 50n);
    await allHolds();
  });

  test("that costs no more than the pool's part is free in the end, raises no score and credits nothing", async () => {
    const { pubkey, job, hash } = await partFree(20n);
    const before = await balance();
    await shop.pay(hash);
    await shop.work();
    expect(await view(job.jobId)).toMatchObject({
      ...{ absorbed_sats: PRICE, owedSats: QUOTE - 20 },
      costLedger: { actualAmountSats: 0, workAmountSats: QUOTE - 20, refundAmountSats: QUOTE - 20 },
    });
    expect(await identityOf(pubkey)).toMatchObject({ score: 10, interactionCount: 1, chargedSats: 10_000n });
    expect(await balance()).toBe(before - BigInt(PRICE));
    await allHolds();
  });

  test.each([
    ["fails", { code: "agentEmpty", detail: "" }, 10],
    ["is refused by the model", { code: "agentRefused", detail: "" }, 8],
  ] as const)("that %s: what was paid is owed, what was set aside is back", async (_, failure, score) => {
    const { pubkey, job, hash } = await partFree(12n);
    const before = await balance();
    await shop.pay(hash);
    works(failure);
    await shop.work();
    expect(await view(job.jobId)).toMatchObject({ state: "failed", owedSats: QUOTE - 12 });
    expect(await balance()).toBe(before);
    expect(await identityOf(pubkey)).toMatchObject({ score });
    await allHolds();
  });

  test("that is cancelled or expires gives its part of the budget back; a payment that still comes is owed in full", async () => {
    const cancelled = await partFree(12n);
    const before = await balance();
    unwrap(await shop.services.jobs.cancel(cancelled.job.jobId, cancelled.job.refundToken));
    expect(await useOf(cancelled.job.jobId)).toBeNull();
    await shop.pay(cancelled.hash);
    expect(await view(cancelled.job.jobId)).toMatchObject({ state: "cancelled", owedSats: QUOTE - 12 });

    const expired = await partFree(12n);
    shop.clock.advance(601_000);
    await shop.services.invoices.sweep();
    expect(await view(expired.job.jobId)).toMatchObject({ state: "expired" });
    expect(await useOf(expired.job.jobId)).toBeNull();
    expect(await shop.services.pool.usedToday(shop.db.prisma, expired.pubkey)).toBe(38n);
    // Whoever gave up a part before a payment took none after it.
    expect(await balance()).toBe(before - 38n);
    await allHolds();
  });

  test("paid for, and reported by six look-ups at once, is set aside once", async () => {
    const { job, hash } = await partFree(12n);
    const before = await balance();
    await shop.payOutside(hash);
    await Promise.all(Array.from({ length: 6 }, () => shop.services.invoices.lookUp(hash)));
    expect(await view(job.jobId)).toMatchObject({ state: "executing" });
    expect(await balance()).toBe(before - 12n);
    await allHolds();
  });
});

describe("between the decision and the invoice", () => {
  test("while the wallet is down the part stands: whoever asks for the payment asks for the same one", async () => {
    const pubkey = await established();
    await freeTier(shop).decide(pubkey, newOrderId(), 35n);
    const job = await evaluating(pubkey);
    shop.wallet.down("refusing");
    await runs("evaluate", job.jobId);
    await runs("evaluate", job.jobId);
    expect(await view(job.jobId)).toMatchObject({ state: "evaluating" });
    expect(await useOf(job.jobId)).toMatchObject({ state: "pledged", sats: 15n });
    // Meanwhile its standing falls: that is for the payment to find out.
    await freeTier(shop).refused(pubkey);
    shop.wallet.up();
    await runs("evaluate", job.jobId);
    const { workInvoice, pricingBreakdown } = await view(job.jobId);
    expect([workInvoice?.amountSats, pricingBreakdown?.absorbedSats]).toEqual([QUOTE - 15, 15]);

    await shop.pay(workInvoice?.paymentHash ?? "");
    expect(await useOf(job.jobId)).toBeNull();
    works({ ...DONE, usage: { inputTokens: 90_000, outputTokens: 90_000 } });
    await shop.work();
    // The pool could not do what it was counted on for. The visitor paid what they were asked for, and pays no more.
    expect(await view(job.jobId)).toMatchObject({
      ...{ state: "complete", owedSats: 0 },
      costLedger: { actualAmountSats: QUOTE - 15, workAmountSats: QUOTE - 15, refundAmountSats: 0 },
    });
    expect((await rowOf(job.jobId)).actual).toMatchObject({ absorbedSats: "0", shortfallSats: "15" });
    await allHolds();
  });

  test("a judge that was overtaken sets nothing aside", async () => {
    const pubkey = await established();
    const before = await balance();
    const job = await evaluating(pubkey);
    let overtaken: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      overtaken = resolve;
    });
    let started: () => void = () => {};
    const judging = new Promise<void>((resolve) => {
      started = resolve;
    });
    shop.agent.judges(async () => {
      started();
      await wait;
      return ACCEPTABLE;
    });
    const stale = runs("evaluate", job.jobId);
    await judging;
    judges({ verdict: "unacceptable", reason: "no", usage: { inputTokens: 1, outputTokens: 1 } });
    await runs("evaluate", job.jobId);
    overtaken();
    await stale;
    expect(await view(job.jobId)).toMatchObject({ state: "rejected" });
    expect(await balance()).toBe(before);
    expect(await useOf(job.jobId)).toBeNull();
    expect(await identityOf(pubkey)).toMatchObject({ score: 8, interactionCount: 1 });
    await allHolds();
  });
});

describe("what orders make of an identity", () => {
  test("paid work +1 and its sats, a share of which flows into the pool; anonymous work credits too", async () => {
    const pubkey = newKey();
    for (const who of [pubkey, null]) {
      const before = await balance();
      const job = await evaluating(who);
      expect(job.trust_tier).toBe(who ? "new" : "anonymous");
      await runs("evaluate", job.jobId);
      await shop.pay((await view(job.jobId)).workInvoice?.paymentHash ?? "");
      await shop.work();
      expect(await view(job.jobId)).toMatchObject({ state: "complete", trust_tier: job.trust_tier });
      expect(await balance()).toBe(before + 1n); // a tenth of 18, rounded down
    }
    expect(await identityOf(pubkey)).toMatchObject({ score: 1, interactionCount: 1, chargedSats: BigInt(PRICE) });
    await allHolds();
  });

  test("a rejected request −2, and never below nothing; failures of ours nothing", async () => {
    const pubkey = await regular(shop, newKey(), { score: 3, chargedSats: 0n });
    const scores: number[] = [];
    const refusal: Judgement = { verdict: "unacceptable", reason: "no", usage: { inputTokens: 1, outputTokens: 1 } };
    for (const said of [refusal, { code: "agentNonsense", detail: "" } as const, refusal]) {
      const job = await evaluating(pubkey);
      judges(said);
      await runs("evaluate", job.jobId);
      scores.push((await identityOf(pubkey)).score);
    }
    expect(scores).toEqual([1, 1, 0]);
    expect(await identityOf(pubkey)).toMatchObject({ interactionCount: 2 });
  });

  test("tiers are told as of now: the twelfth order of a regular is free, and absence takes it back", async () => {
    const pubkey = await regular(shop, newKey(), { score: 9, chargedSats: 500n });
    const paid = await evaluating(pubkey);
    await runs("evaluate", paid.jobId);
    await shop.pay((await view(paid.jobId)).workInvoice?.paymentHash ?? "");
    await shop.work();
    expect((await view(paid.jobId)).trust_tier).toBe("established");
    const free = await evaluating(pubkey);
    await runs("evaluate", free.jobId);
    expect(await view(free.jobId)).toMatchObject({ state: "executing" });
    await shop.work();

    shop.clock.advance(31 * 86_400_000);
    expect((await view(paid.jobId)).trust_tier).toBe("new");
    expect(await shop.services.pool.preview(pubkey, sats(1n))).toMatchObject({
      tier: "new",
      decision: { serve: "gate" },
    });
    const later = await evaluating(pubkey);
    await runs("evaluate", later.jobId);
    expect(await view(later.jobId)).toMatchObject({ state: "awaiting_work_payment", trust_tier: "new" });
    expect((await view(later.jobId)).evalInvoice?.amountSats).toBe(EVAL_FEE);
    await allHolds();
  });
});
