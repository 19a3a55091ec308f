import fc from "fast-check";
import { expect } from "vitest";
import { parseQuote, toRecord } from "~/modules/pricing/quote-schema";
import { command, oneOf, pick, pickOf } from "./command";
import {
  invoicedForWork,
  type Judging,
  judging,
  type Model,
  type ModelJob,
  ordersOf,
  quoted,
  type Working,
  workAmount,
  working,
} from "./model";
import { inFlight } from "./order-model";
import { mayGoWrong, type Paying, payoutRun, willSend } from "./payout-model";
import { type DueTask, REQUEST, type World } from "./world";

const hasWork = (model: Model) =>
  model.jobs.some(({ state }) => state === "evaluating" || state === "executing") || ordersOf(model).some(inFlight);
const due = (model: Model, world: World) => world.dueTasks(ordersOf(model).map(({ id }) => id));

export type Manner = {
  judge: Judging;
  work: Working;
  pay: Paying;
  invoice: Invoicing;
  tokens: [number, number];
  feeMsat: bigint;
};
type Invoicing = "made" | "timesOutBefore" | "timesOutAfter" | "diesBefore" | "diesAfter";
const manner: fc.Arbitrary<Manner> = fc.record({
  judge: oneOf<Judging>({ acceptable: 8, unacceptable: 1, unreachable: 1, nonsense: 1, dies: 1 }),
  work: oneOf<Working>({ done: 3, truncated: 1, empty: 1, refused: 1, unreachable: 1, dies: 1 }),
  pay: oneOf<Paying>({
    ...{ pays: 4, timesOutBefore: 1, timesOutAfter: 1, notSent: 1, pending: 2 },
    ...{ arrivesLate: 2, fails: 1, diesBefore: 1, diesAfter: 1 },
  }),
  invoice: oneOf<Invoicing>({ made: 8, timesOutBefore: 1, timesOutAfter: 1, diesBefore: 1, diesAfter: 1 }),
  tokens: fc.tuple(fc.nat({ max: 3000 }), fc.nat({ max: 4000 })),
  feeMsat: fc.constantFrom(0n, 1n, 1_000n, 2_345n),
});
export const GOOD: Manner = {
  judge: "acceptable",
  work: "done",
  pay: "pays",
  invoice: "made",
  tokens: [300, 200],
  feeMsat: 0n,
};

export const runTasks = fc.tuple(fc.constantFrom(1, 1, 9), pick, manner).map(([most, which, how]) =>
  command(
    `work ${most === 1 ? "a task" : "all tasks"} (judge ${how.judge}, work ${how.work}, pay ${how.pay}, invoice ${how.invoice})`,
    hasWork,
    async (model, world) => {
      const tasks = await due(model, world);
      const chosen = most === 1 ? tasks.slice(which % Math.max(tasks.length, 1)).slice(0, 1) : tasks;
      for (const task of chosen) await runTask(model, world, task, how);
    },
  ),
);

export const runTwice = fc.tuple(pick, manner).map(([which, how]) =>
  command(`two workers on one task (judge ${how.judge}, work ${how.work})`, hasWork, async (model, world) => {
    const tasks = (await due(model, world)).filter(({ task }) => task !== "payout");
    if (tasks.length === 0) return;
    const task = pickOf(tasks, which);
    const steady = { ...how, invoice: "made" as const };
    if (how.judge === "dies") steady.judge = "unreachable";
    if (how.work === "dies") steady.work = "unreachable";
    await runTask(model, world, task, steady, 2);
  }),
);

export async function runTask(
  model: Model,
  world: World,
  due: DueTask,
  how: Manner = GOOD,
  workers = 1,
): Promise<void> {
  const order = ordersOf(model).find(({ id }) => id === due.orderId);
  if (!order) throw new Error("a task of no order");
  const usage = { inputTokens: how.tokens[0], outputTokens: how.tokens[1] };
  Object.assign(world.mood, { judge: how.judge, work: how.work, usage, feeMsat: how.feeMsat });
  const run = () => Promise.all(Array.from({ length: workers }, () => world.run(due)));

  if (due.task === "payout") {
    const payout = order.payouts.find(({ paymentHash }) => paymentHash === due.paymentHash);
    if (!payout) throw new Error("a task of no payout");
    const pays = mayGoWrong(payout) ? how.pay : "pays";
    if (willSend(model, payout)) payTrouble(world, pays, model.outage !== null);
    payoutRun(model, order, payout, pays, how.feeMsat);
    await run();
    return;
  }
  if (order.kind !== "job") throw new Error("a session has no such task");
  const job = order;
  if (due.task === "work") {
    working(model, job, how.work, usage);
    await run();
  } else if (due.task === "evaluate") {
    let next: string = judging(model, job, how.judge);
    if (next === "asks" && !job.quote) next = quoted(model, job, await quoteOf(world));
    const asks = next === "asks";
    if (asks && !model.outage) orderTrouble(world, how.invoice);
    await run();
    if (asks || next === "free") await agreeOnQuote(world, job);
    if (asks) await learnInvoice(model, world, job, !model.outage && how.invoice === "made");
  }
}

function orderTrouble(world: World, how: Invoicing): void {
  if (how === "timesOutBefore" || how === "timesOutAfter") world.wallet.next("createInvoice", { kind: how });
  if (how === "diesBefore") world.dieAt("createInvoice", "before");
  if (how === "diesAfter") world.dieAt("createInvoice", "after");
}

function payTrouble(world: World, how: Paying, outage: boolean): void {
  if (how === "diesBefore" || how === "diesAfter") {
    world.dieAt("pay", how === "diesBefore" ? "before" : "after");
  } else if (!outage && how !== "pays") {
    world.wallet.next("pay", how === "notSent" ? { kind: "busy", retryAfterSeconds: 1 } : { kind: how });
  }
}

/** All ask for the same, and bitcoin keeps its price here. */
const quoteOf = async ({ shop }: World) => toRecord(await shop.services.pricing.quote(REQUEST, ["work"]));

async function agreeOnQuote({ shop }: World, job: ModelJob): Promise<void> {
  const row = await shop.db.prisma.job.findUniqueOrThrow({ where: { id: job.id } });
  expect([parseQuote(row.quote), row.coveredSats]).toEqual([job.quote, job.covered]);
}

async function learnInvoice(model: Model, { shop }: World, job: ModelJob, invoiced: boolean): Promise<void> {
  const made = await shop.db.prisma.invoice.findFirst({ where: { orderId: job.id, purpose: "work" } });
  expect(made !== null).toBe(invoiced);
  if (!made) return;
  expect(made.amountSats).toBe(workAmount(job));
  invoicedForWork(model, job, { paymentHash: made.paymentHash, expiresAt: made.expiresAt.getTime() });
}

export const rescue = fc.constant(
  command(
    "look after lost tasks",
    () => true,
    async (_, { shop }) => shop.services.tasks["rescue-jobs"](),
  ),
);
