import { expect } from "vitest";
import { sats, wireSats } from "~/core/money";
import { JobView } from "~/modules/jobs/job-schema";
import { viewOf } from "~/modules/jobs/job-view";
import { jobReader } from "~/modules/jobs/job-view-store";
import { unwrap } from "../unwrap";
import { dayOf, MOST_A_DAY, tierOf } from "./free-tier";
import type { Model, ModelJob, ModelOrder } from "./model";
import { agreeOnSessions, agreeOnSessionView } from "./session-agreement";
import { OPENING_SATS, type World } from "./world";

/** Holds the database and the wallet against the model; after each command, whatever it did. */
export async function agree(model: Model, world: World, touched?: ModelOrder): Promise<void> {
  await agreeOnJobs(model, world);
  await agreeOnSessions(model, world);
  await agreeOnBooks(model, world);
  await agreeOnFreeTier(model, world);
  if (touched?.kind === "job") await agreeOnView(model, touched, world);
  else if (touched) await agreeOnSessionView(model, touched, world);
}

type Row = {
  id: string;
  state: string;
  accounts: Record<string, number> | null;
  invoices: { hash: string; state: string }[];
  payouts: { hash: string; state: string }[] | null;
};

async function agreeOnJobs(model: Model, { shop }: World): Promise<void> {
  const { rows } = await shop.db.pool.query<Row>(READ_JOBS, [model.jobs.map(({ id }) => id)]);
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const job of model.jobs) {
    const row = found.get(job.id);
    const byHash = (a: { hash: string }, b: { hash: string }) => (a.hash < b.hash ? -1 : 1);
    const { escrow = 0, owed = 0, in_flight: inFlight = 0 } = row?.accounts ?? {};
    const real = {
      state: row?.state,
      money: { escrow, owed, inFlight },
      invoices: row?.invoices.sort(byHash),
      payouts: (row?.payouts ?? []).sort(byHash),
    };
    expect(real).toEqual({
      state: job.state,
      money: {
        escrow: Number(job.escrow) * 1000,
        owed: Number(job.owed) * 1000,
        inFlight: Number(job.inFlight) * 1000,
      },
      invoices: job.invoices.map(({ paymentHash: hash, state }) => ({ hash, state })).sort(byHash),
      payouts: job.payouts.map(({ paymentHash: hash, state }) => ({ hash, state })).sort(byHash),
    });
    expect(job.escrow + job.owed + job.inFlight + job.earned + job.paidOut).toBe(job.credited);
  }
}

const READ_JOBS = `
  SELECT j.id, j.state,
    (SELECT json_object_agg(kind, balance_msat) FROM ledger_account
     WHERE kind IN ('escrow', 'owed', 'in_flight') AND owner = j.id::text) AS accounts,
    (SELECT json_agg(json_build_object('hash', payment_hash, 'state', state)) FROM invoice WHERE order_id = j.id) AS invoices,
    (SELECT json_agg(json_build_object('hash', coalesce(payment_hash, target), 'state', state))
     FROM payout WHERE order_id = j.id) AS payouts
  FROM job j WHERE j.id = ANY($1)`;

async function agreeOnBooks({ outage, totals }: Model, { shop, wallet }: World): Promise<void> {
  wallet.up();
  const { ok, terms, sheet } = unwrap(await shop.services.books.prove());
  if (outage) wallet.down(outage);
  expect({ ...terms, ok }).toMatchObject({ ok: true, faults: [] });
  const balances = Object.fromEntries(sheet.lines.map(({ kind, balanceMsat }) => [kind, balanceMsat]));
  expect(balances).toMatchObject({
    opening_balance: OPENING_SATS * 1000n,
    wallet: OPENING_SATS * 1000n + totals.creditedMsat - totals.paidOut * 1000n - totals.feesMsat,
    revenue: (totals.earned + totals.granted - totals.credited) * 1000n,
    routing_fees: totals.feesMsat - totals.fractionsMsat,
    pool: totals.pool * 1000n,
    pool_commitment: -totals.committed * 1000n,
  });
}

async function agreeOnFreeTier(model: Model, { shop }: World): Promise<void> {
  const { prisma } = shop.db;
  const { identities, now } = model;
  const served = [...model.jobs, ...model.requests];
  const orderId = { in: served.map(({ id }) => id) };
  const uses = await prisma.freeTierUse.findMany({ where: { orderId } });
  const used = uses.map(({ orderId: id, pubkey, state, sats, day }) => [id, pubkey, state, sats, dayOf(day.getTime())]);
  const expected = served.flatMap(({ id, identity, use }) =>
    use ? [[id, identity?.pubkey, use.state, use.sats, use.day]] : [],
  );
  expect(byFirst(used)).toEqual(byFirst(expected));
  const grants = await prisma.poolGrant.findMany({ where: { orderId } });
  const settled = served.flatMap(({ id, use }) => (use?.state === "settled" ? [[id, use.sats]] : []));
  expect(byFirst(grants.map(({ orderId: id, absorbedSats }) => [id, absorbedSats]))).toEqual(byFirst(settled));

  const rows = await prisma.identity.findMany({ where: { pubkey: { in: identities.map(({ pubkey }) => pubkey) } } });
  const found = rows.map(({ pubkey, score, lastSeenAt, interactionCount, chargedSats, absorbedSats }) => [
    ...[pubkey, BigInt(score), lastSeenAt.getTime(), BigInt(interactionCount), chargedSats, absorbedSats],
  ]);
  const known = identities.map(({ pubkey, score, lastSeen, interactions, charged, absorbed }) => [
    ...[pubkey, score, lastSeen, interactions, charged, absorbed],
  ]);
  expect(byFirst(found)).toEqual(byFirst(known));
  for (const identity of identities) {
    expect(identity.absorbed).toBeLessThanOrEqual(identity.charged);
    const today = served.flatMap((job) =>
      job.identity === identity && job.use?.day === dayOf(now) ? [job.use.sats] : [],
    );
    expect(today.reduce((a, b) => a + b, 0n)).toBeLessThanOrEqual(MOST_A_DAY);
  }
}

const byFirst = (rows: unknown[][]) => rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));

async function agreeOnView({ now }: Model, job: ModelJob, { shop }: World): Promise<void> {
  const record = await jobReader(shop.db)(job.id);
  if (!record) throw new Error("a job vanished");
  const view = JobView.parse(viewOf(record, shop.services.trust.tierNow));
  const owedSats = wireSats(sats(job.owed + job.inFlight));
  expect(view).toMatchObject({ jobId: job.id, state: job.state, owedSats });
  expect(view.trust_tier).toBe(job.identity ? tierOf(job.identity, now).name : "anonymous");
  expect(view.textDeleted === true).toBe(job.erased);
  const { actual } = job;
  expect(view.costLedger !== undefined).toBe(actual !== null);
  if (!actual || !view.costLedger) return;
  const { actualAmountSats, workAmountSats, refundAmountSats, refundState } = view.costLedger;
  expect([actualAmountSats, workAmountSats]).toEqual([Number(actual.charged), Number(actual.paid)]);
  expect(actualAmountSats).toBeGreaterThanOrEqual(0);
  expect(actualAmountSats).toBeLessThanOrEqual(workAmountSats);
  expect(actualAmountSats + refundAmountSats).toBe(workAmountSats);
  expect([view.free_tier, view.absorbed_sats]).toEqual(
    actual.absorbed > 0n ? [true, Number(actual.absorbed)] : [undefined, undefined],
  );
  const settledRefund = owedSats === 0 ? "paid" : "pending";
  expect(refundState).toBe(refundAmountSats === 0 ? "not_applicable" : settledRefund);
}
