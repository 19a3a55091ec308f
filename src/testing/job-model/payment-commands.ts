import fc from "fast-check";
import { expect } from "vitest";
import { IN_TURN } from "~/modules/invoices/invoice-store";
import { command, type Place, pick, pickOf, places } from "./command";
import { heard, type Model, polled, waitsFor } from "./model";
import type { World } from "./world";

const unpaid = (model: Model) => places(model, ({ invoice }) => invoice.creditedMsat === null);
const unseen = (model: Model) => places(model, ({ invoice }) => invoice.state !== "settled");

const EXTRA_MSAT = [0n, 0n, 0n, 3_000n, 1n, 999n, 1_001n];

export const awaited = (model: Model) =>
  unpaid(model).filter(({ order, invoice }) => waitsFor(order, invoice) && model.now < invoice.expiresAt);

export const pay = fc
  .tuple(
    pick,
    fc.constantFrom(...EXTRA_MSAT),
    fc.constantFrom("in time" as const, "any" as const, "in time, and we hear of it" as const),
  )
  .map(([which, extra, when]) =>
    command(
      `pay an invoice (${when})${extra ? ` and ${extra} msat more` : ""}`,
      (model) => (when === "any" ? unpaid(model) : awaited(model)).length > 0,
      async (model, world) => {
        const place = pickOf(when === "any" ? unpaid(model) : awaited(model), which);
        const { order, invoice } = place;
        await payPlace(world, place, extra);
        if (when !== "in time, and we hear of it") return order;
        if (!model.outage) heard(model, order, invoice);
        await world.shop.services.invoices.lookUp(invoice.paymentHash);
        return order;
      },
    ),
  );

export async function payPlace(world: World, { invoice }: Place, extraMsat = 0n): Promise<void> {
  invoice.creditedMsat = invoice.amount * 1000n + extraMsat;
  await world.payOutside(invoice.paymentHash, invoice.creditedMsat);
}

export const payAgain = pick.map((which) =>
  command(
    "pay an invoice twice",
    (model) => unpaid(model).length < places(model, () => true).length,
    async (model, world) => {
      const paid = places(model, ({ invoice }) => invoice.creditedMsat !== null);
      const { invoice, order } = pickOf(paid, which);
      await world.payOutside(invoice.paymentHash, 77_000n);
      return order;
    },
  ),
);

export const hint = fc.tuple(pick, fc.integer({ min: 1, max: 4 }), fc.boolean()).map(([which, times, trouble]) =>
  command(
    `${times} hints${trouble ? " (wallet does not answer)" : ""}`,
    (model) => unseen(model).length > 0,
    async (model, world) => {
      const { order, invoice } = pickOf(unseen(model), which);
      const silent = trouble && !model.outage;
      if (silent) world.wallet.next("lookUpInvoice", { kind: "timesOutBefore" });
      else if (!model.outage) heard(model, order, invoice);
      const { invoices } = world.shop.services;
      await Promise.all(Array.from({ length: silent ? 1 : times }, () => invoices.lookUp(invoice.paymentHash)));
      return order;
    },
  ),
);

export const forgedHint = fc.constant(
  command(
    "a hint about somebody else's invoice",
    () => true,
    async (_, { shop }) => {
      expect(await shop.services.invoices.lookUp("ab".repeat(32))).toEqual({ ok: true, value: "notOurs" });
    },
  ),
);

export const poll = fc.tuple(pick, fc.integer({ min: 1, max: 5 })).map(([which, times]) =>
  command(
    `${times} polls`,
    ({ jobs }) => jobs.length > 0,
    async (model, { shop }) => {
      const job = pickOf(model.jobs, which);
      polled(model, job);
      await Promise.all(Array.from({ length: times }, () => shop.services.jobs.view(job.id)));
      return job;
    },
  ),
);

const unseenOfJobs = (model: Model) =>
  unseen(model).flatMap(({ order, invoice }) => (order.kind === "job" ? [{ job: order, invoice }] : []));

export const flurry = pick.map((which) =>
  command(
    "5 polls and 3 webhooks at once",
    (model) => unseenOfJobs(model).length > 0,
    async (model, { shop }) => {
      const { job, invoice } = pickOf(unseenOfJobs(model), which);
      const { jobs, invoices } = shop.services;
      polled(model, job);
      if (!model.outage) heard(model, job, invoice);
      await Promise.all([
        ...Array.from({ length: 5 }, () => jobs.view(job.id)),
        ...Array.from({ length: 3 }, () => invoices.lookUp(invoice.paymentHash)),
      ]);
      return job;
    },
  ),
);

/** What a sweep would ask about now, in its order: that decides who gets the pool's last sats. */
export async function dueInvoices(model: Model, world: World): Promise<Place[]> {
  const where = { nextCheckAt: { lte: world.clock.now() } };
  const due = await world.shop.db.prisma.invoice.findMany({ where, orderBy: [...IN_TURN] });
  const byHash = new Map(places(model, () => true).map((place) => [place.invoice.paymentHash, place]));
  return due.flatMap(({ paymentHash }) => byHash.get(paymentHash) ?? []);
}

export const sweep = fc.boolean().map((trouble) =>
  command(
    `sweep${trouble ? " (wallet does not answer)" : ""}`,
    () => true,
    async (model, world) => {
      const due = await dueInvoices(model, world);
      const silent = trouble && !model.outage && due.length > 0;
      if (silent) world.wallet.next("lookUpInvoices", { kind: "timesOutBefore" });
      for (const { order, invoice } of due) {
        invoice.lookedUpAt = model.now;
        if (!silent && !model.outage) heard(model, order, invoice);
      }
      await world.shop.services.invoices.sweep();
    },
  ),
);
