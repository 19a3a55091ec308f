import { randomUUID } from "node:crypto";
import { parseWebhookHint } from "~/adapters/lnbits/webhook-hint";
import { playInvoice } from "~/adapters/simulated-wallet/play-invoice";
import { sats, ZERO_SATS } from "~/core/money";
import { err, ok } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import { identityService } from "~/modules/identity/identity-service";
import type { CreatedJob, JobView } from "~/modules/jobs/job-schema";
import { systemClock } from "~/ports/clock";
import type { Container } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { type IdempotencyStore, type KeptAnswer, TwinWasFirst } from "~/server/idempotency-store";
import { createLog } from "~/server/log";
import type { SharedState } from "~/server/metric-store";

import { fakeBootstrap } from "./fake-bootstrap";
import { fakeSessions } from "./fake-sessions";

const HASH = "ab".repeat(32);
const INVOICE = {
  paymentRequest: "lnbcrt100n1fake",
  paymentHash: HASH,
  amountSats: 10,
  expiresAt: "2026-11-22T12:10:00.000Z",
};
const NONE = sats(0);
const CREATED_AT = "2026-11-22T12:00:00.000Z";
export const TOKEN = "the-right-token";

const NOTHING_SHARED: SharedState = {
  queue_ready: 0,
  queue_running: 0,
  queue_later: 0,
  queue_age_seconds: 0,
  payouts_in_flight: 0,
  payouts_in_flight_sats: 0,
  jobs_evaluating: 0,
  jobs_executing: 0,
  pool_sats: 10_000,
  free_model_usd: 0,
  books_ok: null,
};

/** What the edge's answers are checked against: services that keep everything in this process. */
export type FakeContainer = Container & {
  /** Every line that was logged, as JSON. */
  logged: string[];
  /** Hashes that were hinted at. */
  hints: string[];
  created: CreatedJob[];
  /** Ids of jobs that are there. */
  knownJobs: Map<string, JobView>;
};

/** A container without database, wallet and model. `over` replaces parts of it. */
export async function fakeContainer(
  over: Partial<Container> = {},
  environment: Record<string, string> = {},
): Promise<FakeContainer> {
  const settings = await settingsFrom({ TIMMY_TOKEN_SECRET: "a secret of the tests, 32 letters", ...environment });
  const logged: string[] = [];
  const hints: string[] = [];
  const created: CreatedJob[] = [];
  const knownJobs = new Map<string, JobView>();
  const terms = { rates: settings.rates, infraUsd: 0.012, marginPct: 25, btcPriceUsd: 100_000 };
  const log = createLog({ logLevel: "debug", logFormat: "json" }, { write: (line) => void logged.push(line) });

  const found = (id: string, token: string | undefined) => {
    const job = knownJobs.get(id);
    if (!job) return err({ code: "jobNotFound" } as const);
    if (!token) return err({ code: "refundTokenMissing" } as const);
    return token === TOKEN ? ok(job) : err({ code: "refundTokenWrong" } as const);
  };

  const jobs: Container["jobs"] = {
    async create({ request }, keep) {
      const jobId = randomUUID();
      const state = "awaiting_eval_payment" as const;
      const answer = { jobId, state, createdAt: CREATED_AT, trust_tier: "anonymous" as const, evalInvoice: INVOICE };
      const job = { ...answer, refundToken: TOKEN };
      await keep?.({} as Tx, job);
      created.push(job);
      knownJobs.set(jobId, { ...answer, updatedAt: CREATED_AT, owedSats: 0, request });
      return ok(job);
    },
    async view(id) {
      const job = knownJobs.get(id);
      return job ? ok(job) : err({ code: "jobNotFound" });
    },
    async cancel(id, token) {
      const job = found(id, token);
      if (!job.ok) return job;
      if (job.value.state === "complete") return err({ code: "illegalMove", from: "complete", event: "cancelled" });
      return ok({ ...job.value, state: "cancelled" });
    },
    async refund(id, token, way, keep) {
      const job = found(id, token);
      if (!job.ok) return job;
      if ("lnurl" in way) {
        const trust_tier = "anonymous" as const;
        const answer = { lnurl: `LNURL of ${way.origin}`, expiresAt: CREATED_AT, amountSats: 5, trust_tier };
        await keep?.({} as Tx, answer);
        return ok(answer);
      }
      if ("invoice" in way) return err({ code: "nothingOwed" });
      return err({ code: "addressAmountOutOfRange", minSats: sats(100), maxSats: sats(2000) });
    },
    async deleteText(id, token) {
      const job = found(id, token);
      return job.ok ? err({ code: "jobInProgress" }) : job;
    },
    async *watch(id, afterSeq, signal) {
      const job = knownJobs.get(id);
      if (!job) return;
      yield { seq: (afterSeq ?? 0) + 1, event: { type: "state", job } };
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
  };

  return {
    settings,
    log,
    logged,
    hints,
    created,
    knownJobs,
    jobs,
    ...fakeSessions({ token: TOKEN, invoice: INVOICE }),
    ...fakeBootstrap({ token: TOKEN, invoice: INVOICE }),
    pricing: {
      terms: async () => terms,
      quote: async (_request, pieces) => ({
        estimatedInputTokens: 100,
        estimatedOutputTokens: 2048,
        maxTokens: 2048,
        estimatedCostUsd: 0.02,
        infraUsd: 0.012,
        marginPct: 25,
        btcPriceUsd: 100_000,
        quoteSats: sats(pieces.length * 40),
        terms,
      }),
    },
    demo: {
      async taste(_clientKey, request) {
        if (request.includes("[refuse]")) return err({ code: "demoRefused" });
        if (request.includes("[fail]")) return err({ code: "modelUnavailable" });
        return ok({ result: "A taste.", truncated: false, canned: true, remaining: 4 });
      },
    },
    workshop: {
      async say(_clientKey, text) {
        const at = CREATED_AT;
        const question = { agentId: "visitor" as const, text, at, seq: 1 };
        return { shared: true, question, answer: { agentId: "timmy", text: "Well met.", at, seq: 2 } };
      },
      async *watch(afterSeq, signal) {
        yield { seq: afterSeq ?? 0, event: { event: "visitor_count", count: 1 } };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    freeTierOffer: async (pubkey, quoteSats) => ({
      tier: pubkey === null ? "anonymous" : "new",
      decision: { serve: "gate", absorbSats: NONE, chargeSats: quoteSats },
      balanceSats: sats(10_000),
      dailyBudgetSats: { anonymous: NONE, new: NONE, established: sats(50), trusted: sats(200), elite: sats(1000) },
    }),
    poolReport: {
      report: async () => ({ balanceSats: 10_000, reservedSats: 0, creditPct: 10, days: [] }),
      grants: async () => ({ grants: [], nextCursor: null }),
    },
    withdraw: {
      offer: async (k1) =>
        k1 === HASH
          ? ok({ amountMsat: 5000, description: "Change" })
          : err({ code: "withdrawFailed", reason: "not good any more" }),
      claim: async (_k1, invoice) =>
        invoice === "lnbc1good" ? ok(null) : err({ code: "withdrawFailed", reason: "wrong amount" }),
    },
    devPay: async (hash) => (hash === HASH ? ok({ preimage: "cd".repeat(32) }) : err({ code: "invoiceNotPayable" })),
    playInvoice: (amountSats) => playInvoice(amountSats, new Date()),
    readWebhook: parseWebhookHint,
    onPaymentHint: (hash) => void hints.push(hash),
    webhookSecret: "5".repeat(32),
    idempotency: idempotencyInMemory(),
    sharedFigures: async () => ({ state: NOTHING_SHARED, counts: [] }),
    identity: identityInMemory(),
    identityLimit: async () => ok({ remaining: 1 }),
    orderLimit: async () => ok({ remaining: 19 }),
    operatorTries: { allowed: async () => ok({ remaining: 1 }), failed: async () => undefined },
    saw: () => undefined,
    readiness: async () => ({ database: true, queue: true, wallet: true }),
    simulated: ["Lightning wallet: play money"],
    close: async () => undefined,
    ...over,
  } as FakeContainer; // what only the worker needs is left out
}

/** The real one, where everybody is new and what was used is forgotten with the process. */
function identityInMemory(): Container["identity"] {
  const used = new Set<string>();
  return identityService({
    db: {} as Database,
    clock: systemClock,
    trust: {
      standing: async () => null,
      visited: async (pubkey) => ({
        pubkey,
        tier: "new",
        score: 0,
        version: 0,
        interactionCount: 0,
        lastSeenAt: new Date(CREATED_AT),
        dailyBudgetSats: ZERO_SATS,
      }),
    },
    pool: { usedToday: async () => ZERO_SATS },
    used: {
      async use(proof) {
        const first = !used.has(proof);
        used.add(proof);
        return first;
      },
      forget: async () => undefined,
    },
    keys: { token: Buffer.alloc(32, 1), challenge: Buffer.alloc(32, 2) },
  });
}

/** Behaves like the table: one answer for a scope, whoever comes first. */
function idempotencyInMemory(): IdempotencyStore {
  const kept = new Map<string, KeptAnswer>();
  return {
    find: async (scope) => kept.get(scope) ?? null,
    async insert(_tx, scope, answer) {
      if (kept.has(scope)) throw new TwinWasFirst();
      kept.set(scope, answer);
    },
    async keepUnlessKept(scope, answer) {
      const first = kept.get(scope);
      if (!first) kept.set(scope, answer);
      return first ?? null;
    },
    deleteBefore: async () => 0,
  };
}
