import { randomUUID } from "node:crypto";
import { createAnthropicAgent } from "~/adapters/anthropic/anthropic-agent";
import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { createCannedAgent } from "~/adapters/canned-agent/canned-agent";
import { NODE_PORTS, NODE_SYSTEM, nodeUserData } from "~/adapters/cloud-init/user-data";
import { createCoinGeckoOracle } from "~/adapters/coingecko/coingecko-oracle";
import { digitaloceanProvider } from "~/adapters/digitalocean/digitalocean-provider";
import { lnbitsWallet } from "~/adapters/lnbits/lnbits-wallet";
import { parseWebhookHint } from "~/adapters/lnbits/webhook-hint";
import { lightningAddressResolver } from "~/adapters/lnurl/resolve-lightning-address";
import { simulatedProvider } from "~/adapters/simulated-provider/simulated-provider";
import { playInvoice } from "~/adapters/simulated-wallet/play-invoice";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { makeRsaKeyPair } from "~/adapters/ssh-key/rsa-key-pair";
import { type Tailnet, tailnet } from "~/adapters/tailscale/tailnet";
import { randomHex } from "~/core/ids";
import type { Sats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import { type Database, type InTx, openDatabase } from "~/db/client";
import { lastGoodPriceStore } from "~/db/last-good-price-store";
import { processRunner } from "~/db/liveness";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import { wakeUps } from "~/db/wake-ups";
import { bootstrapFeed } from "~/modules/bootstrap/bootstrap-feed";
import type { BootstrapService } from "~/modules/bootstrap/bootstrap-service";
import type { DemoService } from "~/modules/demo/demo-service";
import type { IdentityService } from "~/modules/identity/identity-service";
import { usedProofs } from "~/modules/identity/identity-store";
import { jobFeed } from "~/modules/jobs/job-feed";
import type { JobService } from "~/modules/jobs/job-service";
import type { NodeStatus } from "~/modules/operator/operator-schema";
import type { OperatorService } from "~/modules/operator/operator-service";
import { type Saw, signs } from "~/modules/operator/operator-signs";
import { beat, keepSighting, leave, type Side } from "~/modules/operator/operator-store";
import type { PayoutService } from "~/modules/payouts/payout-service";
import type { PoolReportService } from "~/modules/pool/pool-report-service";
import type { Offer } from "~/modules/pool/pool-service";
import { worstJudgeCostSats } from "~/modules/pricing/pricing";
import type { Pricing } from "~/modules/pricing/pricing-service";
import type { AskService } from "~/modules/sessions/ask-service";
import { sessionFeed } from "~/modules/sessions/session-feed";
import type { SessionService } from "~/modules/sessions/session-service";
import type { WorkshopService } from "~/modules/workshop/workshop-service";
import type { Agent } from "~/ports/agent";
import { systemClock } from "~/ports/clock";
import type { DevPayer, LightningWallet, PaymentHash, SettlementFeed, WalletFailure } from "~/ports/lightning-wallet";
import type { NodeProvider } from "~/ports/node-provider";
import type { PriceOracle } from "~/ports/price-oracle";
import type { Tracing } from "~/ports/tracing";
import type { LookBehindWallet } from "~/ports/wallet-backend";
import { rhythm } from "~/worker/rhythm";
import type { Settings } from "./env";
import { forgottenBefore } from "./idempotency";
import { type IdempotencyStore, idempotencyStore } from "./idempotency-store";
import { createLog, type Log } from "./log";
import { meteredAgent, meteredWallet } from "./metered";
import { addCounts, readCounts, readSharedState } from "./metric-store";
import type { SharedFigures } from "./metrics";
import { type FailureLimit, failureLimitPerMinute, type RateLimit, rateLimitPerMinute } from "./rate-limit";
import { remembered } from "./remembered";
import { deriveKey } from "./secrets";
import { createServices, type Services } from "./services";
import { type StreamTickets, streamTickets } from "./stream-tickets";
import { tally } from "./tally";
import { tracedAgent, tracedTasks, tracedWallet } from "./traced";
import { withinBudget } from "./wallet-budget";

/** What the edge asks of jobs. */
export type JobsAtTheEdge = Omit<JobService, "owner">;

/** What the edge asks of nodes. */
export type BootstrapAtTheEdge = Omit<BootstrapService, "owner">;

/** What the edge asks about who calls. */
export type IdentityAtTheEdge = Omit<IdentityService, "forgetUsedProofs">;

/** What the edge asks of sessions. */
export type SessionsAtTheEdge = Omit<SessionService, "owner" | "lockBalance">;

/** What the edge asks of the room. */
export type WorkshopAtTheEdge = Pick<WorkshopService, "say" | "watch">;

/** LUD-03. The reason of a failure is shown to the wallet's owner. */
export type WithdrawAtTheEdge = {
  /** What the code is good for, msat. */
  offer(
    k1: string,
  ): Promise<Result<{ amountMsat: number; description: string }, { code: "withdrawFailed"; reason: string }>>;
  claim(k1: string, paymentRequest: string): Promise<Result<null, { code: "withdrawFailed"; reason: string }>>;
};

/** Each part that a ready server needs, and whether it answers. */
export type Readiness = { database: boolean; queue: boolean; wallet: boolean };

type Task = (payload: unknown, helpers: { abortSignal: AbortSignal }) => Promise<void>;

/** The running app as the edge and the worker see it. */
export type Container = {
  settings: Settings;
  log: Log;
  jobs: JobsAtTheEdge;
  bootstrap: BootstrapAtTheEdge;
  sessions: SessionsAtTheEdge;
  asks: AskService;
  workshop: WorkshopAtTheEdge;
  pricing: Pricing;
  identity: IdentityAtTheEdge;
  /** What the generosity pool would do about a quote now. Changes nothing. */
  freeTierOffer(pubkey: string | null, quoteSats: Sats): Promise<Offer>;
  /** What everybody may know of the pool. */
  poolReport: PoolReportService;
  demo: DemoService;
  withdraw: WithdrawAtTheEdge;
  /** Null where dev pay is off. */
  devPay:
    | ((hash: PaymentHash) => Promise<Result<{ preimage: string }, WalletFailure | { code: "invoiceNotPayable" }>>)
    | null;
  /** An invoice of a visitor's play wallet; null where the money is real. */
  playInvoice: ((amount: Sats) => string) | null;
  /** An unproven word that an invoice may be paid. Never throws, never waits. */
  onPaymentHint(hash: PaymentHash): void;
  /** The invoice that a webhook's body speaks of; null where it speaks of none. */
  readWebhook(body: string): PaymentHash | null;
  /** Last part of the webhook's path: only the wallet knows it. */
  webhookSecret: string;
  idempotency: IdempotencyStore;
  inTx: InTx;
  /** What all processes count together, a few seconds old at most. */
  sharedFigures(): Promise<SharedFigures>;
  operator: OperatorService;
  /** What the operator's room shows, a few seconds old at most. */
  operatorStatus(): Promise<NodeStatus>;
  /** Wrong operator's tokens. */
  operatorTries: FailureLimit;
  /** Notes for the operator when something was last seen. */
  saw: Saw;
  /** Tells the other processes from now on that this one lives. */
  announce(side: Side): { stop(): Promise<void> };
  orderLimit: RateLimit;
  streamTickets: StreamTickets;
  identityLimit: RateLimit;
  readiness(): Promise<Readiness>;
  /** The parts that are simulated, in plain words. */
  simulated: readonly string[];
  services: Services;
  databaseUrl: string;
  /** Null where nobody collects traces. */
  tracing: Tracing | null;
  /** The handlers of the background queue. */
  tasks: Readonly<Record<string, Task>>;
  /** Hears the wallet's announcements from now on; for the processes that run the queue. */
  followSettlements(): SettlementFeed;
  close(): Promise<void>;
};

const LNBITS_TIMEOUT_MS = 10_000;
/** DigitalOcean takes seconds to make a droplet; a node that is not up yet lets requests time out. */
const NODES_TIMEOUT_MS = 15_000;
/** However often the metrics are asked for, the database is asked no more often than that. */
const FIGURES_MS = 5_000;
const OPERATOR_MS = 2_000;
/** A node's channels change seldom, and each look is a call of its own. */
const BEHIND_WALLET_MS = 60_000;
const BEAT_MS = 15_000;
/** Twice as long each time, until the wallet is heard: a process that has just begun is not reported as deaf. */
const FIRST_BEAT_MS = 250;

/** Wires the app for these settings on this database. The only place that picks adapters. Starts nothing. */
export async function createContainer(
  settings: Settings,
  databaseUrl: string,
  log: Log = createLog(settings),
): Promise<Container> {
  const tracing = await pickTracing(settings);
  const db = openDatabase(databaseUrl, { poolSize: settings.databasePoolSize });
  const decode = decodeInvoice;
  const counts = tally((batch) => addCounts(db, batch));
  const saw = signs((name, detail) => keepSighting(db, name, detail), performance.now.bind(performance));
  const { wallet: bareWallet, devPayer, lookBehind } = pickWallet(settings, db);
  const wallet = tracedWallet(meteredWallet(bareWallet, counts), tracing);
  const feed = jobFeed(db, wakeUps(db.url, "job"));
  const nodeFeed = bootstrapFeed(db, wakeUps(db.url, "bootstrap"));
  const sessionsFeed = sessionFeed(db, wakeUps(db.url, "session"));
  const runner = processRunner(databaseUrl);
  const agent = tracedAgent(meteredAgent(pickAgent(settings), settings.rates, counts, saw), tracing);
  let settlements: SettlementFeed | null = null;

  const services = createServices(
    {
      db,
      wallet,
      devPayer,
      behindWallet: remembered(lookBehind, () => BEHIND_WALLET_MS),
      agent,
      understudy: meteredAgent(createCannedAgent(), settings.rates, counts, saw),
      oracle: pickOracle(settings, db, log),
      clock: systemClock,
      decode,
      resolveAddress: lightningAddressResolver({ decodeInvoice: decode, privateHosts: settings.lnurlPrivateHosts }),
      feed,
      bootstrapFeed: nodeFeed,
      sessionFeed: sessionsFeed,
      nodes: pickNodes(settings),
      makeKeyPair: makeRsaKeyPair,
      settlements: () => settlements,
      alarm: (message) => log.error(message),
      onError: (error) => log.error({ err: error }, "a session's request ran into trouble"),
      runner,
      tally: counts,
    },
    settings,
  );
  const { jobs, payouts, invoices, pricing } = services;

  const onPaymentHint = (hash: PaymentHash): void => {
    invoices
      .lookUp(hash)
      .catch((error: unknown) => log.warn({ err: error }, "a hint from the wallet could not be followed up"));
  };
  const idempotency = idempotencyStore(db);
  // Also fetches the price of bitcoin before the first visitor waits for it.
  void warnOfCheapJudging(services, settings, log, agent).catch(() => undefined);

  return {
    settings,
    log,
    jobs,
    bootstrap: services.bootstrap,
    sessions: services.sessions,
    asks: services.asks,
    workshop: services.workshop,
    pricing,
    identity: services.identity,
    freeTierOffer: services.pool.offer,
    poolReport: services.poolReport,
    demo: services.demo,
    withdraw: withdrawAtTheEdge(payouts),
    devPay: services.devPay.pay,
    playInvoice: settings.walletKind === "simulated" ? (amount) => playInvoice(amount, systemClock.now()) : null,
    onPaymentHint,
    readWebhook: parseWebhookHint,
    webhookSecret: webhookSecret(settings),
    idempotency,
    inTx: db.inTx,
    sharedFigures: remembered(
      async () => {
        await counts.flush();
        const [state, totals] = await Promise.all([readSharedState(db), readCounts(db)]);
        return { state, counts: totals };
      },
      () => FIGURES_MS,
    ),
    operator: services.operator,
    operatorStatus: remembered(
      async () => {
        await counts.flush();
        return services.operator.status();
      },
      () => OPERATOR_MS,
    ),
    operatorTries: failureLimitPerMinute(db.pool, "operator", settings.adminTriesPerMinute),
    saw,
    announce(side) {
      const id = randomUUID();
      let pauseMs = FIRST_BEAT_MS;
      const beats = rhythm(
        async () => {
          const hearsWallet = settlements?.healthy() ?? null;
          await beat(db, id, side, hearsWallet);
          pauseMs = hearsWallet === false ? Math.min(pauseMs * 2, BEAT_MS) : BEAT_MS;
          return pauseMs;
        },
        () => undefined, // the next one will do
      );
      return {
        async stop() {
          await beats.stop();
          await leave(db, id).catch(() => undefined);
        },
      };
    },
    streamTickets: streamTickets(deriveKey(settings.tokenSecret, "stream tickets"), usedProofs(db).use, systemClock),
    orderLimit: rateLimitPerMinute(db.pool, "orders", settings.ordersPerMinute),
    identityLimit: rateLimitPerMinute(db.pool, "identity", settings.identityPerMinute),
    readiness: () => readiness(db, wallet),
    simulated: [
      ...(settings.walletKind === "simulated" ? ["Lightning wallet: play money, nothing real is paid"] : []),
      ...(settings.agentKind === "canned" ? ["agent: canned answers, no model is asked"] : []),
      ...(settings.nodesKind === "simulated" ? ["nodes: no machine is made"] : []),
    ],
    services,
    databaseUrl,
    tracing,
    tasks: tracedTasks(
      {
        ...services.tasks,
        "forget-idempotent-answers": async () =>
          void (await idempotency.deleteBefore(forgottenBefore(systemClock.now()))),
      },
      tracing,
    ),
    followSettlements() {
      settlements = wallet.followSettlements(onPaymentHint);
      return settlements;
    },
    async close() {
      await services.requests.drain(0);
      await services.workshop.close();
      await runner.stop();
      await feed.close();
      await nodeFeed.close();
      await sessionsFeed.close();
      await counts.flush();
      await tracing?.stop();
      await db.close();
    },
  };
}

const webhookSecret = (settings: Settings) =>
  deriveKey(settings.tokenSecret, "webhook path").toString("hex").slice(0, 32);

type PickedWallet = { wallet: LightningWallet; devPayer: DevPayer | null; lookBehind: LookBehindWallet };

function pickWallet(settings: Settings, db: Database): PickedWallet {
  const {
    lnbitsUrl: url,
    lnbitsApiKey: apiKey,
    lnbitsDevPayerKey: devPayerKey,
    lnbitsInvoiceKey: invoiceKey,
    publicUrl,
  } = settings;
  if (url !== null && apiKey !== null) {
    const webhookUrl = publicUrl === null ? null : `${publicUrl}/api/webhooks/lnbits/${webhookSecret(settings)}`;
    const config = {
      url,
      apiKey,
      timeoutMs: LNBITS_TIMEOUT_MS,
      ...(webhookUrl && { webhookUrl }),
      ...(devPayerKey && { devPayerKey }),
      ...(invoiceKey && { invoiceKey }),
    };
    const lnbits = lnbitsWallet({ config, decodeInvoice });
    return {
      wallet: withinBudget(lnbits, db.pool, settings.walletCallsPerMinute),
      devPayer: settings.enableDevPay ? lnbits.devPayer : null,
      lookBehind: lnbits.lookBehind,
    };
  }
  const store = simulatedWalletStore(db);
  const wallet = simulatedWallet({ store, clock: systemClock, decodeInvoice, secret: settings.tokenSecret });
  return { wallet, devPayer: wallet.devPayer, lookBehind: async () => ({ mayPay: true, node: null }) };
}

/** What it takes is loaded only where a collector is named. */
async function pickTracing({ otlpEndpoint }: Settings): Promise<Tracing | null> {
  if (otlpEndpoint === null) return null;
  const { otlpTracing } = await import("~/adapters/otlp/otlp-tracing");
  return otlpTracing({ endpoint: otlpEndpoint, instance: randomHex(4) });
}

function pickAgent(settings: Settings): Agent {
  if (settings.anthropicApiKey === null) return createCannedAgent();
  return createAnthropicAgent({
    apiKey: settings.anthropicApiKey,
    baseUrl: settings.anthropicBaseUrl,
    evalModel: settings.evalModel,
    workModel: settings.workModel,
  });
}

function pickNodes(settings: Settings): NodeProvider {
  const { doApiToken: token, doRegion: region, doSize: size, nodeStatusUrl } = settings;
  if (token === null) {
    return simulatedProvider({
      pauseMs: settings.simulatedNodeSeconds * 1000,
      fails: settings.simulatedNodes === "fail",
    });
  }
  return digitaloceanProvider({
    account: { baseUrl: settings.doApiUrl ?? "https://api.digitalocean.com", token, timeoutMs: NODES_TIMEOUT_MS },
    plan: { region, size, image: NODE_SYSTEM, userData: nodeUserData },
    volumeSizeGb: settings.doVolumeSizeGb,
    tailnet: pickTailnet(settings),
    statusUrl: (ip) => nodeStatusUrl ?? `http://${ip}:${NODE_PORTS.status}/`,
    lnbitsPort: NODE_PORTS.lnbits,
    clock: systemClock,
  });
}

function pickTailnet(settings: Settings): Tailnet | null {
  const { tailscaleOauthClientId: clientId, tailscaleOauthClientSecret: clientSecret, tailscaleApiKey } = settings;
  const credentials =
    clientId !== null && clientSecret !== null
      ? { clientId, clientSecret }
      : tailscaleApiKey !== null
        ? { apiKey: tailscaleApiKey }
        : null;
  if (!credentials) return null;
  const config = {
    baseUrl: settings.tailscaleApiUrl ?? "https://api.tailscale.com",
    credentials,
    tailnet: settings.tailscaleTailnet,
    tags: [settings.tailscaleTag],
    timeoutMs: NODES_TIMEOUT_MS,
  };
  return tailnet(config, systemClock);
}

const pickOracle = (settings: Settings, db: Database, log: Log): PriceOracle =>
  createCoinGeckoOracle({
    store: lastGoodPriceStore(db),
    clock: systemClock,
    baseUrl: settings.coingeckoUrl,
    fallbackUsd: settings.btcPriceUsdFallback,
    onFailure: (detail) => log.warn({ detail }, "no new bitcoin price"),
  });

/** A fixed eval fee below what judging can cost loses money on long requests. */
async function warnOfCheapJudging({ pricing }: Services, settings: Settings, log: Log, agent: Agent): Promise<void> {
  const worst = worstJudgeCostSats(agent, await pricing.terms());
  if (worst > settings.evalFeeSats) {
    log.warn(`EVAL_FEE_SATS is ${settings.evalFeeSats}, but judging can cost ${worst} sats at the present price`);
  }
}

async function readiness(db: Database, wallet: LightningWallet): Promise<Readiness> {
  const answers = async (question: Promise<unknown>) => question.then(() => true).catch(() => false);
  const [database, queue, balance] = await Promise.all([
    answers(db.pool.query("SELECT 1")),
    answers(db.pool.query("SELECT 1 FROM graphile_worker._private_jobs LIMIT 1")),
    wallet.balance(),
  ]);
  return { database, queue, wallet: balance.ok };
}

function withdrawAtTheEdge(payouts: PayoutService): WithdrawAtTheEdge {
  const failed = (reason: string) => err({ code: "withdrawFailed" as const, reason });
  return {
    async offer(k1) {
      const offer = await payouts.describeWithdraw(k1);
      return offer ? ok(offer) : failed("This code is no longer valid: ask for a new one.");
    },
    async claim(k1, paymentRequest) {
      const claimed = await payouts.withdraw(k1, paymentRequest);
      if (claimed.ok) return ok(null);
      return failed(
        "detail" in claimed.error ? claimed.error.detail : "This code is no longer valid: ask for a new one.",
      );
    },
  };
}
