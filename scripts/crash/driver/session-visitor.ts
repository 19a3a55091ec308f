import { randomUUID } from "node:crypto";
import { z } from "zod";
import { allBooked, withFacts } from "./booked";
import { claimAll } from "./claim";
import { eraseOld } from "./faults";
import { regular } from "./identities";
import { createJob, walk } from "./job-visitor";
import { InvoiceOnWire, type Order, pathOf } from "./order";
import { askUntilAnswered } from "./request";
import { SESSION_FLOWS, type SessionFlow, type SessionFlowName } from "./session-flows";
import { mustHold, type World } from "./world";

/** Enough for the requests of one visitor, and for those that are tried again. */
const DEPOSIT_SATS = 1_000;
const TOPUP_SATS = 200;

const Created = z.object({
  sessionId: z.string(),
  refundToken: z.string(),
  macaroon: z.string(),
  depositInvoice: InvoiceOnWire,
});
const CreatedTopup = z.object({ topupInvoice: InvoiceOnWire.extend({ expiresAt: z.iso.datetime() }) });
const Pending = z.object({ pendingTopup: InvoiceOnWire });

type Session = Order & { authorization: Record<string, string>; deposit: z.infer<typeof InvoiceOnWire> };

/** One visitor's way through one session. */
export async function visitSession(name: SessionFlowName, number: number, world: World): Promise<boolean> {
  const flow: SessionFlow = SESSION_FLOWS[name];
  const session = await open(flow, world);
  return withFacts(session, world, () => follow(session, flow, `${flow.mark ?? ""} ${name} ${number}`.trim(), world));
}

async function open({ by }: SessionFlow, { client, pool }: World): Promise<Session> {
  const headers = await regular(pool, by);
  const { status, body } = await client.post("/api/sessions", { amountSats: DEPOSIT_SATS }, { headers });
  mustHold(status === 201, `a session was refused with ${status}`);
  const { sessionId: id, refundToken, macaroon, depositInvoice: deposit } = Created.parse(body);
  return { kind: "sessions", id, refundToken, deposit, authorization: { authorization: `Bearer ${macaroon}` } };
}

async function follow(session: Session, flow: SessionFlow, text: string, world: World): Promise<boolean> {
  const { wallet, sessions, eventually } = world;
  const { paymentHash, paymentRequest } = session.deposit;
  if (flow.deposit === "late") await close(session, world);
  if (flow.deposit !== "never") await wallet.pay(paymentHash, paymentRequest);
  const state = await eventually("a deposit is noticed, or over", async () => {
    const now = await sessions.state(session.id);
    return now === "awaiting_payment" ? null : now;
  });
  const served = state === "active" && (await use(session, flow, text, world));
  await allBooked(session, world);
  const { owed_msat } = await world.orders.money(session.id);
  await claimAll(session, flow, world);
  if (flow.deposit === "never") return state === "expired";
  return flow.deposit === "late" ? owed_msat > 0n : served;
}

/** What a session is there for; and then it is closed. */
async function use(session: Session, flow: SessionFlow, text: string, world: World): Promise<boolean> {
  if (flow.before === "topup") await topUp(session, world);
  if (flow.before === "refundInto") await refundInto(session, text, world);
  const texts = flow.answer ? [text, ...(flow.parallel ? [`${text} too`] : [])] : [];
  const asked = await Promise.all(
    texts.map((request) =>
      askUntilAnswered({ session, headers: session.authorization, request, flow, answer: flow.answer }, world),
    ),
  );
  const { all } = await world.sessions.requests(session.id);
  const keys = asked.reduce((sum, { keys }) => sum + keys, 0);
  mustHold(all === keys, `${keys} requests of one session came to ${all}`);
  await close(session, world);
  if (flow.forgotten) {
    await eraseOld(session, world);
    await world.eventually("texts of a session are erased", async () =>
      (await world.sessions.requests(session.id)).withText === 0 ? true : null,
    );
  }
  return asked.every(({ answered }) => answered);
}

async function close(session: Session, { client }: World): Promise<void> {
  const { refundToken } = session;
  const { status } = await client.post(`${pathOf(session)}/close`, { refundToken });
  mustHold(status === 200, `the end of a session was answered with ${status}`);
}

/** While one top-up waits there is no other. */
async function topUp(session: Session, { client, wallet, orders, eventually }: World): Promise<void> {
  const ask = () =>
    client.post(`${pathOf(session)}/topup`, { amountSats: TOPUP_SATS }, { headers: session.authorization });
  const first = await ask();
  mustHold(first.status === 201, `a top-up was refused with ${first.status}`);
  const { topupInvoice } = CreatedTopup.parse(first.body);
  const { paymentHash, paymentRequest } = topupInvoice;
  const second = await ask();
  const isOver = Date.parse(topupInvoice.expiresAt) <= Date.now();
  mustHold(second.status === 409 || isOver, `a second top-up was answered with ${second.status}`);
  if (second.status !== 409) return;
  mustHold(Pending.parse(second.body).pendingTopup.paymentHash === paymentHash, "another top-up waits than was made");
  if (!(await wallet.pay(paymentHash, paymentRequest))) return; // killing took all its time
  await eventually("a top-up is noticed", async () => (await orders.invoice(session.id, "topup")).settled_at);
}

/** What a job owes becomes the balance. */
async function refundInto(session: Session, text: string, world: World): Promise<void> {
  const { client, orders } = world;
  const job = await createJob(`[nonsense] ${text}`, world);
  await withFacts(job, world, async () => {
    await walk(job, { eval: "wallet", end: "failed" }, world);
    await allBooked(job, world);
    const { owed_msat } = await orders.money(job.id);
    if (owed_msat === 0n) return; // it was not paid in time
    const { refundToken } = job;
    const key = randomUUID();
    const { status } = await client.post(`${pathOf(job)}/refund`, { refundToken, sessionId: session.id }, { key });
    mustHold(status === 200, `a refund into a session was answered with ${status}`);
    mustHold((await orders.money(job.id)).owed_msat === 0n, "a refund into a session left something owed");
  });
}
