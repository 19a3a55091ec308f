import { setTimeout as sleep } from "node:timers/promises";
import { newOrderId } from "~/core/ids";
import { minSats, type Sats, subtractSats, wireSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import { retryDelayMs } from "~/core/retry-delay";
import type { Database } from "~/db/client";
import type { Runner } from "~/db/liveness";
import type { PoolMoved, PoolService } from "~/modules/pool/pool-service";
import { actualPrice, judgePriceSats } from "~/modules/pricing/pricing";
import type { Pricing } from "~/modules/pricing/pricing-service";
import { fromRecord, toRecord } from "~/modules/pricing/quote-schema";
import type { TrustEvent } from "~/modules/trust/trust";
import type { TrustService } from "~/modules/trust/trust-service";
import type { Agent } from "~/ports/agent";
import type { Clock } from "~/ports/clock";
import { requestLimits } from "./request-limits";
import { type RunOutcome, runRequest } from "./request-run";
import { chargeOf, type SessionNotActive, topupFor } from "./session";
import type { OpenedSession } from "./session-credentials";
import {
  type Begin,
  type Begun,
  beginRequest,
  beginUnlessChanged,
  lockRunning,
  type Settlement,
  settleRequest,
  settleUnlessChanged,
  shareSession,
} from "./session-request-store";
import { TEXTS } from "./session-texts";
import { type RequestActual, type RequestRecord, readRequest, readSessionRecord } from "./session-view-store";

export type RequestDeps = {
  db: Database;
  agent: Agent;
  pricing: Pricing;
  pool: PoolService;
  trust: TrustService;
  clock: Clock;
  /** This process, as a colleague knows it that cleans up after it. */
  runner: Runner;
  settings: { evalFeeSats: Sats; evalTimeoutSeconds: number; workTimeoutSeconds: number };
  /** Balance or history of a session have changed. */
  onChanged: (sessionId: string) => void;
  onError: (error: unknown) => void;
  /** Hears of each answer that is finished and paid for, and what it did to the pool. */
  onDone?: (moved: PoolMoved) => void;
};

/** Hears of a request on its way. What it throws is its own affair. */
export type RequestListener = { begun(requestId: string): void; text(piece: string): void };

export type BalanceTooLow = {
  code: "balanceTooLow";
  sessionId: string;
  /** On the wire. */
  requiredSats: number;
  balanceSats: number;
  /** What to top up by. */
  topupSats: number;
};
export type MakeRequestError = SessionNotActive | BalanceTooLow | { code: "idempotencyKeyReused" };

/** A request at its end, and what the session has left then. */
export type EndedRequest = { request: RequestRecord; balanceSats: Sats };

const WAIT = { firstMs: 50, maxMs: 1000 };
const SETTLE_AGAIN = { firstMs: 100, maxMs: 3000 };
const SETTLE_TRIES = 8;
/** As often something is told from an identity's standing that is another one by then. */
const STANDING_TRIES = 3;

/** Carries requests out, in this process: what they cost is held before and settled after, whatever becomes of them. */
export function sessionRequests(deps: RequestDeps) {
  const { db, agent, pricing, pool, trust, clock, runner, settings, onChanged, onError } = deps;
  const running = new Map<string, { ending: Promise<EndedRequest>; stop: () => void }>();
  let stopping = false;

  /** Makes a request and waits for its end. The same once key again means the same request, wherever it runs. */
  async function make(
    session: OpenedSession,
    input: { request: string; onceKey: string | null },
    listener?: RequestListener,
  ): Promise<Result<EndedRequest, MakeRequestError>> {
    const quote = session.quote ?? toRecord(await pricing.quote(input.request, ["judge", "work"]));
    await runner.proven();
    const now = clock.now();
    const begin = {
      ...input,
      sessionId: session.sessionId,
      requestId: newOrderId(),
      quote,
      runner: runner.id,
      now,
      deadlineAt: new Date(now.getTime() + settings.workTimeoutSeconds * 1000),
    };
    const begun = await begunBy(session, begin);
    switch (begun.outcome) {
      case "begun":
        onChanged(session.sessionId);
        return ok(await start(session, begin, begun, listener));
      case "begunBefore":
        return again(begun.id, input.request);
      case "notActive":
        return notActive(session);
      case "tooLittle": {
        const { heldSats, balanceSats } = begun;
        return err({
          code: "balanceTooLow",
          sessionId: session.sessionId,
          requiredSats: wireSats(heldSats),
          balanceSats: wireSats(balanceSats),
          topupSats: wireSats(topupFor(subtractSats(heldSats, balanceSats))),
        });
      }
    }
  }

  /** One statement decides and takes. It is told how the identity stands; where that has just changed it takes nothing. */
  async function begunBy({ pubkey }: OpenedSession, begin: Omit<Begin, "standing">): Promise<Begun> {
    if (pubkey === null) return beginRequest(db, { ...begin, standing: null });
    for (let tries = 0; tries < STANDING_TRIES; tries += 1) {
      const begun = await beginUnlessChanged(db, { ...begin, standing: await pool.presentDecider(pubkey) });
      if (begun) return begun;
    }
    // Much ends at once for this identity: it is kept as it is for the moment.
    return db.inTx(async (tx) => {
      // The session before the identity, as everybody does who wants both.
      await shareSession(tx, begin.sessionId);
      return beginRequest(tx, { ...begin, standing: await pool.decider(tx, pubkey) });
    });
  }

  async function notActive({ sessionId, state }: OpenedSession) {
    const now = await readSessionRecord(db, sessionId);
    return err({ code: "sessionNotActive" as const, state: now?.state ?? state });
  }

  async function again(id: string, request: string): Promise<Result<EndedRequest, MakeRequestError>> {
    const first = await readRequest(db, id);
    if (first && first.request !== null && first.request !== request) return err({ code: "idempotencyKeyReused" });
    return ok(await ended(id));
  }

  /** Waits for the end of a request, which may run in another process. */
  const ended = (id: string): Promise<EndedRequest> => running.get(id)?.ending ?? endInTheBooks(id);

  async function endInTheBooks(id: string): Promise<EndedRequest> {
    for (let looks = 1; ; looks += 1) {
      const request = await readRequest(db, id);
      if (!request) throw new Error("a request of a session vanished");
      if (request.state !== "running") return { request, balanceSats: await balanceOf(request.sessionId) };
      await sleep(retryDelayMs(looks, WAIT, Math.random()));
    }
  }

  const balanceOf = async (sessionId: string): Promise<Sats> =>
    (await readSessionRecord(db, sessionId))?.balanceSats ?? ZERO_SATS;

  function start(
    session: OpenedSession,
    begin: Omit<Begin, "standing">,
    { heldSats, reservedSats }: Begun,
    listener: RequestListener | undefined,
  ): Promise<EndedRequest> {
    const request: RequestRecord = {
      id: begin.requestId,
      sessionId: begin.sessionId,
      state: "running",
      createdAt: begin.now,
      request: begin.request,
      quote: begin.quote,
      heldSats,
      reservedSats,
      debitedSats: ZERO_SATS,
      absorbedSats: ZERO_SATS,
      actual: null,
      result: null,
      truncated: false,
      reason: null,
      errorMessage: null,
    };
    const limits = requestLimits(settings);
    const ending = carryOut(session, request, begin.request, limits, listener).finally(() => {
      limits.clear();
      running.delete(request.id);
    });
    // Nobody needs to wait for it: its end is in the books.
    ending.catch(onError);
    running.set(request.id, { ending, stop: limits.stop });
    if (stopping) limits.stop();
    return ending;
  }

  async function carryOut(
    session: OpenedSession,
    request: RequestRecord,
    text: string,
    limits: ReturnType<typeof requestLimits>,
    listener: RequestListener | undefined,
  ): Promise<EndedRequest> {
    listener?.begun(request.id);
    const came = await runRequest(agent, text, {
      ...limits,
      maxTokens: request.quote.maxTokens,
      onText: (piece) => listener?.text(piece),
    }).catch((error: unknown) => {
      onError(error);
      return failed(TEXTS.ours);
    });
    return settleSurely(session, request, stopping && came.state === "failed" ? failed(TEXTS.interrupted) : came);
  }

  /** The database may be away for a moment. What cannot be settled at all is at least freed. */
  async function settleSurely(
    session: OpenedSession,
    request: RequestRecord,
    outcome: RunOutcome,
  ): Promise<EndedRequest> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await settle(session, request, outcome);
      } catch (error) {
        onError(error);
        if (failures === SETTLE_TRIES) return settle(session, request, failed(TEXTS.ours));
        await sleep(retryDelayMs(failures, SETTLE_AGAIN, Math.random()));
      }
    }
  }

  async function settle(session: OpenedSession, request: RequestRecord, outcome: RunOutcome): Promise<EndedRequest> {
    const { pubkey } = session;
    const { priceSats, actual } = billOf(outcome, request);
    const charge = chargeOf(outcome.state, priceSats, request);
    const ending = {
      ...charge,
      state: outcome.state,
      actual,
      result: outcome.state === "complete" ? outcome.work.text : null,
      truncated: outcome.state === "complete" && outcome.work.truncated,
      reason: outcome.state === "rejected" ? outcome.reason : null,
      errorMessage: outcome.state === "failed" ? outcome.errorMessage : null,
    };
    const settlement: Settlement = {
      ...ending,
      requestId: request.id,
      poolCreditSats: outcome.state === "complete" ? pool.creditOf(charge.debitedSats) : ZERO_SATS,
      requestHmac: pool.hmacOf(request.request ?? ""),
      now: clock.now(),
    };
    const event = trustEventOf(outcome, charge.debitedSats);
    const balanceSats =
      pubkey === null || event === null
        ? await settleRequest(db, settlement)
        : await settleWithTrust(pubkey, event, settlement);
    // Ended before by somebody who took this process for dead: what was written then stands.
    if (balanceSats === null) return endInTheBooks(request.id);
    onChanged(request.sessionId);
    if (outcome.state === "complete") {
      deps.onDone?.({ creditedSats: settlement.poolCreditSats, grantedSats: charge.absorbedSats });
    }
    return { request: { ...request, ...ending }, balanceSats };
  }

  /** One statement does it. It is told what becomes of the identity; where that has just changed it does nothing. */
  async function settleWithTrust(pubkey: string, event: TrustEvent, settlement: Settlement): Promise<Sats | null> {
    const chargedSats = settlement.state === "complete" ? settlement.debitedSats : ZERO_SATS;
    for (let tries = 0; tries < STANDING_TRIES; tries += 1) {
      const becomes = await trust.wouldBe(pubkey, event);
      if (!becomes) break;
      const settled = await settleUnlessChanged(db, settlement, { ...becomes, chargedSats });
      if (settled !== "changed") return settled;
    }
    // Much ends at once for this identity: it is kept as it is for the moment.
    return db.inTx(async (tx) => {
      if (!(await lockRunning(tx, settlement.requestId))) return null;
      await trust.happened(tx, pubkey, event, chargedSats);
      return settleRequest(tx, settlement);
    });
  }

  function billOf(outcome: RunOutcome, request: RequestRecord): { priceSats: Sats; actual: RequestActual | null } {
    if (outcome.state === "failed") return { priceSats: ZERO_SATS, actual: null };
    const quote = fromRecord(request.quote);
    const usage = { judge: outcome.judged, ...(outcome.state === "complete" && { work: outcome.work.usage }) };
    const price = actualPrice(usage, quote);
    const judged = minSats(settings.evalFeeSats, judgePriceSats(outcome.judged, quote.terms));
    return {
      priceSats: outcome.state === "rejected" ? minSats(judged, quote.quoteSats) : price.actualAmountSats,
      actual: {
        inputTokens: usage.judge.inputTokens + (usage.work?.inputTokens ?? 0),
        outputTokens: usage.judge.outputTokens + (usage.work?.outputTokens ?? 0),
        costUsd: price.actualCostUsd,
      },
    };
  }

  /** Takes no longer than that: what runs by then is stopped, has failed, and what it held is free. */
  async function drain(ms: number): Promise<void> {
    const all = () => Promise.allSettled([...running.values()].map(({ ending }) => ending));
    const late = setTimeout(() => {
      stopping = true;
      for (const { stop } of running.values()) stop();
    }, ms);
    while (running.size > 0) await all();
    clearTimeout(late);
    stopping = true;
  }

  return { make, drain };
}
export type SessionRequests = ReturnType<typeof sessionRequests>;

const failed = (errorMessage: string): RunOutcome => ({ state: "failed", errorMessage, refused: false });

function trustEventOf(outcome: RunOutcome, debitedSats: Sats): TrustEvent | null {
  switch (outcome.state) {
    case "complete":
      return debitedSats > ZERO_SATS ? "paidWork" : "freeWork";
    case "rejected":
      return "refused";
    case "failed":
      return outcome.refused ? "refused" : null;
  }
}
