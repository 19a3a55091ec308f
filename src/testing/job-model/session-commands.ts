import fc from "fast-check";
import { expect } from "vitest";
import { toRecord } from "~/modules/pricing/quote-schema";
import type { AskAnswer, RequestAnswer } from "~/modules/sessions/session-schema";
import { unwrap } from "../unwrap";
import { command, oneOf, pick, pickOf } from "./command";
import { tierOf, visited } from "./free-tier";
import { heard, type Model, polled } from "./model";
import { newInvoice } from "./order-model";
import { payPlace } from "./payment-commands";
import {
  type Answering,
  answered,
  begun,
  depositOf,
  heldOf,
  isOpened,
  isRunning,
  keyHolds,
  type ModelRequest,
  type ModelSession,
  newSession,
  openTopup,
  reaped,
  sessionClosed,
} from "./session-model";
import type { Asking, World } from "./world";

const MOST_SESSIONS = 4;

const answering: fc.Arbitrary<Answering> = fc.record({
  judge: oneOf<Answering["judge"]>({ acceptable: 8, unacceptable: 3, nonsense: 1 }),
  work: oneOf<Answering["work"]>({ done: 6, truncated: 1, empty: 1, refused: 1, breaksOff: 1 }),
  usage: fc.record({ inputTokens: fc.nat({ max: 2000 }), outputTokens: fc.nat({ max: 2500 }) }),
});
export const WELL: Answering = {
  judge: "acceptable",
  work: "done",
  usage: { inputTokens: 300, outputTokens: 200 },
};
const told = ({ judge, work }: Answering) => `judge ${judge}, work ${work}`;
const deposits = fc.constantFrom(100n, 100n, 150n, 400n, 1000n);
const wallets = oneOf({ answers: 6, timesOutBefore: 1, timesOutAfter: 1 });

const hasRoom = ({ sessions }: Model) => sessions.length < MOST_SESSIONS;
const sessionsOf = (model: Model, wanted: (session: ModelSession) => boolean = () => true) =>
  model.sessions.filter((session) => session.kind === "session" && wanted(session));
const asksOf = (model: Model) => model.sessions.filter((session) => session.kind === "ask" && isOpened(session));
const someone = (model: Model, who: number) =>
  who % 4 === 0 ? null : (model.identities[who % Math.max(model.identities.length, 1)] ?? null);
const running = (model: Model) => model.requests.filter((request) => isRunning(request) && !request.left);

export const openSession = fc.tuple(deposits, wallets, pick, fc.boolean()).map(([amount, how, who, atOnce]) =>
  command(
    `open a session of ${amount} sats (wallet ${how}${atOnce ? ", paid at once" : ""})`,
    hasRoom,
    async (model, world) => {
      const { sessions } = world.shop.services;
      const trouble = how !== "answers" && !model.outage;
      if (trouble) world.wallet.next("createInvoice", { kind: how });
      const identity = someone(model, who);
      if (identity) visited(identity, model.now);
      const wanted = { amountSats: Number(amount), clientKey: "me", pubkey: identity?.pubkey ?? null };
      const made = await sessions.create(wanted);
      if (model.outage || trouble) {
        expect(made).toMatchObject({ ok: false, error: { code: "walletDown" } });
        return;
      }
      const { sessionId: id, refundToken, macaroon, depositInvoice, trust_tier: tier } = unwrap(made);
      expect(tier).toBe(identity ? tierOf(identity, model.now).name : "anonymous");
      const deposit = { ...onModel(depositInvoice), amount };
      const session = newSession("session", { id, refundToken, bearer: `Bearer ${macaroon}` }, deposit, identity);
      model.sessions.push(session);
      if (atOnce) await payDeposit(model, world, session);
      return session;
    },
  ),
);

const onModel = (invoice: { paymentHash: string; expiresAt: string }) => ({
  paymentHash: invoice.paymentHash,
  expiresAt: Date.parse(invoice.expiresAt),
});

async function payDeposit(model: Model, world: World, session: ModelSession): Promise<void> {
  const invoice = depositOf(session);
  if (!invoice) throw new Error("a session without a deposit");
  await payPlace(world, { order: session, invoice });
  heard(model, session, invoice);
  unwrap(await world.shop.services.invoices.lookUp(invoice.paymentHash));
}

// Requests ------------------------------------------------------------------------------------------------------------

/** Asks, and waits until it is begun or answered. What is refused is checked here; null for it. */
async function begin(
  model: Model,
  world: World,
  session: ModelSession,
  by: { onceKey?: string | null; process?: "dies" } = {},
): Promise<Asking | null> {
  const text = session.sold?.text ?? world.freshText();
  const quote = session.sold?.quote ?? toRecord(await world.shop.services.pricing.quote(text, ["judge", "work"]));
  const onceKey = session.kind === "ask" ? `ask:${session.id}` : (by.onceKey ?? null);
  const [answer, request] = begun(model, session, { text, onceKey, quote });
  const asking = await world.ask(request, by.process);
  expect(asking.begun).toBe(answer === "begun");
  if (answer === "begun") {
    request.id = await world.requestOf(text);
    return asking;
  }
  const { balance } = session;
  const error = {
    begun: {},
    sessionNotActive: session.kind === "ask" ? { code: "paymentRequired" } : { code: answer, state: session.state },
    tooLittle: { code: "balanceTooLow", requiredSats: Number(request.held), balanceSats: Number(balance) },
  }[answer];
  expect(await asking.answer).toMatchObject({ ok: false, error });
  return null;
}

/** Lets a running request come to its end, and holds its answer against the model. */
export async function finish(model: Model, { request, answer, open }: Asking, how: Answering): Promise<void> {
  answered(model, request, how);
  open(how);
  expectAnswer(request, unwrap(await answer));
}

function expectAnswer(request: ModelRequest, answer: RequestAnswer | AskAnswer): void {
  const { id, session, state, held, debited, absorbed } = request;
  expect(answer).toMatchObject({ requestId: id, sessionId: session.id, state, debitedSats: Number(debited) });
  expect(answer.costLedger?.actualAmountSats).toBe(Number(debited));
  expect([answer.free_tier, answer.absorbed_sats]).toEqual(
    absorbed > 0n ? [true, Number(absorbed)] : [undefined, undefined],
  );
  expect(answer.result !== undefined).toBe(state === "complete");
  expect(debited).toBeGreaterThanOrEqual(0n);
  expect(debited).toBeLessThanOrEqual(held);
  expect(debited + absorbed).toBeLessThanOrEqual(BigInt(request.quote.quoteSats));
}

const mayAsk = (model: Model) => sessionsOf(model, isOpened);
/** Mostly one that can answer. */
const asked = (model: Model, which: number) => {
  const active = mayAsk(model).filter(({ state }) => state === "active");
  return pickOf(which % 8 > 0 && active.length > 0 ? active : mayAsk(model), which);
};
const once = () => `once:${crypto.randomUUID()}`;

export const ask = fc.tuple(pick, answering, fc.boolean()).map(([which, how, keyed]) =>
  command(
    `ask in a session (${told(how)})`,
    (model) => mayAsk(model).length > 0,
    async (model, world) => {
      const session = asked(model, which);
      const asking = await begin(model, world, session, { onceKey: keyed ? once() : null });
      if (asking) await finish(model, asking, how);
      return session;
    },
  ),
);

export const askTogether = fc.tuple(pick, answering, fc.integer({ min: 2, max: 4 })).map(([which, how, times]) =>
  command(
    `${times} requests of a session at once (${told(how)})`,
    (model) => mayAsk(model).length > 0,
    async (model, world) => {
      const session = asked(model, which);
      const quote = toRecord(await world.shop.services.pricing.quote(world.freshText(), ["judge", "work"]));
      const asks = Array.from({ length: times }, () =>
        begun(model, session, { text: world.freshText(), onceKey: null, quote }),
      );
      const began = asks.flatMap(([answer, request]) => (answer === "begun" ? [request] : []));
      const askings = await Promise.all(asks.map(([, request]) => world.ask(request)));
      const reached = askings.filter((asking) => asking.begun);
      expect(reached).toHaveLength(began.length);
      // Who of them was first is for the database to say: they are told apart by nothing else.
      const rows = await world.shop.db.prisma.sessionRequest.findMany({
        where: { request: { in: asks.map(([, { text }]) => text) } },
        select: { id: true, request: true, reservedSats: true },
        orderBy: { reservedSats: "desc" },
      });
      const inOrder = [...began].sort((a, b) => Number(b.covered - a.covered));
      for (const [n, request] of inOrder.entries()) {
        request.id = rows[n]?.id ?? "";
        request.text = rows[n]?.request ?? "";
      }
      for (const request of began) answered(model, request, how);
      for (const { open } of reached) open(how);
      const answers = await Promise.all(reached.map(({ answer }) => answer));
      for (const answer of answers) {
        const value = unwrap(answer);
        expectAnswer(began.find(({ id }) => id === value.requestId) as ModelRequest, value);
      }
      return session;
    },
  ),
);

export const askAgain = fc.tuple(pick, fc.boolean()).map(([which, same]) => {
  const again = (model: Model) =>
    model.requests.filter(
      (request) =>
        request.session.kind === "session" && request.onceKey && !isRunning(request) && keyHolds(model, request),
    );
  return command(
    `a request by a key that was used (${same ? "the same" : "another"} request)`,
    (model) => again(model).length > 0,
    async (model, world) => {
      const request = pickOf(again(model), which);
      const { session, onceKey } = request;
      const input = { request: same ? request.text : world.freshText(), onceKey };
      const answer = await world.shop.services.sessions.request(session.id, session.bearer, input);
      if (same) expectAnswer(request, unwrap(answer));
      else expect(answer).toMatchObject({ error: { code: "idempotencyKeyReused" } });
      return session;
    },
  );
});

export const askAndWait = pick.map((which) =>
  command(
    "ask in a session, and it takes its time",
    (model) => mayAsk(model).length > 0 && running(model).length < 4,
    async (model, world) => {
      const session = asked(model, which);
      await begin(model, world, session, { onceKey: which % 2 === 0 ? once() : null });
      return session;
    },
  ),
);

export const answerCame = fc.tuple(pick, answering).map(([which, how]) =>
  command(
    `a request that took its time ends (${told(how)})`,
    (model) => running(model).length > 0,
    async (model, world) => {
      const request = pickOf(running(model), which);
      await finish(model, world.asking(request), how);
      return request.session;
    },
  ),
);

export const processDies = pick.map((which) =>
  command(
    "the process dies that a request of a session runs in",
    (model) => sessionsOf(model, ({ state }) => state === "active").length > 0,
    async (model, world) => {
      const session = pickOf(
        sessionsOf(model, ({ state }) => state === "active"),
        which,
      );
      const asking = await begin(model, world, session, { process: "dies" });
      if (asking) asking.request.left = true;
      return session;
    },
  ),
);

/** Looked at twice: who was found without a lock once may be cut off for a moment. */
export async function cleanUp(model: Model, { shop }: World): Promise<void> {
  reaped(model);
  await shop.services.sessionSweep.failStrays();
  await shop.services.sessionSweep.failStrays();
}
export const reap = fc.constant(
  command(
    "what dead processes left behind is cleaned up",
    ({ requests }) => requests.some((request) => request.left && isRunning(request)),
    cleanUp,
  ),
);

export const lateAnswer = fc.tuple(pick, answering).map(([which, how]) => {
  const zombies = (model: Model) => model.requests.filter((request) => request.left && !isRunning(request));
  return command(
    `an answer from a process that was taken for dead (${told(how)})`,
    (model) => zombies(model).length > 0,
    async (model, world) => {
      const request = pickOf(zombies(model), which);
      await finish(model, world.asking(request), how);
      return request.session;
    },
  );
});

// Top-ups, looks, the end ---------------------------------------------------------------------------------------------

export const topUpSession = fc.tuple(pick, deposits, wallets).map(([which, amount, how]) =>
  command(
    `top a session up by ${amount} sats (wallet ${how})`,
    (model) => mayAsk(model).length > 0,
    async (model, world) => {
      const session = asked(model, which);
      const before = openTopup(session);
      if (before && model.now >= before.expiresAt) {
        if (!model.outage) heard(model, session, before);
      } else polled(model, session);
      const trouble = how !== "answers" && !model.outage && session.state === "active" && !openTopup(session);
      if (trouble) world.wallet.next("createInvoice", { kind: how });
      const { sessions } = world.shop.services;
      const answer = await sessions.topup(session.id, session.bearer, Number(amount));
      const pending = openTopup(session);
      if (session.state !== "active") {
        expect(answer).toMatchObject({ error: { code: "sessionNotActive", state: session.state } });
      } else if (pending) {
        const { paymentHash } = pending;
        expect(answer).toMatchObject({ error: { code: "topupPending", pendingTopup: { paymentHash } } });
      } else if (model.outage || trouble) {
        expect(answer).toMatchObject({ error: { code: "walletDown" } });
      } else {
        const { topupInvoice } = unwrap(answer);
        session.invoices.push(newInvoice("topup", amount, onModel(topupInvoice)));
      }
      return session;
    },
  ),
);

/** Top-ups that nobody paid, of sessions that are open. */
const forgottenTopups = (model: Model) =>
  sessionsOf(model, ({ state }) => state === "active").flatMap((session) =>
    session.invoices
      .filter(({ purpose, creditedMsat }) => purpose === "topup" && creditedMsat === null)
      .map((invoice) => ({ session, invoice })),
  );

/** Its session goes on without it: what comes then is no balance, and owed. */
export const lateTopup = pick.map((which) =>
  command(
    "a top-up runs out, and then it is paid",
    (model) => !model.outage && forgottenTopups(model).length > 0,
    async (model, world) => {
      const { session, invoice } = pickOf(forgottenTopups(model), which);
      const left = Math.max(invoice.expiresAt - model.now, 0);
      await world.advance(left);
      model.now += left;
      heard(model, session, invoice);
      const { invoices } = world.shop.services;
      unwrap(await invoices.lookUp(invoice.paymentHash));
      await payPlace(world, { order: session, invoice });
      heard(model, session, invoice);
      unwrap(await invoices.lookUp(invoice.paymentHash));
      return session;
    },
  ),
);

export const lookAtSession = fc.tuple(pick, fc.integer({ min: 1, max: 4 })).map(([which, times]) =>
  command(
    `${times} looks at a session`,
    (model) => mayAsk(model).length > 0,
    async (model, { shop }) => {
      const session = pickOf(mayAsk(model), which);
      polled(model, session);
      const { sessions } = shop.services;
      const looks = Array.from({ length: times }, () => sessions.view(session.id, session.bearer, { limit: 5 }));
      for (const look of await Promise.all(looks)) unwrap(look);
      return session;
    },
  ),
);

export const close = fc
  .tuple(
    pick,
    fc.constantFrom("right" as const, "right" as const, "right" as const, "wrong" as const, "missing" as const),
  )
  .map(([which, token]) =>
    command(
      `close a session (${token} token)`,
      ({ sessions }) => sessions.length > 0,
      async (model, { shop }) => {
        const session = pickOf(model.sessions, which);
        const given = { right: session.refundToken, wrong: "wrong", missing: undefined }[token];
        const answer = await shop.services.sessions.close(session.id, given);
        if (token === "wrong") expect(answer).toMatchObject({ error: { code: "refundTokenWrong" } });
        else if (token === "missing") expect(answer).toMatchObject({ error: { code: "refundTokenMissing" } });
        else {
          const closed = sessionClosed(session);
          const { state } = session;
          expect(answer).toMatchObject(
            closed === "closed" ? { value: { state, balanceSats: 0 } } : { error: { code: closed, state } },
          );
          if (heldOf(session) > 0n) expect(session.balance).toBe(0n);
        }
        return session;
      },
    ),
  );

// Answers that are sold singly ----------------------------------------------------------------------------------------

/** Reads a challenge for one answer, and knows the ask that it made. */
async function challenged(model: Model, world: World, text: string, error: unknown, who: number) {
  expect(error).toMatchObject({ code: "paymentRequired" });
  const {
    sessionId: id,
    refundToken,
    macaroon,
    invoice,
  } = error as {
    sessionId: string;
    refundToken: string;
    macaroon: string;
    invoice: { paymentHash: string; expiresAt: string; amountSats: number };
  };
  const preimage = await world.preimageOf(invoice.paymentHash);
  const quote = toRecord(await world.shop.services.pricing.quote(text, ["judge", "work"]));
  expect(BigInt(invoice.amountSats)).toBe(BigInt(quote.quoteSats));
  const deposit = { ...onModel(invoice), amount: BigInt(invoice.amountSats) };
  const made = { id, refundToken, bearer: `L402 ${macaroon}:${preimage}` };
  const session = newSession("ask", made, deposit, someone(model, who), { text, quote });
  model.sessions.push(session);
  return session;
}

export const buyAnswer = fc.tuple(pick, wallets, fc.boolean()).map(([who, how, atOnce]) =>
  command(`ask for a single answer (wallet ${how}${atOnce ? ", paid at once" : ""})`, hasRoom, async (model, world) => {
    const trouble = how !== "answers" && !model.outage;
    if (trouble) world.wallet.next("createInvoice", { kind: how });
    const identity = someone(model, who);
    const text = world.freshText();
    const said = await world.askSingly(text, null, identity?.pubkey ?? null);
    expect(said.ok).toBe(false);
    if (model.outage || trouble) {
      expect(said).toMatchObject({ error: { code: "walletDown" } });
      return;
    }
    if (identity) visited(identity, model.now);
    const session = await challenged(model, world, text, said.ok ? null : said.error, who);
    if (atOnce) await payDeposit(model, world, session);
    return session;
  }),
);

export const fetchAnswer = fc.tuple(pick, answering).map(([which, how]) =>
  command(
    `fetch the answer that was paid for (${told(how)})`,
    (model) => asksOf(model).some(({ requests, state }) => !requests.some(isRunning) && state !== "expired"),
    async (model, world) => {
      const session = pickOf(
        asksOf(model).filter(({ requests, state }) => !requests.some(isRunning) && state !== "expired"),
        which,
      );
      const [before] = session.requests;
      const { sold, bearer } = session;
      if (before && sold) {
        expectAnswer(before, unwrap(await world.askSingly(sold.text, bearer, null)));
      } else if (session.state === "active") {
        const asking = await begin(model, world, session);
        if (asking) await finish(model, asking, how);
      }
      return session;
    },
  ),
);
