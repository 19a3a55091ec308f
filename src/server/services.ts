import { type Sats, sats, ZERO_SATS } from "~/core/money";
import { aloneOn } from "~/db/alone";
import { afterCommit, type Database, type Tx } from "~/db/client";
import { listen } from "~/db/listen";
import type { Runner } from "~/db/liveness";
import { enqueue } from "~/db/queue";
import { booksService } from "~/modules/books/books-service";
import { booksTasks } from "~/modules/books/books-tasks";
import type { BootstrapFeed } from "~/modules/bootstrap/bootstrap-feed";
import { bootstrapProvision } from "~/modules/bootstrap/bootstrap-provision";
import { bootstrapRemoval } from "~/modules/bootstrap/bootstrap-removal";
import { bootstrapService } from "~/modules/bootstrap/bootstrap-service";
import { bootstrapTasks } from "~/modules/bootstrap/bootstrap-tasks";
import { demoService } from "~/modules/demo/demo-service";
import { identityService } from "~/modules/identity/identity-service";
import { usedProofs } from "~/modules/identity/identity-store";
import { identityTasks } from "~/modules/identity/identity-tasks";
import { devPayService } from "~/modules/invoices/dev-pay-service";
import { type InvoiceOwner, invoiceService } from "~/modules/invoices/invoice-service";
import { jobEvaluation } from "~/modules/jobs/job-evaluation";
import type { JobFeed } from "~/modules/jobs/job-feed";
import { jobService } from "~/modules/jobs/job-service";
import { jobTasks } from "~/modules/jobs/job-tasks";
import { jobWork } from "~/modules/jobs/job-work";
import { operatorService } from "~/modules/operator/operator-service";
import { openOrders } from "~/modules/orders/open-order-service";
import { refundTokens } from "~/modules/orders/refund-token-service";
import { type PayoutOwner, payoutService } from "~/modules/payouts/payout-service";
import { payoutTasks } from "~/modules/payouts/payout-tasks";
import { poolReportService } from "~/modules/pool/pool-report-service";
import { type PoolMoved, poolService } from "~/modules/pool/pool-service";
import { freeBudget } from "~/modules/pricing/free-budget-service";
import { createPricing } from "~/modules/pricing/pricing-service";
import { askService } from "~/modules/sessions/ask-service";
import { sessionCredentials } from "~/modules/sessions/session-credentials";
import type { SessionFeed } from "~/modules/sessions/session-feed";
import { sessionRequests } from "~/modules/sessions/session-requests";
import { type SessionService, sessionService } from "~/modules/sessions/session-service";
import { sessionSweep } from "~/modules/sessions/session-sweep";
import { trustService } from "~/modules/trust/trust-service";
import type { Moment } from "~/modules/workshop/workshop";
import { seenAtWork } from "~/modules/workshop/workshop-presence";
import { workshopService } from "~/modules/workshop/workshop-service";
import type { Agent } from "~/ports/agent";
import type { DecodeInvoice } from "~/ports/bolt11";
import type { Clock } from "~/ports/clock";
import type { ResolveLightningAddress } from "~/ports/lightning-address";
import type { DevPayer, LightningWallet, SettlementFeed } from "~/ports/lightning-wallet";
import type { MakeSshKeyPair, NodeProvider } from "~/ports/node-provider";
import type { PriceOracle } from "~/ports/price-oracle";
import type { LookBehindWallet } from "~/ports/wallet-backend";
import type { Settings } from "./env";
import { readCounts, readSharedState } from "./metric-store";
import { rateLimitPerHour, rateLimitPerMinute } from "./rate-limit";
import { sealing } from "./sealed";
import { deriveKey } from "./secrets";
import { storableAgent } from "./storable-agent";
import type { Tally } from "./tally";

/** The outside world, as the business sees it: what the container picks, and what tests put in its place. */
export type Outside = {
  db: Database;
  wallet: LightningWallet;
  devPayer: DevPayer | null;
  behindWallet: LookBehindWallet;
  agent: Agent;
  /** Answers in its stead where an answer may cost nothing. */
  understudy: Agent;
  oracle: PriceOracle;
  clock: Clock;
  decode: DecodeInvoice;
  resolveAddress: ResolveLightningAddress;
  feed: JobFeed;
  bootstrapFeed: BootstrapFeed;
  sessionFeed: SessionFeed;
  nodes: NodeProvider;
  makeKeyPair: MakeSshKeyPair;
  /** The wallet's announcements, once somebody follows them. */
  settlements: () => SettlementFeed | null;
  alarm: (message: string) => void;
  /** What went wrong where nobody waits for it. */
  onError: (error: unknown) => void;
  /** This process, to those who would have to clean up after it. */
  runner: Runner;
  tally: Tally;
};

/** The whole business, wired: no adapter is chosen here and nothing is started. */
export function createServices(world: Outside, settings: Settings) {
  const outside = { ...world, agent: storableAgent(world.agent) };
  const { db, wallet, clock } = outside;
  const budget = freeBudget(db, settings.freeModelUsdPerDay);
  const workshop = workshopService({
    db,
    clock,
    runner: outside.runner,
    listen: (heard, connected) => listen(db.url, "workshop", heard, connected),
    agent: outside.agent,
    understudy: outside.understudy,
    budget,
    rates: settings.rates.judge,
    limit: rateLimitPerMinute(db.pool, "chat", settings.chatPerMinute),
    settings,
  });
  const show = (tx: Tx, moment: Moment, amount: Sats) => afterCommit(tx, () => workshop.happened(moment, amount));
  /** The same owner; the room sees its money come in. */
  const shown = <O extends InvoiceOwner>(owner: O, moment: Moment): O => ({
    ...owner,
    onSettled(tx, settlement) {
      show(tx, moment, settlement.creditedSats);
      return owner.onSettled(tx, settlement);
    },
  });

  // Invoices and payouts know no kind of order: each kind tells them here how it takes part.
  const owners: Record<string, InvoiceOwner & PayoutOwner> = {};
  const invoices = invoiceService({ db, wallet, clock, owners, feed: outside.settlements });

  let books: ReturnType<typeof booksService> | null = null;
  let sessions: SessionService | null = null;
  const payouts = payoutService({
    db,
    wallet,
    clock,
    enqueue,
    owners,
    decode: outside.decode,
    resolveAddress: outside.resolveAddress,
    isOurInvoice: (tx: Tx, hash: string) => invoices.isOurs(tx, hash),
    lockBalance: async (tx: Tx, id: string) => (await sessions?.lockBalance(tx, id)) ?? false,
    withdrawCodeSeconds: settings.withdrawCodeSeconds,
    onSending: (tx: Tx) => afterCommit(tx, workshop.look),
    onPaid: (tx: Tx, amount: Sats) => show(tx, "change:sent", amount),
    gate: {
      off: settings.payouts === "off",
      maxSatsPerHour: BigInt(settings.payoutMaxSatsPerHour),
      halted: async () => ((await books?.areProvenWrong()) ? "The books fail their proof: payouts are on hold." : null),
      unknownGraceMs: settings.payoutUnknownGraceSeconds * 1000,
    },
  });
  const devPay = devPayService({ db, wallet, clock, enqueue, invoices, payer: outside.devPayer });
  books = booksService({ db, wallet, invoices, payouts, devPay, clock });

  const pricing = createPricing({
    oracle: outside.oracle,
    agent: outside.agent,
    settings: {
      rates: settings.rates,
      infraMonthlyUsd: settings.infraMonthlyUsd,
      infraMonthlyRequests: settings.infraMonthlyRequests,
      marginPct: settings.originatorMarginPct,
    },
  });

  const demo = demoService({
    agent: outside.agent,
    understudy: outside.understudy,
    budget,
    limit: rateLimitPerHour(db.pool, "demo", settings.demoPerHour),
    rates: settings.rates.judge,
  });

  const trust = trustService({
    db,
    clock,
    settings: {
      thresholds: {
        established: settings.trustEstablished,
        trusted: settings.trustTrusted,
        elite: settings.trustElite,
      },
      decayAfterDays: settings.trustDecayAfterDays,
      dailyBudgetSats: {
        anonymous: ZERO_SATS,
        new: ZERO_SATS,
        established: sats(settings.budgetEstablishedSats),
        trusted: sats(settings.budgetTrustedSats),
        elite: sats(settings.budgetEliteSats),
      },
    },
  });
  const pool = poolService({
    db,
    trust,
    grantKey: deriveKey(settings.tokenSecret, "grant log"),
    settings: {
      seedSats: sats(settings.poolSeedSats),
      creditPct: settings.poolCreditPct,
      maxReturnPct: settings.freeTierMaxReturnPct,
    },
  });

  const identity = identityService({
    db,
    clock,
    trust,
    pool,
    used: usedProofs(db),
    keys: {
      token: deriveKey(settings.tokenSecret, "nostr token"),
      challenge: deriveKey(settings.tokenSecret, "login challenge"),
    },
  });

  function showPool({ creditedSats, grantedSats }: PoolMoved): void {
    if (creditedSats > ZERO_SATS) workshop.happened("pool:credited", creditedSats);
    if (grantedSats > ZERO_SATS) workshop.happened("pool:granted", grantedSats);
  }
  const stepDeps = {
    clock,
    enqueue,
    timeouts: { evalSeconds: settings.evalTimeoutSeconds, workSeconds: settings.workTimeoutSeconds },
    pool,
    trust,
    onMoved: (tx: Tx, from: string, to: string) =>
      afterCommit(tx, () => {
        outside.tally.add("job_transitions", { from, to });
        if (to === "complete") workshop.happened("job:done", ZERO_SATS);
        else workshop.look();
      }),
    onPoolMoved: (tx: Tx, moved: PoolMoved) => afterCommit(tx, () => showPool(moved)),
  };
  const { invoiceExpirySeconds } = settings;
  const tokens = refundTokens(settings.tokenSecret);
  const open = openOrders(settings.maxOpenOrders);
  const jobs = jobService({
    ...stepDeps,
    db,
    invoices,
    payouts,
    feed: outside.feed,
    tokens,
    openOrders: open,
    settings: { evalFeeSats: sats(settings.evalFeeSats), invoiceExpirySeconds },
  });
  owners.job = shown(jobs.owner, "job:paid");

  const evaluation = jobEvaluation({ ...stepDeps, db, agent: outside.agent, pricing, invoices, invoiceExpirySeconds });
  const work = jobWork({ ...stepDeps, db, agent: outside.agent });

  const sealed = sealing(deriveKey(settings.tokenSecret, "macaroon root keys"));
  const credentials = sessionCredentials({ db, invoices, clock, sealing: sealed });
  const requests = sessionRequests({
    db,
    agent: seenAtWork(outside.agent, workshop.presence),
    pricing,
    pool,
    trust,
    clock,
    runner: outside.runner,
    settings: {
      evalFeeSats: sats(settings.evalFeeSats),
      evalTimeoutSeconds: settings.evalTimeoutSeconds,
      workTimeoutSeconds: settings.workTimeoutSeconds,
    },
    onChanged: outside.sessionFeed.changed,
    onError: outside.onError,
    onDone(moved) {
      workshop.happened("job:done", ZERO_SATS);
      showPool(moved);
    },
  });
  sessions = sessionService({
    db,
    clock,
    invoices,
    payouts,
    pricing,
    trust,
    tokens,
    openOrders: open,
    credentials,
    requests,
    feed: outside.sessionFeed,
    onChange: (tx: Tx, sessionId: string) => afterCommit(tx, () => outside.sessionFeed.changed(sessionId)),
    settings: { invoiceExpirySeconds },
  });
  owners.session = shown(sessions.owner, "session:paid");
  const asks = askService({
    db,
    clock,
    invoices,
    pricing,
    trust,
    tokens,
    openOrders: open,
    credentials,
    requests,
    requestKey: deriveKey(settings.tokenSecret, "request that was paid for"),
    settings: { invoiceExpirySeconds },
  });
  const sessionSweeping = sessionSweep({
    db,
    clock,
    onChanged: outside.sessionFeed.changed,
    textRetentionDays: settings.textRetentionDays,
  });

  const ofNodes = {
    db,
    clock,
    enqueue,
    provider: outside.nodes,
    makeKeyPair: outside.makeKeyPair,
    sealing: sealing(deriveKey(settings.tokenSecret, "secrets of nodes")),
    alone: aloneOn(db.url),
    alarm: outside.alarm,
    sold: settings.nodesKind !== "none",
    onMoved: (tx: Tx, from: string, to: string) =>
      afterCommit(tx, () => outside.tally.add("bootstrap_transitions", { from, to })),
  };
  const bootstrap = bootstrapService({
    ...ofNodes,
    invoices,
    payouts,
    trust,
    feed: outside.bootstrapFeed,
    tokens,
    openOrders: open,
    settings: {
      feeSats: sats(settings.bootstrapFeeSats),
      invoiceExpirySeconds: settings.bootstrapInvoiceExpirySeconds,
      timeoutSeconds: settings.bootstrapTimeoutSeconds,
      terms: settings.bootstrapTerms,
      simulatedWallet: settings.walletKind === "simulated",
      devPay: outside.devPayer !== null,
      production: settings.production,
    },
  });
  owners.bootstrap = shown(bootstrap.owner, "node:paid");

  const ofJobs = jobTasks({ db, clock, enqueue, evaluation, work, textRetentionDays: settings.textRetentionDays });
  const tasks = {
    ...ofJobs,
    async "erase-old-texts"() {
      await ofJobs["erase-old-texts"]();
      await sessionSweeping.eraseOldTexts();
      await workshop.eraseOldLines();
    },
    ...bootstrapTasks({ ...ofNodes, provision: bootstrapProvision(ofNodes), removal: bootstrapRemoval(ofNodes) }),
    ...payoutTasks({ db, clock, enqueue, payouts }),
    ...identityTasks(identity),
    ...booksTasks({
      db,
      books,
      enqueue,
      clock,
      alarm: () => outside.alarm("the books fail their proof: see npm run books"),
    }),
    ...invoices.tasks,
    ...devPay.tasks,
  };

  const operator = operatorService({
    db,
    wallet,
    behindWallet: outside.behindWallet,
    clock,
    oracle: outside.oracle,
    books,
    payouts,
    pool,
    async queue() {
      const { queue_ready, queue_running, queue_later, queue_age_seconds } = await readSharedState(db);
      return { ready: queue_ready, running: queue_running, later: queue_later, oldestReadySeconds: queue_age_seconds };
    },
    async modelCalls() {
      const calls = (await readCounts(db)).filter(({ name }) => name === "model_calls");
      return calls.map(({ labels: { purpose = "", outcome = "" }, value }) => ({ purpose, outcome, count: value }));
    },
    settings: {
      payoutsOff: settings.payouts === "off",
      payoutMaxSatsPerHour: settings.payoutMaxSatsPerHour,
      walletCallsPerMinute: settings.walletCallsPerMinute,
      publicUrlSet: settings.publicUrl !== null,
      agentKind: settings.agentKind,
      warnings: settings.warnings,
    },
  });

  return {
    invoices,
    operator,
    payouts,
    books,
    pricing,
    demo,
    trust,
    pool,
    poolReport: poolReportService({ db, creditPct: settings.poolCreditPct }),
    identity,
    jobs,
    sessions,
    bootstrap,
    asks,
    requests,
    sessionSweep: sessionSweeping,
    workshop,
    devPay,
    tasks,
  };
}
export type Services = ReturnType<typeof createServices>;
