import { afterEach, beforeEach, expect, test } from "vitest";
import { sats } from "~/core/money";
import type { Container } from "~/server/container";
import { createLog } from "~/server/log";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { startWorker, type Worker } from "./main";

const SOON = { timeout: 60_000, interval: 50 };
const OPENING = 1_000n;

let shop: TroubledWorkshop;
let workers: Worker[];
beforeEach(async () => {
  workers = [];
  shop = await troubledWorkshop({ openingSats: sats(OPENING), books: "unopened" });
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await shop.close();
});

const start = () =>
  startWorker({
    services: shop.services,
    settings: shop.settings,
    log: createLog({ ...shop.settings, logLevel: "silent" }),
    databaseUrl: shop.db.url,
    inTx: shop.db.inTx,
    tasks: { ...shop.services.tasks, "forget-idempotent-answers": async () => undefined },
    followSettlements: () => shop.wallet.followSettlements(() => undefined),
  } as unknown as Container);

test("workers that start at once open the books and seed the pool, once, and soon", async () => {
  workers = await Promise.all([start(), start(), start()]);
  const opened = () =>
    shop.db.prisma.ledgerTransfer.findMany({ where: { eventKey: { in: ["opening", "pool-seed"] } } });
  await expect.poll(async () => (await opened()).length, SOON).toBe(2);
  const booked = Object.fromEntries((await opened()).map(({ eventKey, amountMsat }) => [eventKey, amountMsat]));
  expect(booked).toEqual({ opening: OPENING * 1000n, "pool-seed": BigInt(shop.settings.poolSeedSats) * 1000n });
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});
