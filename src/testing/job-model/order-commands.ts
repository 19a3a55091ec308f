import fc from "fast-check";
import { expect } from "vitest";
import { sats } from "~/core/money";
import { unwrap } from "../unwrap";
import { command, oneOf, pick, pickOf } from "./command";
import { pledgeDropped, tierOf, visited } from "./free-tier";
import { awaitedInvoice, EVAL_FEE, heard, isOver, type ModelJob, newJob } from "./model";
import { type ModelInvoice, newInvoice } from "./order-model";
import { payPlace } from "./payment-commands";
import { REQUEST, type World } from "./world";

export const MOST_JOBS = 4;

export const create = fc.tuple(oneOf({ answers: 6, timesOutBefore: 1, timesOutAfter: 1 }), pick).map(([how, who]) =>
  command(
    `order (wallet ${how}, of ${who % 6 === 0 ? "nobody" : "somebody"} known)`,
    ({ jobs }) => jobs.length < MOST_JOBS,
    async (model, world) => {
      const { jobs } = world.shop.services;
      const trouble = how === "answers" ? null : how;
      if (trouble && !model.outage) world.wallet.next("createInvoice", { kind: trouble });
      const identity = who % 6 === 0 ? null : (model.identities[who % Math.max(model.identities.length, 1)] ?? null);
      if (identity) visited(identity, model.now);
      const pubkey = identity?.pubkey ?? null;
      const created = await jobs.create({ request: REQUEST, clientKey: "me", pubkey });
      if (model.outage || trouble) {
        expect(created).toMatchObject({ ok: false, error: { code: "walletDown" } });
        return;
      }
      const { jobId, refundToken, evalInvoice, trust_tier: tier } = unwrap(created);
      expect(tier).toBe(identity ? tierOf(identity, model.now).name : "anonymous");
      expect(BigInt(evalInvoice.amountSats)).toBe(EVAL_FEE);
      const job = newJob(jobId, refundToken, onModel(evalInvoice), identity);
      model.jobs.push(job);
      return job;
    },
  ),
);

export const onModel = (invoice: { paymentHash: string; expiresAt: string }) => ({
  paymentHash: invoice.paymentHash,
  expiresAt: Date.parse(invoice.expiresAt),
});

export const cancel = fc
  .tuple(pick, fc.constantFrom("right" as const, "right" as const, "wrong" as const, "missing" as const))
  .map(([which, token]) =>
    command(
      `cancel (${token} token)`,
      ({ jobs }) => jobs.length > 0,
      async (model, { shop }) => {
        const open = model.jobs.filter(awaitedInvoice);
        const job = pickOf(token === "right" && open.length > 0 && which % 5 > 0 ? open : model.jobs, which);
        const given = token === "right" ? job.refundToken : token === "wrong" ? "wrong" : undefined;
        const code = { right: null, wrong: "refundTokenWrong", missing: "refundTokenMissing" }[token];
        const cancellable = awaitedInvoice(job) !== undefined || job.state === "cancelled";
        if (!code && cancellable) cancelled(job);
        const answer = await shop.services.jobs.cancel(job.id, given);
        if (code) expect(answer).toMatchObject({ error: { code } });
        else expect(answer).toMatchObject(cancellable ? { ok: true } : { error: { code: "illegalMove" } });
        return job;
      },
    ),
  );

export async function cancelJob({ shop }: World, job: ModelJob): Promise<void> {
  unwrap(await shop.services.jobs.cancel(job.id, job.refundToken));
  cancelled(job);
}

function cancelled(job: ModelJob): void {
  job.state = "cancelled";
  pledgeDropped(job);
}

/** The shortest way to money that is owed, so that much of what happens is about paying it out. */
export const oweAtOnce = fc.constant(
  command(
    "an order that is cancelled and paid all the same",
    ({ jobs, outage }) => !outage && jobs.length < MOST_JOBS,
    async (model, world) => {
      const { jobs, invoices } = world.shop.services;
      const { jobId, refundToken, evalInvoice } = unwrap(
        await jobs.create({ request: REQUEST, clientKey: "me", pubkey: null }),
      );
      const job = newJob(jobId, refundToken, onModel(evalInvoice));
      const [invoice] = job.invoices;
      if (!invoice) throw new Error("an order without an invoice");
      model.jobs.push(job);
      await cancelJob(world, job);
      await payPlace(world, { order: job, invoice });
      unwrap(await invoices.lookUp(invoice.paymentHash));
      heard(model, job, invoice);
      return job;
    },
  ),
);

export const deleteText = pick.map((which) =>
  command(
    "delete the texts",
    ({ jobs }) => jobs.length > 0,
    async (model, { shop }) => {
      const job = pickOf(model.jobs, which);
      const answer = await shop.services.jobs.deleteText(job.id, job.refundToken);
      expect(answer).toMatchObject(isOver(job) ? { ok: true } : { error: { code: "jobInProgress" } });
      if (isOver(job)) job.erased = true;
      return job;
    },
  ),
);

// No flow of today leaves an invoice behind that an ended job was not waiting for; the table knows what it would be.
export const strayInvoice = pick.map((which) =>
  command(
    "an invoice besides, for a job at its end",
    ({ jobs, outage }) => !outage && jobs.some(isOver),
    async (model, world) => {
      const job = pickOf(model.jobs.filter(isOver), which);
      await addInvoice(world, job);
      return job;
    },
  ),
);

export async function addInvoice({ shop }: World, job: ModelJob): Promise<ModelInvoice> {
  const { invoices } = shop.services;
  const issued = unwrap(await invoices.issue({ amountSats: sats(EVAL_FEE), memo: "m", expirySeconds: 600 }));
  await shop.db.inTx((tx) =>
    invoices.record(tx, issued, sats(EVAL_FEE), { orderKind: "job", orderId: job.id, purpose: "other" }),
  );
  const { paymentHash, expiresAt } = issued;
  const invoice = newInvoice("other", EVAL_FEE, { paymentHash, expiresAt: expiresAt.getTime() });
  job.invoices.push(invoice);
  return invoice;
}
