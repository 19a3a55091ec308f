import { afterAll, beforeAll, expect, test } from "vitest";
import { balancesOf, openSession } from "~/testing/open-session";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

const FEE = 10;

test("a refund into a session whose id comes in capital letters is on that session's balance", async () => {
  const job = await shop.owedJob();
  const session = await openSession(shop, 100);
  const capitals = session.sessionId.toUpperCase();
  const refund = (sessionId: string) => shop.services.jobs.refund(job.jobId, job.refundToken, { sessionId });
  expect(unwrap(await refund(capitals))).toMatchObject({ refundState: "paid", sessionId: session.sessionId });
  expect(await balancesOf(shop, session.sessionId)).toMatchObject({ prepaid: 100 + FEE });
  // The same target, however it is written.
  expect(unwrap(await refund(session.sessionId))).toMatchObject({ refundState: "paid", owedSats: 0 });
  expect(await shop.db.prisma.payout.count({ where: { orderId: job.jobId } })).toBe(1);
});

test("play money does not become the balance of a session that real sats were paid for, nor the other way round", async () => {
  const session = await openSession(shop, 100);
  await shop.db.prisma.invoice.updateMany({
    where: { orderId: session.sessionId },
    data: { paymentRequest: shop.outsideInvoice(100, { network: "bc" }).paymentRequest },
  });
  const job = await shop.owedJob();
  const { jobs, sessions } = shop.services;
  const intoReal = () => jobs.refund(job.jobId, job.refundToken, { sessionId: session.sessionId });
  expect(await intoReal()).toMatchObject({ error: { code: "refundTargetUnusable" } });
  expect(await balancesOf(shop, session.sessionId)).toMatchObject({ prepaid: 100 });
  expect(await balancesOf(shop, job.jobId)).toMatchObject({ owed: FEE });

  const play = await openSession(shop, 100);
  unwrap(await sessions.close(session.sessionId, session.refundToken));
  const intoPlay = sessions.refund(session.sessionId, session.refundToken, { sessionId: play.sessionId });
  expect(await intoPlay).toMatchObject({ error: { code: "refundTargetUnusable" } });
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});
