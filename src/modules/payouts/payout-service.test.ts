import { createHash } from "node:crypto";
import { bech32 } from "@scure/base";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { msat, sats } from "~/core/money";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import type { RefundWay } from "./payout-service";

const FEE = 10;
let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

type Owed = Awaited<ReturnType<TroubledWorkshop["owedJob"]>>;
let job: Owed;
beforeEach(async () => {
  job = await shop.owedJob();
});

const refund = (way: RefundWay, of: Owed = job) => shop.services.jobs.refund(of.jobId, of.refundToken, way);
const toInvoice = (paymentRequest: string, of: Owed = job) => refund({ invoice: paymentRequest }, of);
const view = async (of: Owed = job) => unwrap(await shop.services.jobs.view(of.jobId));
const payoutsOf = (of: Owed = job) => shop.db.prisma.payout.findMany({ where: { orderId: of.jobId } });
const refused = (code: string) => ({ ok: false, error: { code } });
const ledgerOf = async (of: Owed = job) => {
  const rows = await shop.db.prisma.ledgerAccount.findMany({ where: { owner: of.jobId } });
  return Object.fromEntries(rows.map(({ kind, balanceMsat }) => [kind, balanceMsat]));
};
const proof = async () => unwrap(await shop.services.books.prove());
/** More money for the same payer, after what was owed has gone. */
const paidLateAgain = async (of: Owed = job) => {
  const amountSats = sats(FEE);
  const issued = unwrap(await shop.services.invoices.issue({ amountSats, memo: "m", expirySeconds: 600 }));
  await shop.db.inTx((tx) =>
    shop.services.invoices.record(tx, issued, amountSats, { orderKind: "job", orderId: of.jobId, purpose: "other" }),
  );
  await shop.pay(issued.paymentHash);
};

describe("a claim by invoice", () => {
  test("is decided at once and paid by the queue", async () => {
    const target = shop.outsideInvoice(FEE);
    expect(await toInvoice(target.paymentRequest)).toEqual({
      ok: true,
      value: {
        refundState: "pending",
        amountSats: FEE,
        owedSats: FEE,
        paymentHash: target.paymentHash,
        trust_tier: "anonymous",
      },
    });
    expect(await ledgerOf()).toMatchObject({ owed: 0n, in_flight: 10_000n });
    await shop.work();
    expect(await ledgerOf()).toMatchObject({ owed: 0n, in_flight: 0n });
    expect(await view()).toMatchObject({ owedSats: 0, payout: { state: "paid", method: "invoice", amountSats: FEE } });
    expect(await toInvoice(target.paymentRequest)).toMatchObject({
      ok: true,
      value: { refundState: "paid", owedSats: 0 },
    });
    expect(await proof()).toMatchObject({ ok: true });
  });

  test.each([
    ["garbage", () => "not an invoice", "refundTargetUnusable"],
    ["one sat too much", () => shop.outsideInvoice(FEE + 1).paymentRequest, "refundTargetUnusable"],
    [
      "one msat too little",
      () => shop.outsideInvoice(0, { amountMsat: msat(9_999n) }).paymentRequest,
      "refundTargetUnusable",
    ],
    ["no amount", () => shop.outsideInvoice(0, { amountMsat: null }).paymentRequest, "refundTargetUnusable"],
    ["mainnet", () => shop.outsideInvoice(FEE, { network: "bc" }).paymentRequest, "refundTargetUnusable"],
    ["signet", () => shop.outsideInvoice(FEE, { network: "tbs" }).paymentRequest, "refundTargetUnusable"],
    ["expiring in 58 s", () => shop.outsideInvoice(FEE, { expirySeconds: 58 }).paymentRequest, "refundTargetUnusable"],
  ])("of %s is refused and moves nothing", async (_, invoice, code) => {
    expect(await toInvoice(invoice())).toMatchObject(refused(code));
    expect(await payoutsOf()).toEqual([]);
    expect(await view()).toMatchObject({ owedSats: FEE });
    expect(await ledgerOf()).toMatchObject({ owed: 10_000n });
  });

  test("of an invoice of ours is refused: one node signs for many wallets", async () => {
    const other = await shop.order();
    expect(await toInvoice(other.evalInvoice.paymentRequest)).toMatchObject(refused("refundTargetUnusable"));
  });

  test("of a hash that was a target before is refused, whoever presents it and whatever became of it", async () => {
    const target = shop.outsideInvoice(FEE);
    unwrap(await toInvoice(target.paymentRequest));
    const other = await shop.owedJob();
    expect(await toInvoice(target.paymentRequest, other)).toEqual(refused("refundTargetReused"));
    shop.wallet.next("pay", { kind: "fails" });
    await shop.work();
    expect(await view()).toMatchObject({ owedSats: FEE, payout: { state: "failed" } });
    expect(await toInvoice(target.paymentRequest)).toEqual(refused("refundTargetReused"));
    expect(await ledgerOf()).toMatchObject({ owed: 10_000n, in_flight: 0n });
    expect(await toInvoice(shop.outsideInvoice(FEE).paymentRequest)).toMatchObject({ ok: true });
  });

  test("while another is in flight is refused, and the same one is answered the same, in any case of letters", async () => {
    const target = shop.outsideInvoice(FEE);
    const first = await toInvoice(target.paymentRequest);
    expect(await toInvoice(`LIGHTNING:${target.paymentRequest.toUpperCase()}`)).toEqual(first);
    expect(await toInvoice(shop.outsideInvoice(FEE).paymentRequest)).toEqual(refused("payoutInFlight"));
    expect(await refund({ lightningAddress: "me@example.com" })).toEqual(refused("payoutInFlight"));
    expect(await refund({ lnurl: true, origin: "https://t.example" })).toEqual(refused("payoutInFlight"));
    expect(await payoutsOf()).toHaveLength(1);
  });

  test("of nothing owed is refused", async () => {
    unwrap(await toInvoice(shop.outsideInvoice(FEE).paymentRequest));
    await shop.work();
    expect(await toInvoice(shop.outsideInvoice(FEE).paymentRequest)).toEqual(refused("nothingOwed"));
    const fresh = await shop.order();
    expect(await toInvoice(shop.outsideInvoice(FEE).paymentRequest, fresh)).toEqual(refused("nothingOwed"));
  });

  test("needs the refund token", async () => {
    const { jobs } = shop.services;
    const way = { invoice: shop.outsideInvoice(FEE).paymentRequest };
    expect(await jobs.refund(job.jobId, undefined, way)).toEqual(refused("refundTokenMissing"));
    expect(await jobs.refund(job.jobId, `${job.refundToken}x`, way)).toEqual(refused("refundTokenWrong"));
    const other = await shop.owedJob();
    expect(await jobs.refund(job.jobId, other.refundToken, way)).toEqual(refused("refundTokenWrong"));
  });
});

describe("a claim by Lightning address", () => {
  test("fetches one invoice, pays it, and answers the same address the same", async () => {
    const target = shop.outsideInvoice(FEE);
    shop.addressAnswers(target.paymentRequest);
    const first = unwrap(await refund({ lightningAddress: " Me@Example.com" }));
    expect(first).toMatchObject({ paymentHash: target.paymentHash, refundState: "pending" });
    expect(unwrap(await refund({ lightningAddress: "me@example.com" }))).toEqual(first);
    await shop.work();
    expect(unwrap(await refund({ lightningAddress: "me@example.com" }))).toMatchObject({
      paymentHash: target.paymentHash,
      refundState: "paid",
      owedSats: 0,
    });
    expect(await payoutsOf()).toHaveLength(1);
  });

  test("pays the same address again when more has become owed since", async () => {
    const [one, two] = [shop.outsideInvoice(FEE), shop.outsideInvoice(FEE)];
    shop.addressAnswers(one.paymentRequest, two.paymentRequest);
    unwrap(await refund({ lightningAddress: "me@example.com" }));
    await shop.work();
    await paidLateAgain();
    expect(unwrap(await refund({ lightningAddress: "me@example.com" }))).toMatchObject({
      paymentHash: two.paymentHash,
    });
    await shop.work();
    expect(await view()).toMatchObject({ owedSats: 0 });
    expect(await proof()).toMatchObject({ ok: true });
  });

  test.each([
    ["nonsense", () => "nonsense"],
    ["another amount", () => shop.outsideInvoice(FEE + 5).paymentRequest],
  ])("whose service answers %s moves nothing", async (_, answer) => {
    shop.addressAnswers(answer());
    expect(await refund({ lightningAddress: "me@example.com" })).toMatchObject(refused("refundTargetUnusable"));
    expect(await view()).toMatchObject({ owedSats: FEE });
  });
});

describe("a withdraw code", () => {
  const offer = async (of: Owed = job) => {
    const offered = unwrap(await refund({ lnurl: true, origin: "https://t.example" }, of));
    if (!("lnurl" in offered)) throw new Error("no code was offered");
    const { words } = bech32.decode(offered.lnurl.toLowerCase() as `${string}1${string}`, 2000);
    const url = new URL(new TextDecoder().decode(bech32.fromWords(words)));
    return { ...offered, url, k1: url.searchParams.get("k1") ?? "" };
  };
  const withdraw = (k1: string, paymentRequest: string) => shop.services.payouts.withdraw(k1, paymentRequest);
  const describeCode = (k1: string) => shop.services.payouts.describeWithdraw(k1);

  test("is 256 random bits in an LNURL of ours, for what is owed, and locks nothing yet", async () => {
    const { k1, url, amountSats, expiresAt } = await offer();
    expect(url.origin + url.pathname).toBe("https://t.example/api/lnurl/withdraw");
    expect(k1).toMatch(/^[0-9a-f]{64}$/);
    expect(amountSats).toBe(FEE);
    expect(Date.parse(expiresAt)).toBeGreaterThan(shop.clock.now().getTime());
    expect(await describeCode(k1)).toMatchObject({ amountMsat: FEE * 1000 });
    const kept = await shop.db.prisma.withdrawCode.findUnique({ where: { orderId: job.jobId } });
    expect(kept?.k1Hash).toBe(createHash("sha256").update(k1).digest("hex"));
    expect(await toInvoice(shop.outsideInvoice(FEE).paymentRequest)).toMatchObject({ ok: true });
  });

  test("is paid to the invoice that the wallet calls back with, once", async () => {
    const { k1 } = await offer();
    const target = shop.outsideInvoice(FEE);
    unwrap(await withdraw(k1, target.paymentRequest));
    expect(await describeCode(k1)).toBeNull();
    expect(await view()).toMatchObject({ owedSats: FEE, payout: { state: "pending", method: "lnurl" } });
    unwrap(await withdraw(k1, target.paymentRequest));
    expect(await withdraw(k1, shop.outsideInvoice(FEE).paymentRequest)).toEqual(refused("withdrawCodeInvalid"));
    await shop.work();
    expect(await view()).toMatchObject({ owedSats: 0, payout: { state: "paid", method: "lnurl" } });
    expect(await payoutsOf()).toHaveLength(1);
  });

  test("is not used up by an invoice that cannot be paid", async () => {
    const { k1 } = await offer();
    expect(await withdraw(k1, "nonsense")).toMatchObject(refused("refundTargetUnusable"));
    expect(await withdraw(k1, shop.outsideInvoice(FEE + 1).paymentRequest)).toMatchObject(
      refused("refundTargetUnusable"),
    );
    expect(await describeCode(k1)).not.toBeNull();
    expect(await withdraw(k1, shop.outsideInvoice(FEE).paymentRequest)).toMatchObject({ ok: true });
  });

  test("is void once a newer one replaced it", async () => {
    const older = await offer();
    const newer = await offer();
    expect(await describeCode(older.k1)).toBeNull();
    expect(await withdraw(older.k1, shop.outsideInvoice(FEE).paymentRequest)).toEqual(refused("withdrawCodeInvalid"));
    expect(await withdraw(newer.k1, shop.outsideInvoice(FEE).paymentRequest)).toMatchObject({ ok: true });
  });

  test("is void after its time, and a stranger's k1 is nothing", async () => {
    const { k1 } = await offer();
    shop.clock.advance(shop.settings.withdrawCodeSeconds * 1000);
    expect(await describeCode(k1)).toBeNull();
    expect(await withdraw(k1, shop.outsideInvoice(FEE).paymentRequest)).toEqual(refused("withdrawCodeInvalid"));
    expect(await describeCode("00".repeat(32))).toBeNull();
    expect(await withdraw("00".repeat(32), shop.outsideInvoice(FEE).paymentRequest)).toEqual(
      refused("withdrawCodeInvalid"),
    );
  });

  test("pays what it was made for, also when more is owed by then", async () => {
    const { k1 } = await offer();
    await paidLateAgain();
    expect(await describeCode(k1)).toMatchObject({ amountMsat: FEE * 1000 });
    unwrap(await withdraw(k1, shop.outsideInvoice(FEE).paymentRequest));
    await shop.work();
    expect(await view()).toMatchObject({ owedSats: FEE });
    expect(await proof()).toMatchObject({ ok: true });
  });

  test("of a payment that failed stays used: the money is owed again and a new code is needed", async () => {
    const { k1 } = await offer();
    unwrap(await withdraw(k1, shop.outsideInvoice(FEE).paymentRequest));
    shop.wallet.next("pay", { kind: "fails" });
    await shop.work();
    expect(await view()).toMatchObject({ owedSats: FEE, payout: { state: "failed" } });
    expect(await withdraw(k1, shop.outsideInvoice(FEE).paymentRequest)).toEqual(refused("withdrawCodeInvalid"));
    const fresh = await offer();
    expect(await withdraw(fresh.k1, shop.outsideInvoice(FEE).paymentRequest)).toMatchObject({ ok: true });
  });

  test("that is replaced while a wallet calls back with it is void", async () => {
    const older = await offer();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const holding = shop.db.inTx(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM job WHERE id = ${job.jobId}::uuid FOR UPDATE`;
      await held;
    });
    await expect.poll(() => rowIsFree(job.jobId)).toBe(false);
    // It has read its code, and waits for the order.
    const calledBack = withdraw(older.k1, shop.outsideInvoice(FEE).paymentRequest);
    await expect.poll(waitingForLocks).toBeGreaterThan(0);
    const newer = await offer();
    letGo();
    await holding;
    expect(await calledBack).toEqual(refused("withdrawCodeInvalid"));
    expect(await payoutsOf()).toEqual([]);
    expect(await withdraw(newer.k1, shop.outsideInvoice(FEE).paymentRequest)).toMatchObject({ ok: true });
  });

  const rowIsFree = async (jobId: string) => {
    const { rowCount } = await shop.db.pool.query("SELECT 1 FROM job WHERE id = $1 FOR UPDATE SKIP LOCKED", [jobId]);
    return rowCount === 1;
  };
  const waitingForLocks = async () => {
    const { rows } = await shop.db.pool.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return rows[0].n as number;
  };

  test("called back by ten wallets at once pays one of them", async () => {
    const { k1 } = await offer();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => withdraw(k1, shop.outsideInvoice(FEE).paymentRequest)),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await payoutsOf()).toHaveLength(1);
  });
});
