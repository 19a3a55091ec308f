import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { createCannedAgent } from "~/adapters/canned-agent/canned-agent";
import { simulatedProvider } from "~/adapters/simulated-provider/simulated-provider";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { ok } from "~/core/result";
import { type Database, openDatabase } from "~/db/client";
import { processRunner } from "~/db/liveness";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import { wakeUps } from "~/db/wake-ups";
import { bootstrapFeed } from "~/modules/bootstrap/bootstrap-feed";
import { jobFeed } from "~/modules/jobs/job-feed";
import { sessionFeed } from "~/modules/sessions/session-feed";
import { systemClock } from "~/ports/clock";
import { type Settings, settingsFrom } from "~/server/env";
import { createServices, type Outside, type Services } from "~/server/services";
import { runQueueOnce } from "./queue";
import { testKeyPair } from "./test-key-pair";

export const TEST_SECRET = "a secret for tests, which is long enough";

export type Workshop = {
  services: Services;
  db: Database;
  settings: Settings;
  outside: Outside;
  /** Runs the background queue until nothing in it is due. */
  work(): Promise<void>;
  /** Pays an invoice of ours as a visitor would: the wallet knows, nobody has told us. */
  payOutside(paymentHash: string): Promise<void>;
  close(): Promise<void>;
};

/** The whole business on a fresh database, with the simulated wallet and the canned agent unless told otherwise. */
export async function workshop(
  replace: {
    outside?: (usual: Outside) => Partial<Outside>;
    settings?: Record<string, string>;
    databaseUrl?: string;
  } = {},
): Promise<Workshop> {
  // Only where vitest runs is there a database to copy: a process beside it is told which to use.
  const own = replace.databaseUrl ? null : await (await import("./database")).testDatabase();
  const db = openDatabase(replace.databaseUrl ?? own?.url ?? "", { poolSize: 10 });
  const settings = await settingsFrom({
    TIMMY_TOKEN_SECRET: TEST_SECRET,
    MAX_OPEN_ORDERS: "100000",
    ...replace.settings,
  });
  const wallet = simulatedWallet({
    store: simulatedWalletStore(db),
    clock: systemClock,
    decodeInvoice,
    secret: TEST_SECRET,
  });
  const usual: Outside = {
    db,
    wallet,
    devPayer: wallet.devPayer,
    behindWallet: async () => ({ mayPay: true, node: null }),
    agent: createCannedAgent({ paceMs: 0, slowMs: 500 }),
    understudy: createCannedAgent({ paceMs: 0, slowMs: 500 }),
    oracle: { btcUsd: async () => ({ usd: 100_000, source: "fallback", asOf: new Date() }) },
    clock: systemClock,
    decode: decodeInvoice,
    resolveAddress: async () => ok({ paymentRequest: "" }),
    feed: jobFeed(db, wakeUps(db.url, "job")),
    bootstrapFeed: bootstrapFeed(db, wakeUps(db.url, "bootstrap")),
    // What is not announced, nobody finds out.
    sessionFeed: sessionFeed(db, wakeUps(db.url, "session"), 3_600_000),
    nodes: simulatedProvider({ pauseMs: 0 }),
    makeKeyPair: testKeyPair,
    settlements: () => null,
    alarm: () => undefined,
    onError: () => undefined,
    runner: processRunner(db.url),
    tally: { add: () => undefined },
  };
  const outside = { ...usual, ...replace.outside?.(usual) };
  const services = createServices(outside, settings);
  return {
    services,
    db,
    settings,
    outside,
    work: () => runQueueOnce(db, services.tasks),
    async payOutside(paymentHash) {
      const invoice = await services.invoices.find(paymentHash);
      if (!invoice) throw new Error("no such invoice");
      const paid = await wallet.devPayer.pay(invoice);
      if (!paid.ok) throw new Error(`could not pay: ${paid.error.code}`);
    },
    async close() {
      await services.requests.drain(0);
      await services.workshop.close();
      await outside.runner.stop();
      await outside.feed.close();
      await outside.bootstrapFeed.close();
      await outside.sessionFeed.close();
      await db.close();
      await own?.drop();
    },
  };
}
