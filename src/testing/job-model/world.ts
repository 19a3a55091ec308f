import { expect } from "vitest";
import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { msat, sats } from "~/core/money";
import { ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import { TEXTS } from "~/modules/jobs/job-texts";
import type { AskService } from "~/modules/sessions/ask-service";
import type { RequestAnswer } from "~/modules/sessions/session-schema";
import type { Usage } from "~/ports/agent";
import type { LightningWallet } from "~/ports/lightning-wallet";
import { type FrozenClock, frozenClock } from "../frozen-clock";
import { ACCEPTABLE, scriptedAgent } from "../scripted-agent";
import { type TroubledWallet, troubledWallet, type WalletCall } from "../troubled-wallet";
import { TEST_SECRET, type Workshop, workshop } from "../workshop";
import { FREE_TIER_SETTINGS, SEED } from "./free-tier";
import { gates } from "./gates";
import type { Judging, Totals, Working } from "./model";
import type { Answering, ModelRequest } from "./session-model";

export const OPENING_SATS = 1_000_000n;
export const REQUEST = "a haiku";

/** A request of a session that was made and not answered yet. */
export type Asking = {
  request: ModelRequest;
  /** Not begun: it was refused, and that is the answer. */
  begun: boolean;
  answer: Promise<Result<RequestAnswer, { code: string }>>;
  /** Lets the model answer. */
  open(how: Answering): void;
};

export type DueTask = { id: string; task: string; orderId: string; payload: object; paymentHash: string | null };

/** The real services on a real database, with all that is outside in the hands of the commands. */
export type World = {
  shop: Workshop;
  clock: FrozenClock;
  wallet: TroubledWallet;
  mood: { judge: Judging; work: Working; usage: Usage; feeMsat: bigint };
  /** The process dies at the next call of this kind, before or after the wallet has acted. */
  dieAt(call: WalletCall, when: "before" | "after"): void;
  addressAnswers(paymentRequest: string): void;
  /** Somebody pays an invoice of ours, whatever and however late: Lightning can. */
  payOutside(paymentHash: string, creditedMsat: bigint): Promise<void>;
  /** Time passes, for the free tier's days too: those are the database's, which knows nothing of this clock. */
  advance(milliseconds: number): Promise<void>;
  dueTasks(orderIds: readonly string[]): Promise<DueTask[]>;
  /** As a worker of the queue runs it. `died`: the process is gone and its task was freed by the reaper. */
  run(task: DueTask): Promise<"done" | "died">;
  /** As long as every other, so that all are quoted alike. */
  freshText(): string;
  /** Makes a request of a session, here or in a process that dies while it runs. */
  ask(request: ModelRequest, process?: "dies"): Promise<Asking>;
  asking(request: ModelRequest): Asking;
  /** Asks for a single answer, by its credential if there is one. */
  askSingly(text: string, authorization: string | null, pubkey: string | null): ReturnType<AskService["ask"]>;
  requestOf(text: string): Promise<string>;
  preimageOf(paymentHash: string): Promise<string>;
  totals: Totals;
  close(): Promise<void>;
};

class Death extends Error {}

export async function jobWorld(): Promise<World> {
  const clock = frozenClock();
  const agent = scriptedAgent();
  const mood: World["mood"] = {
    judge: "acceptable",
    work: "done",
    usage: { inputTokens: 1, outputTokens: 1 },
    feeMsat: 0n,
  };
  const addresses: string[] = [];
  let death: { call: WalletCall; when: "before" | "after" } | null = null;
  let wallet: TroubledWallet | undefined;

  agent.judges(async () => {
    if (mood.judge === "dies") throw new Death();
    if (mood.judge === "unreachable") return { code: "agentUnreachable", detail: "scripted" };
    if (mood.judge === "nonsense") return { code: "agentNonsense", detail: "scripted" };
    if (mood.judge === "unacceptable") return { verdict: "unacceptable", reason: "scripted", usage: mood.usage };
    return ACCEPTABLE;
  });
  agent.works(async () => {
    if (mood.work === "dies") throw new Death();
    if (mood.work === "unreachable") return { code: "agentUnreachable", detail: "scripted" };
    if (mood.work === "refused") return { code: "agentRefused", detail: "scripted" };
    if (mood.work === "empty") return { code: "agentEmpty", detail: "scripted" };
    return { text: "An answer.", truncated: mood.work === "truncated", usage: mood.usage };
  });

  const gated = gates(agent);
  const shop = await workshop({
    settings: FREE_TIER_SETTINGS,
    outside: ({ db }) => {
      const inner = simulatedWallet({
        store: simulatedWalletStore(db),
        clock,
        decodeInvoice,
        secret: TEST_SECRET,
        openingSats: sats(OPENING_SATS),
      });
      wallet = troubledWallet(takingFees(inner, db, () => mood.feeMsat));
      return {
        wallet: mortal(wallet, (call) => {
          const mine = death?.call === call ? death.when : null;
          if (mine) death = null;
          return mine;
        }),
        agent: gated.agent,
        clock,
        devPayer: null,
        resolveAddress: async () => ok({ paymentRequest: addresses.shift() ?? "" }),
      };
    },
  });
  if (!wallet) throw new Error("the workshop was made without its wallet");
  await shop.services.books.openIfNew();
  await shop.services.pool.seedIfNew();
  const { pool } = shop.db;
  await pool.query(WATCH_MOVES);
  await pool.query(DAYS_BY_HAND);
  const setDay = () => pool.query("UPDATE day_by_hand SET today = $1::timestamptz AT TIME ZONE 'utc'", [clock.now()]);
  await setDay();

  const askings = new Map<ModelRequest, Asking>();
  const closing: (() => Promise<void>)[] = [];
  let texts = 0;
  const askSingly: World["askSingly"] = (text, authorization, pubkey) =>
    shop.services.asks.ask({
      ...{ request: text, authorization, clientKey: "me", pubkey },
      countOrder: async () => ok(null),
    });

  /** The same services in a process of their own, as far as anybody can see who looks after it. */
  async function doomedProcess() {
    const doomed = await workshop({
      databaseUrl: shop.db.url,
      settings: FREE_TIER_SETTINGS,
      outside: () => ({ wallet: shop.outside.wallet, agent: gated.agent, clock }),
    });
    closing.push(doomed.close);
    return {
      services: doomed.services,
      async die() {
        await doomed.outside.runner.stop();
        const isGone = async () =>
          (await pool.query("SELECT process_is_gone($1) AS gone", [doomed.outside.runner.id])).rows[0]?.gone;
        await expect.poll(isGone, { timeout: 20_000 }).toBe(true);
      },
    };
  }

  return {
    freshText() {
      texts += 1;
      return `${REQUEST} ${String(texts).padStart(6, "0")}`;
    },
    askSingly,
    async ask(request, process) {
      const { session, text, onceKey } = request;
      const gate = gated.hold(text);
      const doomed = process === "dies" ? await doomedProcess() : null;
      const { sessions } = doomed?.services ?? shop.services;
      const answer: Asking["answer"] =
        session.kind === "ask"
          ? askSingly(text, session.bearer, null)
          : sessions.request(session.id, session.bearer, { request: text, onceKey });
      const begun = await Promise.race([gate.reached.then(() => true), answer.then(() => false)]);
      await doomed?.die();
      const asking = { request, begun, answer, open: gate.open };
      askings.set(request, asking);
      return asking;
    },
    asking(request) {
      const asking = askings.get(request);
      if (!asking) throw new Error("a request that was never made");
      return asking;
    },
    async requestOf(text) {
      const row = await shop.db.prisma.sessionRequest.findFirst({ where: { request: text }, select: { id: true } });
      if (!row) throw new Error("a request was begun and is not there");
      return row.id;
    },
    async preimageOf(paymentHash) {
      const { rows } = await pool.query("SELECT preimage FROM simulated_invoice WHERE payment_hash = $1", [
        paymentHash,
      ]);
      return rows[0].preimage;
    },

    shop,
    clock,
    wallet,
    mood,
    totals: {
      ...{ creditedMsat: 0n, earned: 0n, paidOut: 0n, feesMsat: 0n, fractionsMsat: 0n },
      ...{ pool: SEED, committed: SEED, granted: 0n, credited: 0n },
    },
    async advance(milliseconds) {
      clock.advance(milliseconds);
      await setDay();
    },
    dieAt: (call, when) => {
      death = { call, when };
    },
    addressAnswers: (paymentRequest) => void addresses.push(paymentRequest),
    async payOutside(paymentHash, creditedMsat) {
      const now = clock.now();
      await pool.query(
        "UPDATE simulated_invoice SET state = 'open', amount_msat = $2, expires_at = 'infinity' WHERE payment_hash = $1 AND state <> 'settled'",
        [paymentHash, creditedMsat.toString()],
      );
      await pool.query("SELECT simulated_wallet_settle($1, $2)", [paymentHash, now]);
    },
    async dueTasks(orderIds) {
      const { rows } = await pool.query<DueTask>(DUE_TASKS, [clock.now(), orderIds]);
      return rows;
    },
    async run(task) {
      await pool.query(
        "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'by hand', attempts = attempts + 1 WHERE id = $1",
        [task.id],
      );
      const handlers: Record<string, (payload: unknown, helpers: { abortSignal: AbortSignal }) => Promise<void>> =
        shop.services.tasks;
      try {
        await handlers[task.task]?.(task.payload, { abortSignal: new AbortController().signal });
      } catch (error) {
        if (!(error instanceof Death)) throw error;
        await pool.query("SELECT graphile_worker.force_unlock_workers(ARRAY['by hand'])");
        return "died";
      }
      await pool.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1", [task.id]);
      return "done";
    },
    async close() {
      gated.openAll();
      await Promise.allSettled([...askings.values()].map(({ answer }) => answer));
      for (const close of closing) await close();
      await shop.close();
    },
  };
}

/** By this clock, not the database's: the queue is worked by hand, since its own worker asks only the database. */
const DUE_TASKS = `
  SELECT q.id::text, t.identifier AS task, q.payload, p.payment_hash AS "paymentHash",
    coalesce(q.payload->>'jobId', p.order_id::text) AS "orderId"
  FROM graphile_worker._private_jobs q JOIN graphile_worker._private_tasks t ON t.id = q.task_id
  LEFT JOIN payout p ON p.id::text = q.payload->>'payoutId'
  WHERE q.run_at <= $1 AND q.locked_at IS NULL AND q.attempts < q.max_attempts
    AND coalesce(q.payload->>'jobId', p.order_id::text) = ANY($2)
  ORDER BY q.priority, q.run_at, q.id`;

/** Every step of every job, as the database saw it: what was reached is not the model's word. */
const WATCH_MOVES = `
  CREATE TABLE observed_move ("from" text, "to" text, refused boolean);
  CREATE FUNCTION observe_move() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO observed_move VALUES (OLD.state, NEW.state, coalesce(NEW.error_message = '${TEXTS.workRefused}', false));
    RETURN NULL;
  END $$;
  CREATE TABLE observed_session_move (kind text, "from" text, "to" text);
  CREATE FUNCTION observe_session_move() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO observed_session_move VALUES (NEW.kind, OLD.state, NEW.state);
    RETURN NULL;
  END $$;
  CREATE TABLE observed_late_topup (of_session text);
  CREATE FUNCTION observe_late_topup() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO observed_late_topup SELECT state FROM session WHERE id = NEW.order_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER observe_late_topups AFTER UPDATE OF state ON invoice FOR EACH ROW
    WHEN (NEW.purpose = 'topup' AND OLD.state = 'expired' AND NEW.state = 'settled') EXECUTE FUNCTION observe_late_topup();
  CREATE TRIGGER observe_session_moves AFTER UPDATE OF state ON session FOR EACH ROW EXECUTE FUNCTION observe_session_move();
  CREATE TRIGGER observe_moves AFTER UPDATE OF deadline_at ON job FOR EACH ROW EXECUTE FUNCTION observe_move();`;

const DAYS_BY_HAND = `
  CREATE TABLE day_by_hand AS SELECT current_date AS today;
  CREATE OR REPLACE FUNCTION free_tier_today() RETURNS date LANGUAGE sql STABLE AS 'SELECT today FROM day_by_hand';`;

/** A wallet whose payments cost what the route takes. */
function takingFees(inner: LightningWallet, db: Database, feeMsat: () => bigint): LightningWallet {
  return {
    ...inner,
    async pay(payment) {
      const outcome = await inner.pay(payment);
      const fee = feeMsat();
      if (outcome.outcome !== "paid" || fee === 0n) return outcome;
      await db.pool.query("UPDATE simulated_payment SET fee_msat = $2 WHERE payment_hash = $1", [
        payment.paymentHash,
        fee.toString(),
      ]);
      await db.pool.query("UPDATE simulated_wallet SET balance_msat = balance_msat - $1", [fee.toString()]);
      return { outcome: "paid", feeMsat: msat(fee) };
    },
  };
}

/** A wallet whose caller can die while it calls. */
function mortal(inner: LightningWallet, dies: (call: WalletCall) => "before" | "after" | null): LightningWallet {
  const dying = async <T>(call: WalletCall, act: () => Promise<T>): Promise<T> => {
    const when = dies(call);
    if (when === "before") throw new Death();
    const answer = await act();
    if (when === "after") throw new Death();
    return answer;
  };
  return {
    ...inner,
    createInvoice: (invoice) => dying("createInvoice", () => inner.createInvoice(invoice)),
    pay: (payment) => dying("pay", () => inner.pay(payment)),
  };
}
