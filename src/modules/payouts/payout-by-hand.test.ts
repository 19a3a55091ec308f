import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signInvoice } from "~/adapters/bolt11/sign-invoice";
import { sats, toMsat } from "~/core/money";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { type OperatorsWord, settledByHand, type WalletsWord } from "./payout";

const FEE = 10;
const SECOND = 1000;
const GRACE = 60 * SECOND;

describe("an operator's word beside the wallet's", () => {
  const PROOFS = [
    { proven: false, graceOver: true },
    { proven: true, graceOver: true },
    { proven: false, graceOver: false },
    { proven: true, graceOver: false },
  ];
  test.each<[WalletsWord, OperatorsWord, string[]]>([
    ["paid", "paid", Array(4).fill("paidByWallet")],
    ["paid", "failed", Array(4).fill("walletKnowsBetter")],
    ["pending", "paid", Array(4).fill("walletKnowsBetter")],
    ["pending", "failed", Array(4).fill("walletKnowsBetter")],
    ["notFound", "failed", ["failed", "failed", "payoutUncertain", "payoutUncertain"]],
    ["notFound", "paid", ["preimageNeeded", "paidByOperator", "payoutUncertain", "payoutUncertain"]],
    ["failed", "failed", Array(4).fill("failed")],
    ["failed", "paid", ["preimageNeeded", "paidByOperator", "preimageNeeded", "paidByOperator"]],
    ["neverSent", "failed", Array(4).fill("failed")],
    ["neverSent", "paid", ["preimageNeeded", "paidByOperator", "preimageNeeded", "paidByOperator"]],
  ])("wallet %s, operator %s", (wallet, word, outcomes) => {
    const said = PROOFS.map((proof) => settledByHand(word, wallet, proof));
    expect(said.map((one) => (one.ok ? one.value : one.error.code))).toEqual(outcomes);
  });
});

describe("on the books", () => {
  let shop: TroubledWorkshop;
  beforeAll(async () => {
    shop = await troubledWorkshop();
  });
  afterAll(() => shop.close());

  let jobId: string;
  let payoutId: string;
  let preimage: string;
  let paymentHash: string;
  beforeEach(async () => {
    const job = await shop.owedJob();
    jobId = job.jobId;
    preimage = randomBytes(32).toString("hex");
    paymentHash = createHash("sha256").update(Buffer.from(preimage, "hex")).digest("hex");
    const paymentRequest = signInvoice({
      network: "bcrt",
      amountMsat: toMsat(sats(FEE)),
      paymentHash,
      paymentSecret: "05".repeat(32),
      description: "for me",
      createdAt: shop.clock.now(),
      expirySeconds: 7200,
      privateKey: "07".repeat(32),
    });
    unwrap(await shop.services.jobs.refund(jobId, job.refundToken, { invoice: paymentRequest }));
    payoutId = (await shop.db.prisma.payout.findUniqueOrThrow({ where: { paymentHash } })).id;
  });

  const run = () => shop.services.payouts.run(payoutId);
  const settle = (outcome: OperatorsWord, more: { preimage?: string; feeSats?: number } = {}) =>
    shop.services.operator.settlePayout({ payoutId, outcome, reason: "seen in the node's log", ...more });
  const codeOf = async (asked: ReturnType<typeof settle>) => {
    const said = await asked;
    return said.ok ? said.value.state : said.error.code;
  };
  const payout = () => shop.db.prisma.payout.findUniqueOrThrow({ where: { id: payoutId } });
  const accounts = async () => {
    const rows = await shop.db.prisma.ledgerAccount.findMany({ where: { owner: jobId } });
    return Object.fromEntries(rows.map(({ kind, balanceMsat }) => [kind, balanceMsat]));
  };
  const postings = () =>
    shop.db.prisma.ledgerTransfer.findMany({
      where: { eventKey: { in: [`payout:${payoutId}:paid`, `payout:${payoutId}:failed`] } },
      orderBy: { line: "asc" },
    });
  const acts = () => shop.db.prisma.operatorAct.count({ where: { subject: payoutId.slice(0, 8) } });
  const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
  const PAID = { owed: 0n, in_flight: 0n };
  const OWED = { owed: 10_000n, in_flight: 0n };
  const IN_FLIGHT = { owed: 0n, in_flight: 10_000n };

  test("one that was never sent fails at once: owed again, with the reason in the books, and is not sent any more", async () => {
    const asked = shop.wallet.calls.length;
    expect(unwrap(await settle("failed"))).toEqual({ payoutId, state: "failed", paidBy: null, amountSats: FEE });
    expect(await accounts()).toMatchObject(OWED);
    expect(await postings()).toMatchObject([{ memo: "by hand: seen in the node's log" }]);
    expect(await acts()).toBe(1);
    await run();
    expect(shop.wallet.calls.length).toBe(asked);
    await theBooksBalance();
    // Its payer may claim another way.
    expect(unwrap(await shop.services.jobs.view(jobId)).owedSats).toBe(FEE);
  });

  test("one that the operator paid out of another wallet: the preimage proves it, the operator put it in, our wallet gave nothing", async () => {
    const before = unwrap(await shop.wallet.balance());
    expect(unwrap(await settle("paid", { preimage, feeSats: 2 }))).toMatchObject({ state: "paid", paidBy: "operator" });
    expect(await accounts()).toMatchObject(PAID);
    expect(await postings()).toMatchObject([
      { debitKind: "in_flight", creditKind: "operator", amountMsat: 10_000n },
      { debitKind: "routing_fees", creditKind: "operator", amountMsat: 2_000n },
    ]);
    expect(unwrap(await shop.wallet.balance())).toBe(before);
    await theBooksBalance();
    await run();
    expect(await payout()).toMatchObject({ state: "paid", sends: 0 });
  });

  test.each([undefined, "ab".repeat(32)])("without its preimage (%s) it is not believed", async (wrong) => {
    expect(await codeOf(settle("paid", wrong ? { preimage: wrong } : {}))).toBe("preimageNeeded");
    expect(await accounts()).toMatchObject(IN_FLIGHT);
    expect(await acts()).toBe(0);
  });

  test("the wallet has paid: called failed it is refused, called paid it is booked with the wallet's own fee", async () => {
    shop.wallet.next("pay", { kind: "timesOutAfter" });
    await run();
    expect(await settle("failed")).toMatchObject({
      ok: false,
      error: { code: "walletKnowsBetter", walletSays: "paid" },
    });
    expect(await accounts()).toMatchObject(IN_FLIGHT);
    expect(unwrap(await settle("paid", { feeSats: 500 }))).toMatchObject({ state: "paid", paidBy: "wallet" });
    expect(await accounts()).toMatchObject(PAID);
    expect((await postings()).map(({ creditKind }) => creditKind)).toEqual(["wallet"]);
    await theBooksBalance();
  });

  test("the wallet is at it: refused whatever is said, and its own outcome is booked later", async () => {
    shop.wallet.next("pay", { kind: "pending" });
    await run();
    for (const word of ["paid", "failed"] as const) {
      expect(await settle(word, { preimage })).toMatchObject({
        ok: false,
        error: { code: "walletKnowsBetter", walletSays: "pending" },
      });
    }
    await shop.wallet.letGo(paymentHash, "goesOut");
    await run();
    expect(await accounts()).toMatchObject(PAID);
    await theBooksBalance();
  });

  test("the request may still be on its way: refused until it cannot be", async () => {
    shop.wallet.next("pay", { kind: "timesOutBefore" });
    await run();
    expect(await codeOf(settle("failed"))).toBe("payoutUncertain");
    shop.clock.advance(GRACE);
    expect(await codeOf(settle("failed"))).toBe("failed");
    expect(await accounts()).toMatchObject(OWED);
    await theBooksBalance();
  });

  test("the wallet does not answer: nothing is changed on anybody's word", async () => {
    shop.wallet.next("pay", { kind: "timesOutAfter" });
    await run();
    shop.wallet.down();
    expect(await codeOf(settle("failed"))).toBe("walletDown");
    expect(await codeOf(settle("paid", { preimage }))).toBe("walletDown");
    shop.wallet.up();
    expect(await accounts()).toMatchObject(IN_FLIGHT);
    await run();
    expect(await accounts()).toMatchObject(PAID);
  });

  test("what is over, or never was, stays as it is", async () => {
    await run();
    expect(await codeOf(settle("failed"))).toBe("payoutNotOpen");
    const unknown = { payoutId: "00000000-0000-4000-8000-000000000000", outcome: "failed" as const, reason: "why" };
    expect(await codeOf(shop.services.operator.settlePayout(unknown))).toBe("payoutNotFound");
    expect(await codeOf(shop.services.operator.settlePayout({ ...unknown, payoutId: "no id" }))).toBe("payoutNotFound");
  });

  test("sent, and given up again, while the wallet was asked: what was seen is no longer there, so nothing is changed", async () => {
    shop.wallet.next("pay", { kind: "busy", retryAfterSeconds: 1 });
    await run(); // refused, so it waits in the queue with a time of sending
    shop.clock.advance(SECOND);
    let answer = () => {};
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    shop.wallet.next("lookUpPayment", { kind: "slow", until });
    const byHand = settle("failed");
    await expect.poll(() => shop.wallet.calls.at(-1)?.call).toBe("lookUpPayment");
    shop.wallet.next("pay", { kind: "busy", retryAfterSeconds: 1 });
    await run();
    expect(await payout()).toMatchObject({ state: "queued", sends: 2 });
    answer();
    expect(await codeOf(byHand)).toBe("payoutNotOpen");
    expect(await accounts()).toMatchObject(IN_FLIGHT);
  });

  test("two operators at once, and the queue beside them, over and over: one outcome, one posting, and the books balance", async () => {
    for (let round = 0; round < 12; round += 1) {
      const job = await shop.owedJob();
      const invoice = shop.outsideInvoice(FEE, { expirySeconds: 7200 });
      unwrap(await shop.services.jobs.refund(job.jobId, job.refundToken, { invoice: invoice.paymentRequest }));
      const { id } = await shop.db.prisma.payout.findUniqueOrThrow({ where: { paymentHash: invoice.paymentHash } });
      const by = (outcome: OperatorsWord) =>
        shop.services.operator.settlePayout({ payoutId: id, outcome, reason: "race" });
      if (round % 3 === 0) {
        shop.wallet.next("pay", { kind: "timesOutAfter" });
        await shop.services.payouts.run(id);
      }
      const said = await Promise.all([
        by("failed"),
        shop.services.payouts.run(id),
        by("failed"),
        by("paid"),
        by("paid"),
      ]);
      await shop.services.payouts.run(id);
      const { state } = await shop.db.prisma.payout.findUniqueOrThrow({ where: { id } });
      expect(["paid", "failed"]).toContain(state);
      const posted = await shop.db.prisma.ledgerTransfer.count({
        where: { eventKey: { in: [`payout:${id}:paid`, `payout:${id}:failed`] }, line: 1 },
      });
      expect(posted).toBe(1);
      const won = said.filter((one) => one?.ok);
      expect(won.length).toBeLessThanOrEqual(1);
      expect(await shop.db.prisma.operatorAct.count({ where: { subject: id.slice(0, 8) } })).toBe(won.length);
      const paidOut = (await shop.outside.wallet.lookUpPayment(invoice.paymentHash)) as { value?: { state: string } };
      expect(paidOut.value?.state === "paid").toBe(state === "paid");
    }
    await theBooksBalance();
  });
});
