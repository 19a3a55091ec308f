import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { type Sats, sats, toMsat } from "~/core/money";
import { ok } from "~/core/result";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import type { CreatedJob } from "~/modules/jobs/job-schema";
import { type MovableClock, movableClock } from "./movable-clock";
import { type OutsideInvoiceOptions, outsideInvoice } from "./outside-node";
import { type ScriptedAgent, scriptedAgent } from "./scripted-agent";
import { type TroubledWallet, troubledWallet } from "./troubled-wallet";
import { unwrap } from "./unwrap";
import { TEST_SECRET, type Workshop, workshop } from "./workshop";

export type TroubledWorkshop = Workshop & {
  wallet: TroubledWallet;
  agent: ScriptedAgent;
  clock: MovableClock;
  /** Somebody else's invoice, fresh by this workshop's clock. */
  outsideInvoice(
    amountSats: number | bigint,
    options?: Partial<OutsideInvoiceOptions>,
  ): ReturnType<typeof outsideInvoice>;
  /** The next Lightning addresses that are asked answer with these invoices. */
  addressAnswers(...paymentRequests: string[]): void;
  order(request?: string, pubkey?: string | null): Promise<CreatedJob>;
  /** Pays outside, and tells us. */
  pay(paymentHash: string): Promise<void>;
  /** A cancelled job whose payer paid all the same: its eval fee is owed. */
  owedJob(): Promise<CreatedJob>;
};

/** The whole business with a wallet, an agent, addresses and a clock that a test has in its hands. */
export async function troubledWorkshop(
  options: {
    settings?: Record<string, string>;
    databaseUrl?: string;
    openingSats?: Sats;
    /** As before the first start. */
    books?: "unopened";
  } = {},
): Promise<TroubledWorkshop> {
  const clock = movableClock();
  const agent = scriptedAgent();
  const addresses: string[] = [];
  let wallet: TroubledWallet | undefined;
  const shop = await workshop({
    ...options,
    outside: ({ db }) => {
      const inner = simulatedWallet({
        store: simulatedWalletStore(db),
        clock,
        decodeInvoice,
        secret: TEST_SECRET,
        openingSats: options.openingSats ?? sats(100_000n),
      });
      wallet = troubledWallet(inner);
      return {
        wallet,
        devPayer: inner.devPayer,
        agent,
        clock,
        resolveAddress: async () => ok({ paymentRequest: addresses.shift() ?? "" }),
      };
    },
  });
  if (!wallet) throw new Error("the workshop was made without its wallet");
  const { jobs, invoices, books } = shop.services;
  if (options.books !== "unopened") await books.openIfNew();

  const order = async (request = "a haiku", pubkey: string | null = null) =>
    unwrap(await jobs.create({ request, clientKey: "me", pubkey }));
  async function pay(paymentHash: string): Promise<void> {
    await shop.payOutside(paymentHash);
    unwrap(await invoices.lookUp(paymentHash));
  }
  return {
    ...shop,
    wallet,
    agent,
    clock,
    order,
    pay,
    outsideInvoice: (amountSats, more = {}) =>
      outsideInvoice({ amountMsat: toMsat(sats(amountSats)), createdAt: clock.now(), ...more }),
    addressAnswers: (...paymentRequests) => void addresses.push(...paymentRequests),
    async owedJob() {
      const created = await order();
      unwrap(await jobs.cancel(created.jobId, created.refundToken));
      await pay(created.evalInvoice.paymentHash);
      return created;
    },
  };
}
