import fc from "fast-check";
import { expect } from "vitest";
import { newOrderId, randomHex } from "~/core/ids";
import { freeTier, regular } from "../free-tier";
import { unwrap } from "../unwrap";
import { runTask } from "./background-commands";
import { command, pick, pickOf } from "./command";
import { MOST_A_DAY, visited } from "./free-tier";
import { heard, newJob } from "./model";
import { MOST_JOBS, onModel } from "./order-commands";
import { payPlace } from "./payment-commands";
import { REQUEST } from "./world";

const MOST_IDENTITIES = 3;

export const logIn = fc
  .tuple(fc.constantFrom(1n, 2n, 3n, 4n, 6n, 9n), fc.constantFrom(15n, 60n, 500n, 500n))
  .map(([score, charged]) =>
    command(
      `a regular of ${score} logs in, with ${charged} sats of paid work`,
      ({ identities }) => identities.length < MOST_IDENTITIES,
      async (model, { shop }) => {
        const pubkey = await regular(shop, randomHex(32), { score: Number(score), chargedSats: charged });
        model.identities.push({ pubkey, score, lastSeen: model.now, interactions: 0n, charged, absorbed: 0n });
      },
    ),
  );

/** The shortest way to work that the pool pays for, so that much of what happens is about that. */
export const judgedAtOnce = pick.map((who) =>
  command(
    "an order of somebody known, paid and judged acceptable",
    ({ identities, jobs, outage }) => !outage && jobs.length < MOST_JOBS && identities.length > 0,
    async (model, world) => {
      const { jobs, invoices } = world.shop.services;
      const identity = pickOf(model.identities, who);
      visited(identity, model.now);
      const { pubkey } = identity;
      const created = unwrap(await jobs.create({ request: REQUEST, clientKey: "me", pubkey }));
      const job = newJob(created.jobId, created.refundToken, onModel(created.evalInvoice), identity);
      model.jobs.push(job);
      for (const invoice of job.invoices) {
        await payPlace(world, { order: job, invoice });
        unwrap(await invoices.lookUp(invoice.paymentHash));
        heard(model, job, invoice);
      }
      for (const task of await world.dueTasks([job.id])) await runTask(model, world, task);
      return job;
    },
  ),
);

let topUps = 0;
export const topUp = fc.constantFrom(20n, 60n, 200n).map((amount) =>
  command(
    `the operator puts ${amount} sats into the pool`,
    ({ totals }) => totals.pool < 100n,
    async ({ totals }, { shop }) => {
      topUps += 1;
      const line = { debit: "pool_commitment", credit: "pool", creditOwner: "pool", msat: String(amount * 1000n) };
      await shop.db.pool.query("SELECT ledger_post($1, $2::jsonb)", [`pool-top-up:${topUps}`, JSON.stringify([line])]);
      totals.pool += amount;
      totals.committed += amount;
    },
  ),
);

export const drain = fc.constant(
  command(
    "others use the pool up, while somebody counts on it",
    ({ jobs, sessions, totals }) =>
      totals.pool > 0n &&
      (jobs.some(({ use }) => use?.state === "pledged") || sessions.some(({ identity }) => identity)),
    async ({ totals }, { shop }) => {
      const { decide, settle } = freeTier(shop);
      while (totals.pool > 0n) {
        const other = await regular(shop, randomHex(32), { score: 1_000, chargedSats: MOST_A_DAY });
        const [orderId, amount] = [newOrderId(), totals.pool < MOST_A_DAY ? totals.pool : MOST_A_DAY];
        expect(await decide(other, orderId, amount)).toMatchObject({ serve: "free" });
        expect(await settle(orderId, amount)).toBe(amount);
        totals.pool -= amount;
        totals.granted += amount;
      }
    },
  ),
);
